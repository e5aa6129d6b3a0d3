"""Under the slot of the Object level: each part in one row with what it is for, and the neighbours to scale."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.inspect.state import SlabState, SlotState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG
from slabviz.scene.screens.inspector.frame import Frame
from slabviz.scene.screens.inspector.head import heading
from slabviz.scene.screens.inspector.paint import draw_part, ink_of
from slabviz.scene.state import Cell, CellState

_HEAD = 24
_STRIP = 76
_LEAST = 3
_LOWEST = 18
"""Height of a row at least."""


def parts_part(desk: Desk, at: Frame, slab: SlabState, slot: SlotState) -> Part:
    """Rows of parts, and below them the slot between its neighbours."""
    inputs = (slot, slab.cells[slot.index], slab.objects, slab.size, slab.cells)

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "parts"), at.rest, inputs, lambda sketch: _draw(sketch, desk, at, slab, slot), "s1"
        )

    return desk.memo.part(("inspect", "parts"), (at, inputs), make)


def _draw(sketch: Sketch, desk: Desk, at: Frame, slab: SlabState, slot: SlotState) -> None:
    x, y, w, h = at.rest
    _neighbours(sketch, desk, (x, y, w, _STRIP), slab, slot)
    top = y + _STRIP + 8
    row_high = min(max((y + h - top - _HEAD) // len(slot.parts), _LOWEST), at.row)
    room = max((y + h - top - _HEAD) // row_high, 0)
    columns = (x + 14, x + 14 + w * 20 // 100, x + 14 + w * 32 // 100, x + 14 + w * 44 // 100)
    for left, name in zip(columns, ("part", "offset", "length", "purpose"), strict=True):
        sketch.text(left, top + _HEAD // 2, desk.tr(f"inspect.parts.{name}"), LABEL, "t3")
    cell = slab.cells[slot.index]
    for number, part in enumerate(slot.parts[:room]):
        row = (x, top + _HEAD + number * row_high, w, row_high)
        middle = row[1] + row_high // 2
        if number % 2 == 0:
            sketch.box(row, "s2")
        sketch.box((x, row[1] + 1, 4, row_high - 2), ink_of(part.region, cell).stroke)
        sketch.text(columns[0], middle, part.name, LABEL_STRONG, "t1", room=columns[1] - columns[0] - 8)
        span = f"{part.start:+d} … {part.start + part.length - 1:+d}".replace("-", "−")
        sketch.text(columns[1], middle, span, MARK, "t2", room=columns[2] - columns[1] - 8)
        sketch.text(columns[2], middle, f"{part.length} B", MARK_STRONG, "t1", room=columns[3] - columns[2] - 8)
        about = desk.tr(f"inspect.about.{part.region.value}")
        sketch.text(columns[3], middle, about, LABEL, "t2", room=x + w - 8 - columns[3])


def _neighbours(sketch: Sketch, desk: Desk, rect: Rect, slab: SlabState, slot: SlotState) -> None:
    """Up to three slots side by side at one scale: where one object ends the next slot begins."""
    x, y, w, h = rect
    heading(sketch, x, y + 10, desk.tr("inspect.parts.scale"), desk.tr("inspect.parts.scale_note", size=slab.size), w)
    first = min(max(slot.index - 1, 0), max(slab.objects - 3, 0))
    shown = range(first, min(first + 3, slab.objects))
    wide = w // len(shown)
    low = slot.parts[0].start
    for number, index in enumerate(shown):
        left = x + number * wide
        strip = (left, y + 42, wide - 4, h - 44)
        name, here = desk.tr("inspect.object", index=index), index == slot.index
        sketch.text(left, y + 30, name, LABEL_STRONG if here else LABEL, "t1" if here else "t2")
        end = f"+{index * slab.size}"
        sketch.text(left + wide - 8, y + 30, desk.tr("inspect.parts.at", offset=end), MARK, "t3", "r")
        if not here:
            _plain(sketch, strip, slab.cells[index])
            continue
        end_x = left
        for part in slot.parts:  # one that is too short to be seen takes its width from the next
            start = max(left + (wide - 4) * (part.start - low) // slab.size, end_x)
            stop = left + (wide - 4) * (part.start + part.length - low) // slab.size
            place = (start, strip[1], max(stop - start - 1, _LEAST), strip[3])
            end_x = start + place[2] + 1
            draw_part(sketch, place, part.region, slab.cells[index], hot=part.hot)
            sketch.tip(place, f"{part.name} · {part.note}")


def _plain(sketch: Sketch, rect: Rect, cell: Cell) -> None:
    """A neighbour: only whose it is."""
    free, owner = cell.state is CellState.FREE, f"owner{cell.colour}"
    sketch.box(rect, "freeF" if free else f"{owner}*45+s1", "free" if free else f"edge{cell.colour}", radius=3)
    x, y, w, h = rect
    if cell.mark and not free:
        sketch.text(x + w // 2, y + h // 2, cell.mark, MARK_STRONG, "t1", "m", room=w - 6)
