"""Under the ribbon of the Slab level: the chains of free objects, the textbook's layout, objects and structures."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Rows, Select
from slabviz.scene.display import Rect
from slabviz.scene.inspect.state import ObjectLine, SlabState, Struct
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG
from slabviz.scene.levels import Selected
from slabviz.scene.screens.inspector.frame import Frame
from slabviz.scene.screens.inspector.pages import draw_textbook, ribbon_of
from slabviz.scene.state import CellState

_CHIP, _LINK = 24, 14
_CHAIN = 32
_TEXTBOOK = 48
_HEAD = 24
_LIST = 52
"""Percent of the width that the list of objects takes."""
_GAP = 16


@dataclass(slots=True, frozen=True)
class Listed:
    """The lines of the list that are seen: from ``first`` on, of ``count``; ``last`` is the last that can be first."""

    lines: tuple[ObjectLine, ...]
    first: int
    last: int
    count: int


def list_room(at: Frame, slab: SlabState) -> int:
    """How many objects the list has room for."""
    return max((at.rest[3] - _above(slab) - _HEAD) // at.row, 1)


def _above(slab: SlabState) -> int:
    return _CHAIN * len(slab.chains) + _TEXTBOOK + 16


def contents_part(desk: Desk, at: Frame, slab: SlabState, index: int, shown: Listed) -> Part:
    """Everything under the ribbon; the list of objects turns with the wheel."""
    inputs = (slab, index, shown)

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "contents"), at.rest, inputs,
            lambda sketch: _draw(sketch, desk, at, slab, index, shown), "s1",
        )  # fmt: skip

    return desk.memo.part(("inspect", "contents"), (at, inputs), make)


def _draw(sketch: Sketch, desk: Desk, at: Frame, slab: SlabState, index: int, shown: Listed) -> None:
    x, y, w, h = at.rest
    top = y
    for name, chain in slab.chains:
        _chain(sketch, desk, (x, top, w, _CHAIN), name, chain)
        top += _CHAIN
    shape = ribbon_of(at.ribbon, slab.objects, slab.size, slab.waste)
    draw_textbook(sketch, desk, (x, top + 4, w, _TEXTBOOK), slab, shape)
    top += _TEXTBOOK + 16
    wide = w * _LIST // 100
    _objects(sketch, desk, at, (x, top, wide, y + h - top), index, shown, slab.slab)
    _structs(sketch, (x + wide + _GAP, top, w - wide - _GAP, y + h - top), slab.structs)


def _chain(sketch: Sketch, desk: Desk, rect: Rect, name: str, chain: tuple[int, ...]) -> None:
    """A freelist: its objects in the order in which they will be handed out."""
    x, y, w, _ = rect
    middle = y + _CHAIN // 2
    left = x + 136
    sketch.text(x, middle, name, LABEL_STRONG, "t1", room=128)
    if not chain:
        sketch.text(left, middle, desk.tr("inspect.chain.empty"), LABEL, "t3")
        return
    wide = max(_CHIP, sketch.measure(str(max(chain)), MARK) + 8)
    room = max((x + w - left - 60) // (wide + _LINK), 1)
    shown = chain if len(chain) <= room else chain[: room - 1]
    for index in shown:
        sketch.box((left, middle - _CHIP // 2, wide, _CHIP), "freeF", "free", radius=4)
        sketch.text(left + wide // 2, middle, str(index), MARK, "free", "m")
        sketch.line(((left + wide, middle), (left + wide + _LINK - 1, middle)), "free", arrow=True)
        left += wide + _LINK
    if len(shown) < len(chain):
        sketch.text(left, middle, f"+{len(chain) - len(shown)}", MARK, "t2")
    else:
        sketch.text(left, middle, "NULL", MARK, "t3")


def _objects(sketch: Sketch, desk: Desk, at: Frame, rect: Rect, index: int, shown: Listed, slab: int) -> None:
    """One row an object; the one on show is marked."""
    x, y, w, _ = rect
    sketch.button(rect, Rows(shown.first, shown.last))
    columns = tuple(x + w * share // 100 for share in (2, 12, 30, 54, 84))
    names = ("index", "state", "owner", "address", "next")
    for left, name in zip(columns, names, strict=True):
        sketch.text(left, y + _HEAD // 2, desk.tr(f"inspect.slab.col_{name}"), LABEL, "t3")
    for number, line in enumerate(shown.lines):
        row = (x, y + _HEAD + number * at.row, w - 8, at.row)
        middle = row[1] + at.row // 2
        here = line.cell.index == index
        if here or number % 2 == 0:
            sketch.box(row, "cacheF" if here else "s2", radius=3)
        sketch.text(columns[0], middle, str(line.cell.index), MARK_STRONG if here else MARK, "cache" if here else "t2")
        sketch.text(columns[1], middle, line.state, LABEL, "t1", room=columns[2] - columns[1] - 8)
        _owner(sketch, columns[2], middle, line, columns[3] - columns[2] - 8)
        sketch.text(columns[3], middle, line.address, MARK, "t2", room=columns[4] - columns[3] - 8)
        sketch.text(columns[4], middle, line.next, LABEL, "t2", room=row[0] + row[2] - columns[4] - 4)
        sketch.button(row, Select(Selected(slab, line.cell.index)))
    if shown.last:
        tall = len(shown.lines) * at.row
        bar = max(tall * len(shown.lines) // shown.count, 12)
        sketch.box((x + w - 5, y + _HEAD, 4, tall), "s2", radius=2)
        sketch.box((x + w - 5, y + _HEAD + (tall - bar) * shown.first // shown.last, 4, bar), "line2", radius=2)


def _owner(sketch: Sketch, x: int, middle: int, line: ObjectLine, room: int) -> None:
    """The owner's mark as on its objects, and the name."""
    cell = line.cell
    if not cell.mark or cell.state is CellState.FREE:
        return
    wide = max(20, sketch.measure(cell.mark, MARK_STRONG) + 6)
    if cell.state is CellState.USED:
        sketch.box((x, middle - 9, wide, 18), f"owner{cell.colour}", f"edge{cell.colour}", radius=3)
    else:
        sketch.box((x, middle - 9, wide, 18), None, f"edge{cell.colour}", radius=3, dash=(3, 2))
    sketch.text(x + wide // 2, middle, cell.mark, MARK_STRONG, "ink" if cell.state is CellState.USED else "t1", "m")
    sketch.text(x + wide + 6, middle, line.owner, LABEL, "t2", room=room - wide - 6)


def _structs(sketch: Sketch, rect: Rect, structs: tuple[Struct, ...]) -> None:
    """Cards below each other, as high as their fields; what has no room is left out from the last one."""
    x, y, w, h = rect
    line = max(min((h - 10 * len(structs)) // sum(len(each.fields) + 1 for each in structs), 22), 14)
    top = y
    for each in structs:
        tall = line * (len(each.fields) + 1) + 6
        if top + tall > y + h:
            return
        sketch.box((x, top, w, tall), "s2", None, radius=6)
        left = x + 10 + sketch.text(x + 10, top + line // 2 + 3, each.title, MARK_STRONG, "cache") + 10
        sketch.text(left, top + line // 2 + 3, each.note, LABEL, "t2", room=x + w - left - 8)
        for number, field in enumerate(each.fields):
            middle = top + 3 + line * (number + 1) + line // 2
            sketch.text(x + 10, middle, field.name, MARK, "t3", room=w * 30 // 100)
            value = x + w * 32 // 100
            room = w * 34 // 100 if field.note else w * 66 // 100
            wide = sketch.text(value, middle, field.value, MARK_STRONG, "t1", room=room)
            note = value + max(wide + 10, 0)
            sketch.text(note, middle, field.note, LABEL, "t2", room=max(x + w - 8 - note, 0))
        top += tall + 4
