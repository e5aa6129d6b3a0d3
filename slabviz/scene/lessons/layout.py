"""A textbook's page beside the slab that SLUB really makes, to one scale, with the chain of free objects (A4)."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG, STRONG
from slabviz.scene.lessons.chain import draw_chain
from slabviz.scene.lessons.frame import GAP, PAD, TITLE, card
from slabviz.scene.lessons.page_layout import HEADER, POINTER, PageLayout, page_layout
from slabviz.scene.lessons.ribbon import Ribbon, axis, draw_cells_on, draw_plain
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.slab_card import slab_id

_AXIS = 20
_LINE = 24
_CHAIN = 62
_FOOT = 150
_META = 30
"""Height of the struct slab over its slab."""


def layout_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """Three rows: the textbook's page, SLUB's, and one object with the differences in words."""
    page = page_layout(sight)
    x, y, w, h = rect
    spare = h - _FOOT - 2 * GAP - 2 * TITLE - 2 * _AXIS - 2 * _LINE - _CHAIN - _META - 12
    high = min(max(spare // 2, 24), 120) & ~3
    above = (x, y, w, TITLE + high + _AXIS + _LINE + 4)
    below = (x, y + above[3] + GAP, w, TITLE + _META + high + _CHAIN + _AXIS + _LINE + 8)
    top = below[1] + below[3] + GAP
    half = (w * 55 // 100) & ~3
    one, words = (x, top, half, y + h - top), (x + half + GAP, top, w - half - GAP, y + h - top)

    def make(part: Part) -> None:
        block = desk.memo.block
        block(part, ("layout", "textbook"), above, page, lambda sketch: _textbook(sketch, desk, above, high, page))
        block(part, ("layout", "slub"), below, page, lambda sketch: _slub(sketch, desk, below, high, page))
        block(part, ("layout", "object"), one, page, lambda sketch: _object(sketch, desk, one, page))
        block(part, ("layout", "words"), words, page, lambda sketch: _words(sketch, desk, words, page))

    return [desk.memo.part(("layout",), (rect, page), make)]


def _textbook(sketch: Sketch, desk: Desk, rect: Rect, high: int, page: PageLayout) -> None:
    x, _, w, _ = rect
    top = card(sketch, rect, desk.tr("views.layout.textbook"), desk.tr("views.layout.textbook_note"))
    ribbon = Ribbon((x + PAD, top, w - 2 * PAD, high), page.bytes, page.size, HEADER, page.textbook_objects)
    draw_plain(sketch, ribbon)
    left, right = ribbon.x(0), max(ribbon.x(HEADER), ribbon.x(0) + 4)
    sketch.box((left, top, right - left, high), "cacheF", "cache")
    axis(sketch, ribbon, top + high)
    foot = top + high + _AXIS + _LINE // 2
    head = desk.tr("views.layout.header", bytes=HEADER)
    sketch.box((x + PAD, foot - 6, 12, 12), "cacheF", "cache")
    start = x + PAD + 20 + sketch.text(x + PAD + 20, foot, head, LABEL, "t2") + 24
    text = desk.tr("views.layout.textbook_sum" if page.textbook_objects else "views.layout.textbook_none",
                   bytes=grouped(page.bytes), header=HEADER, size=grouped(page.size), objects=page.textbook_objects,
                   last=page.textbook_objects - 1, waste=grouped(page.textbook_waste))  # fmt: skip
    sketch.text(start, foot, text, MARK_STRONG, "t1", room=x + w - PAD - start)


def _slub(sketch: Sketch, desk: Desk, rect: Rect, high: int, page: PageLayout) -> None:
    x, _, w, _ = rect
    name = "–" if page.slab is None else desk.tr("layout.slab", slab=slab_id(page.slab))
    top = card(sketch, rect, desk.tr("views.layout.slub", cache=page.cache), name)
    ribbon = Ribbon((x + PAD, top + _META + _AXIS, w - 2 * PAD, high), page.bytes, page.size, 0, page.objects)
    _meta(sketch, desk, (x, top, w, _META), ribbon, page)
    if page.cells:
        draw_cells_on(sketch, ribbon, page.cells)
    else:
        draw_plain(sketch, ribbon)
    under = top + _META + _AXIS + high
    axis(sketch, ribbon, under - high, above=True)
    draw_chain(sketch, desk, ribbon, (under, _CHAIN), page)
    text = desk.tr("views.layout.slub_sum", bytes=grouped(page.bytes), size=grouped(page.size), objects=page.objects,
                   waste=grouped(page.waste))  # fmt: skip
    foot = under + _CHAIN + _LINE // 2
    sketch.text(x + PAD, foot, text, MARK_STRONG, "t1", room=w - 2 * PAD)


def _meta(sketch: Sketch, desk: Desk, rect: Rect, ribbon: Ribbon, page: PageLayout) -> None:
    """The struct slab, which lies elsewhere, and its pointer to the slab."""
    x, y, w, _ = rect
    text = desk.tr("views.layout.struct_slab")
    wide = sketch.measure(text, MARK_STRONG) + 16
    place = (x + PAD + 28, y - 2, wide, 22)
    sketch.line(((place[0], y + 9), (ribbon.x(0) + 8, y + 9), (ribbon.x(0) + 8, ribbon.rect[1] - 1)), "cache",
                width=1.5, radius=5, arrow=True)  # fmt: skip
    sketch.box(place, "cacheF", "cache", radius=4)
    sketch.text(place[0] + 8, y + 9, text, MARK_STRONG, "t1")
    left = place[0] + wide + 12
    sketch.text(left, y + 9, desk.tr("views.layout.elsewhere"), LABEL, "t2", room=x + w - PAD - left)


def _object(sketch: Sketch, desk: Desk, rect: Rect, page: PageLayout) -> None:
    """One slot, not to scale: what is the user's, where the free pointer lies, what is added."""
    x, y, w, h = rect
    chain = page.cpu_chain or page.chain
    title = desk.tr("views.layout.free_object", index=chain[0]) if chain else desk.tr("views.layout.any_object")
    top = card(sketch, rect, title, desk.tr("views.layout.no_scale"))
    high = min(44, h - (top - y) - 46)
    fields = _fields(page)
    total = sum(weight for *_, weight in fields)
    left = x + PAD
    for number, (name, start, size, look, weight) in enumerate(fields):
        end = x + w - PAD if number == len(fields) - 1 else left + (w - 2 * PAD) * weight // total
        _field(sketch, desk, (left, top, end - left - 2, high), name, size, look)
        sketch.text(left, top + high + 10, _signed(start), MARK, "t3", room=end - left - 4)
        left = end
    if len(chain) > 1:
        inside = page.offset < page.object_size
        key = "views.layout.points" if inside else "views.layout.behind"
        note = desk.tr(key, index=chain[0], next=chain[1], start=grouped(page.offset),
                       end=grouped(page.offset + POINTER - 1))  # fmt: skip
    else:
        note = desk.tr("views.layout.last", index=chain[0]) if chain else desk.tr("views.layout.all_used")
    sketch.text(x + PAD, top + high + 32, note, LABEL, "t1", room=w - 2 * PAD)


