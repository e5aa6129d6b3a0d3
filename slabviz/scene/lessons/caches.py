"""The table of all caches: sizes, orders, objects, waste, and one slab of each drawn to scale (syllabus E2)."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.commands import Command, ShowCache, TurnPage
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CODE, LABEL, MARK, PANEL, VALUE
from slabviz.scene.lessons.frame import PAD
from slabviz.scene.lessons.paging import Pages, page_buttons, pages_of
from slabviz.scene.lessons.sizes import Sizes, sizes_of
from slabviz.scene.lessons.slab_bar import draw_slab_bar
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.button import Pointing, pointing

_ROW, _TALL, _HIGHEST = 28, 52, 64
"""Height of a row; from the second on there is a line of arithmetic under the bar; more than the third is no use."""
_HEAD = 40
_COLUMNS = 24
"""Height of the row of headings."""
_FOOT = 26
_NUMBERS = ("course", "object_size", "size", "order", "objects", "waste", "slabs", "held")
_WIDTHS = {
    "course": 64, "object_size": 88, "size": 76, "order": 84, "objects": 64, "waste": 124, "slabs": 56, "held": 92,
}  # fmt: skip
_NAME = 168
_BAR, _TALL_BAR = 18, 22


def caches_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """One page of the table."""
    rows = sizes_of(sight.machine)
    room = (rect[3] - _HEAD - _COLUMNS - _FOOT) // _ROW
    on_stage = sight.cache.id
    place = next((number for number, row in enumerate(rows) if row.cache == on_stage), 0)
    page = place // max(room, 1) if sight.view.page is None else sight.view.page
    pages = pages_of(len(rows), room, page)
    shown = rows[pages.first : pages.behind]
    most = max((row.pages for row in rows), default=1)
    commands: list[Command] = [*(ShowCache(row.cache) for row in shown), *map(TurnPage, range(pages.count))]
    at = pointing(sight.view, frozenset(commands))
    inputs = (shown, (len(rows), most), on_stage, pages, at)

    def make(part: Part) -> None:
        desk.memo.block(part, ("caches",), rect, inputs,
                        lambda sketch: _draw(sketch, desk, rect, *inputs))  # fmt: skip

    return [desk.memo.part(("caches",), (rect, inputs), make)]


def _draw(
    sketch: Sketch, desk: Desk, rect: Rect, rows: Sequence[Sizes], whole: tuple[int, int], on_stage: int, pages: Pages,
    at: Pointing,
) -> None:  # fmt: skip
    """``whole``: how many caches there are, and the most pages of a slab of one of them."""
    x, y, w, h = rect
    count, most = whole
    sketch.box(rect, "s1", "line", radius=8)
    wide = sketch.text(x + PAD, y + _HEAD // 2, desk.tr("views.caches.title", count=count), PANEL, "t1")
    end = page_buttons(sketch, desk, x + w - PAD, y + _HEAD // 2, pages, at)
    note = x + PAD + wide + 12
    sketch.text(note, y + _HEAD // 2, desk.tr("views.caches.note"), LABEL, "t3", room=end - note)
    numbers = _shown(rows, desk)
    bar = x + PAD + _NAME + sum(_WIDTHS[name] for name in numbers) + 24
    _headings(sketch, desk, (x, y + _HEAD, w, _COLUMNS), numbers, bar)
    top = y + _HEAD + _COLUMNS
    tall = min((h - _HEAD - _COLUMNS - _FOOT) // max(len(rows), 1), _HIGHEST) if pages.count == 1 else _ROW
    unit = (x + w - PAD - bar) // most
    for number, row in enumerate(rows):
        place = (x + 1, top + number * tall, w - 2, tall)
        _row(sketch, desk, place, row, numbers, (number, row.cache == on_stage), at)
        _slab(sketch, desk, (bar, place[1], unit * row.pages, tall), row, x + w - PAD - bar)
    foot = y + h - _FOOT // 2
    sketch.line(((x + PAD, y + h - _FOOT), (x + w - PAD, y + h - _FOOT)), "line")
    sketch.text(x + PAD, foot, desk.tr("views.caches.foot"), LABEL, "t2", room=w - 2 * PAD)


def _shown(rows: Sequence[Sizes], desk: Desk) -> list[str]:
    """The columns: without the textbooks' sizes where they name none of the caches."""
    course = any(row.course for row in rows)
    dropped = {"held", "object_size"} if desk.compact and course else set()
    return [name for name in _NUMBERS if name not in dropped and (course or name != "course")]


