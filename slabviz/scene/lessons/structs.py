"""The structures as cards with live fields, and the pointers from one to the next (syllabus A3).

Left the ``kmem_cache``; beside it a row for each CPU (its ``kmem_cache_cpu``, the slab it points to, what it parks),
and one for the node with its partial list. CPUs without room are counted, those of the lit path are always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from slabviz.scene.display import Colour, Point, Rect
from slabviz.scene.layout.cellgrid import Grid, grid
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK
from slabviz.scene.lessons.anatomy import Anatomy, CpuRow, Field, Struct, anatomy, marked
from slabviz.scene.lessons.frame import PAD, broken, paragraph
from slabviz.scene.lessons.struct_card import SMALL, card_head, draw_fields, draw_small, field_pitch, field_row
from slabviz.scene.sight import Sight
from slabviz.scene.state import SlabCard, StageState
from slabviz.scene.widgets.cells import draw_cells
from slabviz.scene.widgets.slab_card import slab_id

_ROW_GAP = 16
_LEAST = 82
"""Height of the lowest row."""
_HIGHEST = 132
_MORE = 24
"""Height of the line that counts CPUs without room."""
_SHARES = (24, 22, 24)
"""Percent of the width for kmem_cache, the parts, and the slabs they point to; the rest is for lists."""
_GAP = 40
_ROWS = 4
"""Rows of fields in a slab's and the node's card."""
_CELLS, _WITH_CELLS = 22, 108
"""Height of a slab's objects, and of the lowest row that has room for them."""

Cards: TypeAlias = dict[int, SlabCard]
"""Slabs by id, as the stage shows them."""


@dataclass(slots=True, frozen=True)
class _Columns:
    cache: Rect
    part: int
    slab: int
    rest: int
    wide: tuple[int, int, int]
    """Widths of parts, slabs and the rest."""


def structs_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """Cards and pointers; one block, since pointers run everywhere."""
    now = anatomy(sight.machine, sight.cache, desk.tr)
    first, behind = sight.run.log.span(sight.tick)
    if first != behind:
        before = sight.run.machine_before(sight.tick)
        now = marked(now, anatomy(before, before.caches[sight.cache.id], desk.tr))
    hot = tuple(lane.cpu for lane in sight.state.lanes if lane.hot)
    cards = _cards(sight.state)
    kernel, tick = sight.run.config.kernel, sight.tick

    def make(part: Part) -> None:
        inputs = (now, hot, cards, kernel, tick)
        desk.memo.block(part, ("structs",), rect, inputs,
                        lambda sketch: _draw(sketch, desk, rect, now, hot, cards, kernel, tick))  # fmt: skip

    return [desk.memo.part(("structs",), (rect, now, hot, cards, kernel, tick), make)]


def _cards(state: StageState) -> Cards:
    """The slabs that stand somewhere on the stage, with their owners' colours."""
    found = [*(lane.active for lane in state.lanes), *state.node.partial]
    return {card.slab: card for card in found if isinstance(card, SlabCard)}