def _signed(offset: int) -> str:
    return f"+{grouped(offset)}" if offset >= 0 else f"−{grouped(-offset)}"


def _fields(page: PageLayout) -> list[tuple[str, int, int, str, int]]:
    """Name, begin, size, looks and weight of the parts of a slot; offsets count from the object's start."""
    found: list[tuple[str, int, int, str, int]] = []
    if page.red_left_pad:
        found.append(("red", -page.red_left_pad, page.red_left_pad, "red", 3))
    end, inside = page.size - page.red_left_pad, page.offset < page.object_size
    user = page.object_size
    if inside:
        if page.offset:
            found.append(("user", 0, page.offset, "user", 5))
        found.append(("pointer", page.offset, POINTER, "pointer", 4))
        rest = user - page.offset - POINTER
        if rest > 0:
            found.append(("user", page.offset + POINTER, rest, "user", 5))
    else:
        found.append(("user", 0, user, "user", 8))
        if page.offset > user:
            red = bool(page.red_left_pad)
            found.append(("red" if red else "between", user, page.offset - user, "red" if red else "pad", 3))
        found.append(("pointer", page.offset, POINTER, "pointer", 4))
        user = page.offset + POINTER
    if end > max(user, page.offset + POINTER if inside else 0):
        start = max(user, page.offset + POINTER)
        found.append(("tracks" if page.tracked else "pad", start, end - start, "pad", 3))
    return found


def _field(sketch: Sketch, desk: Desk, rect: Rect, name: str, size: int, look: str) -> None:
    looks: dict[str, tuple[Colour, Colour]] = {
        "user": ("freeF", "free"), "pointer": ("cacheF", "cache"), "pad": ("s2", "line2"), "red": ("errF", "err"),
    }  # fmt: skip
    fill, stroke = looks[look]
    x, y, w, h = rect
    sketch.box(rect, fill, stroke, radius=4, dash=(3, 2) if look == "pad" else None)
    sketch.text(x + w // 2, y + h // 2 - 8, desk.tr(f"views.layout.field.{name}"), LABEL_STRONG, "t1", "m", room=w - 6)
    sketch.text(x + w // 2, y + h // 2 + 9, f"{grouped(size)} B", MARK, "t2", "m", room=w - 6)


def _words(sketch: Sketch, desk: Desk, rect: Rect, page: PageLayout) -> None:
    """The differences, line by line: what, the textbook's, SLUB's."""
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    columns = (x + PAD, x + w * 30 // 100, x + w * 64 // 100)
    middle = y + 18
    for left, word in zip(columns[1:], ("textbook_short", "slub_short"), strict=True):
        sketch.text(left, middle, desk.tr(f"views.layout.{word}"), STRONG, "t1", room=w * 30 // 100)
    rows = (
        ("objects", str(page.textbook_objects), str(page.objects)),
        ("left", f"{grouped(page.textbook_waste)} B", f"{grouped(page.waste)} B"),
        ("where", desk.tr("views.layout.in_page"), desk.tr("views.layout.in_array")),
        ("chain", desk.tr("views.layout.in_header"), desk.tr("views.layout.in_objects")),
    )
    pitch = min((h - 36) // len(rows), 26)
    for number, (name, textbook, slub) in enumerate(rows):
        line = y + 32 + number * pitch + pitch // 2
        sketch.line(((x + PAD, line - pitch // 2), (x + w - PAD, line - pitch // 2)), "line")
        label = desk.tr(f"views.layout.row.{name}")
        sketch.text(columns[0], line, label, LABEL, "t3", room=columns[1] - columns[0] - 6)
        sketch.text(columns[1], line, textbook, LABEL, "t2", room=columns[2] - columns[1] - 6)
        sketch.text(columns[2], line, slub, LABEL, "t1", room=x + w - PAD - columns[2])