def _headings(sketch: Sketch, desk: Desk, rect: Rect, numbers: Sequence[str], bar: int) -> None:
    x, y, w, h = rect
    middle = y + h // 2
    sketch.text(x + PAD + 4, middle, desk.tr("views.caches.column.name"), LABEL, "t3")
    right = x + PAD + _NAME
    for name in numbers:
        right += _WIDTHS[name]
        sketch.text(right, middle, desk.tr(f"views.caches.column.{name}"), LABEL, "t3", "r", room=_WIDTHS[name] - 6)
    sketch.text(bar, middle, desk.tr("views.caches.column.slab"), LABEL, "t3", room=x + w - PAD - bar)
    sketch.line(((x + PAD, y + h - 1), (x + w - PAD, y + h - 1)), "line")


def _row(
    sketch: Sketch, desk: Desk, rect: Rect, row: Sizes, numbers: Sequence[str], place: tuple[int, bool],
    at: Pointing,
) -> None:  # fmt: skip
    x, y, w, h = rect
    middle = y + h // 2
    number, on_stage = place
    command = ShowCache(row.cache)
    if number % 2 or on_stage:
        sketch.box((x + 6, y, w - 12, h), "cacheF" if on_stage else "s2*50+s1", radius=4)
    if on_stage:
        sketch.box((x + 6, y, 4, h), "cache", radius=1)
    if command in (at.hover, at.pressed, at.focus):
        looks = ("focus", 2) if command == at.focus else ("t2", 1)
        sketch.box((x + 6, y + 1, w - 12, h - 2), None, looks[0], width=looks[1], radius=4)
    sketch.text(x + PAD + 4, middle, row.name, CODE, "cache" if on_stage else "t1", room=_NAME - 8)
    right = x + PAD + _NAME
    for name in numbers:
        right += _WIDTHS[name]
        sketch.text(right, middle, _value(desk, row, name), VALUE if name != "course" else MARK,
                    "t3" if name == "course" else "t1", "r", room=_WIDTHS[name] - 6)  # fmt: skip
    sketch.button(rect, command, f"{row.name}\n{_sum(desk, row)}")


def _slab(sketch: Sketch, desk: Desk, rect: Rect, row: Sizes, room: int) -> None:
    """The bar, and where the row is high enough what it adds up to."""
    x, y, w, h = rect
    if h < _TALL:
        draw_slab_bar(sketch, (x, y + (h - _BAR) // 2, w, _BAR), row)
        return
    draw_slab_bar(sketch, (x, y + 7, w, _TALL_BAR), row)
    sketch.text(x, y + 7 + _TALL_BAR + 13, _sum(desk, row), LABEL, "t2", room=room)


def _sum(desk: Desk, row: Sizes) -> str:
    used = row.objects * row.size
    return desk.tr("views.caches.sum", objects=row.objects, size=row.size, used=grouped(used),
                   bytes=grouped(row.bytes), waste=grouped(row.waste))  # fmt: skip


def _value(desk: Desk, row: Sizes, name: str) -> str:
    values = {
        "course": str(row.course) if row.course else "–",
        "object_size": grouped(row.object_size),
        "size": grouped(row.size),
        "order": f"{row.order} = {row.bytes // 1024}K",
        "objects": str(row.objects),
        "waste": f"{grouped(row.waste)} · {row.share:.1%}",
        "slabs": str(row.slabs),
        "held": f"{grouped(row.held)}/{grouped(row.total_objects)}",
    }
    return values[name]