def _draw(
    sketch: Sketch, desk: Desk, rect: Rect, now: Anatomy, hot: Sequence[int], cards: Cards, kernel: str, tick: int
) -> None:  # fmt: skip
    y, h = rect[1], rect[3]
    columns = _columns(rect)
    rows, foot = len(now.cpus) + 1, 0
    if (h + _ROW_GAP) // (_LEAST + _ROW_GAP) < rows:
        foot = _MORE
        rows = max((h - foot + _ROW_GAP) // (_LEAST + _ROW_GAP), 2)
    shown = _shown(now.cpus, hot, rows - 1)
    hidden = len(now.cpus) - len(shown)
    tall = min((h - foot + _ROW_GAP) // rows - _ROW_GAP, _HIGHEST)
    tops = [y + number * (tall + _ROW_GAP) for number in range(rows)]
    _trunk(sketch, columns, now.cache, tops[: len(shown)], tops[len(shown)], tall)
    _cache(sketch, desk, columns.cache, now.cache, kernel, tick)
    for row, top in zip(shown, tops, strict=False):
        _cpu(sketch, desk, columns, row, top, tall, row.cpu in hot, cards, now.debugged)
    _node(sketch, desk, columns, now, tops[len(shown)], tall, cards)
    if hidden:
        sketch.text(columns.part, tops[-1] + tall + 14, desk.tr("views.structs.more_cpus", count=hidden), LABEL, "t3")


def _columns(rect: Rect) -> _Columns:
    x, y, w, h = rect
    cache, part, slab = (w * share // 100 for share in _SHARES)
    first = x + cache + _GAP
    second = first + part + _GAP
    third = second + slab + _GAP
    return _Columns((x, y, cache, h), first, second, third, (part, slab, x + w - third))


def _shown(rows: Sequence[CpuRow], hot: Sequence[int], room: int) -> list[CpuRow]:
    """The CPUs that have a row: those of the lit path, then the first ones, in order."""
    chosen = sorted(rows, key=lambda row: (row.cpu not in hot, row.cpu))[:room]
    return sorted(chosen, key=lambda row: row.cpu)


def _cache(sketch: Sketch, desk: Desk, rect: Rect, struct: Struct, kernel: str, tick: int) -> None:
    x, y, w, h = rect
    top = card_head(sketch, rect, struct.kind, desk.tr("views.structs.cache_note"), "cacheF", "cache")
    pitch = field_pitch(h - 150, len(struct.fields))
    draw_fields(sketch, (x, top, w, 0), struct.fields, pitch)
    top += len(struct.fields) * pitch + 8
    sketch.line(((x + PAD, top), (x + w - PAD, top)), "line")
    words = ("live", "tid_note", "inuse_note", "full_note", "old_slab")
    notes = [desk.tr(f"views.structs.{word}", tick=grouped(tick), kernel=kernel) for word in words]
    top += 6
    for note in notes:
        if top + 16 * len(broken(sketch, note, w - 2 * PAD)) > y + h - 6:
            break
        room = (x + PAD, top, w - 2 * PAD, y + h - 6 - top)
        top = paragraph(sketch, room, note, "t2" if note is notes[0] else "t3", pitch=16) + 6


def _trunk(sketch: Sketch, columns: _Columns, cache: Struct, cpus: Sequence[int], node: int, tall: int) -> None:
    """From cpu_slab to every CPU's part, from node[0] to the node's."""
    x, y, w, h = columns.cache
    pitch = field_pitch(h - 150, len(cache.fields))
    start = x + w
    for name, tops, lane in (("cpu_slab", cpus, 14), ("node[0]", [node], 24)):
        at = field_row(y, pitch, [field.name for field in cache.fields].index(name))
        for top in tops:
            aim = top + 11
            _pointer(sketch, ((start, at), (start + lane, at), (start + lane, aim), (columns.part, aim)), "cache")


def _pointer(sketch: Sketch, points: tuple[Point, ...], colour: Colour, *, dashed: bool = False) -> None:
    sketch.line(points, colour, width=1.5, radius=6, arrow=True, dash=(4, 3) if dashed else None)


def _cpu(
    sketch: Sketch, desk: Desk, columns: _Columns, row: CpuRow, top: int, tall: int, is_hot: bool, cards: Cards,
    debugged: bool,
) -> None:  # fmt: skip
    part, slab, _ = columns.wide
    place = (columns.part, top, part, tall)
    inner = card_head(sketch, place, row.part.kind, desk.tr("views.structs.cpu", cpu=row.cpu), "procF", "proc",
                      strong=is_hot)  # fmt: skip
    pitch = field_pitch(top + tall - inner - 4, len(row.part.fields))
    draw_fields(sketch, (columns.part, inner, part, 0), row.part.fields, pitch)
    names = [field.name for field in row.part.fields]
    at = field_row(top, pitch, names.index("slab"))
    target = (columns.slab, top, slab, tall)
    if row.slab is None:
        _nothing(sketch, target, desk.tr("views.structs.debugged" if debugged else "views.structs.no_slab"))
    else:
        _slab(sketch, desk, target, row.slab, cards)
        _pointer(sketch, ((columns.part + part, at), (columns.slab, at)), "slab")
    if row.parked:
        at = field_row(top, pitch, names.index("partial"))
        low = top + tall + _ROW_GAP // 2 - 1
        middle = top + tall // 2
        start, end = columns.part + part, columns.rest
        down = ((start, at), (start + 14, at), (start + 14, low), (end - 14, low), (end - 14, middle), (end, middle))
        _pointer(sketch, down, "part")
        _list(sketch, desk, columns, row.parked, top, tall)


def _node(
    sketch: Sketch, desk: Desk, columns: _Columns, now: Anatomy, top: int, tall: int, cards: Cards
) -> None:  # fmt: skip
    part, slab, _ = columns.wide
    inner = card_head(sketch, (columns.part, top, part, tall), now.node.kind, desk.tr("path.node"), "partF", "part")
    pitch = field_pitch(top + tall - inner - 4, _ROWS)
    _paired(sketch, (columns.part, inner, part, 0), now.node.fields, pitch)
    target = (columns.slab, top, slab, tall)
    if not now.partial:
        _nothing(sketch, target, desk.tr("views.structs.no_partial"))
        return
    at = field_row(top, pitch, 1)
    _pointer(sketch, ((columns.part + part, at), (columns.slab, at)), "part")
    _slab(sketch, desk, target, now.partial[0], cards)
    if len(now.partial) > 1:
        middle = top + tall // 2
        _pointer(sketch, ((columns.slab + slab, middle), (columns.rest, middle)), "part")
        _list(sketch, desk, columns, now.partial[1:], top, tall)


def _slab(sketch: Sketch, desk: Desk, rect: Rect, struct: Struct, cards: Cards) -> None:
    """A slab in full: its fields, and its objects where there is room."""
    card = cards.get(struct.slab or 0)
    x, y, w, h = rect
    name = desk.tr("layout.slab", slab=slab_id(struct.slab or 0))
    inner = card_head(sketch, rect, "struct slab", name, "slabF", "slab")
    cells = _cells_of(card, (x + PAD, y + h - _CELLS - 6, w - 2 * PAD, _CELLS)) if h >= _WITH_CELLS else None
    pitch = field_pitch(y + h - inner - 4 - (_CELLS + 4 if cells else 0), _ROWS)
    _paired(sketch, (x, inner, w, 0), struct.fields, pitch)
    if card is not None and cells is not None:
        draw_cells(sketch, cells, card.cells)


def _paired(sketch: Sketch, rect: Rect, fields: Sequence[Field], pitch: int) -> None:
    """Two rows of one field, then rows of two."""
    x, y, w, h = rect
    half, low = w * 58 // 100, y + 2 * pitch
    draw_fields(sketch, (x, y, w, h), fields[:2], pitch)
    draw_fields(sketch, (x, low, half, h), fields[2::2], pitch)
    draw_fields(sketch, (x + half, low, w - half, h), fields[3::2], pitch)


def _cells_of(card: SlabCard | None, area: Rect) -> Grid | None:
    return None if card is None else grid(area, card.objects)


def _nothing(sketch: Sketch, rect: Rect, text: str) -> None:
    x, y, w, h = rect
    sketch.box(rect, None, "line2", radius=6, dash=(4, 4))
    lines = -(-sketch.measure(text, LABEL) // (w - 2 * PAD))
    paragraph(sketch, (x + PAD, y + h // 2 - 9 * min(lines, 3), w - 2 * PAD, 54), text)


def _list(sketch: Sketch, desk: Desk, columns: _Columns, slabs: Sequence[Struct], top: int, tall: int) -> None:
    """Small cards one after another, each pointing to the next; "+N" where there are more."""
    gap = 18
    room = max((columns.wide[2] - 30 + gap) // (SMALL + gap), 1)
    fits = len(slabs) <= room
    shown = slabs if fits else slabs[:room]
    left, middle = columns.rest, top + tall // 2
    for number, struct in enumerate(shown):
        if number:
            _pointer(sketch, ((left - gap, middle), (left, middle)), "part")
        draw_small(sketch, (left, top, SMALL, tall), struct)
        left += SMALL + gap
    if not fits:
        sketch.text(left - gap + 6, middle, f"+{len(slabs) - room}", MARK, "t2")

