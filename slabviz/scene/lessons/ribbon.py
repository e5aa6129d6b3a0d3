"""A run of bytes as a ribbon, to scale: objects, page borders, what is left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from slabviz.model.sizing import PAGE_SIZE
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG
from slabviz.scene.lessons.slab_bar import hatch
from slabviz.scene.state import Cell, CellState

_LEAST = 5
"""Objects narrower than this have no outline: runs of equal ones are one field."""
_APART = 12
"""Numbers on the axis stand so far from each other at least."""


@dataclass(slots=True, frozen=True)
class Ribbon:
    """``objects`` of ``size`` bytes from byte ``first`` on, in ``bytes`` bytes."""

    rect: Rect
    bytes: int
    size: int
    first: int
    objects: int

    def x(self, byte: int) -> int:
        """Where a byte stands."""
        return self.rect[0] + self.rect[2] * byte // self.bytes

    @property
    def end(self) -> int:
        """The byte behind the last object."""
        return self.first + self.objects * self.size

    @property
    def pitch(self) -> int:
        """Width of an object."""
        return self.rect[2] * self.size // self.bytes

    def place(self, index: int) -> Rect:
        """The place of an object."""
        left, right = self.x(self.first + index * self.size), self.x(self.first + (index + 1) * self.size)
        gap = 2 if self.pitch >= 10 else 1 if self.pitch >= _LEAST else 0
        return left, self.rect[1], max(right - left - gap, 1), self.rect[3]


def draw_plain(sketch: Sketch, ribbon: Ribbon) -> None:
    """Objects without a state, with their numbers where these fit."""
    _rest(sketch, ribbon)
    if ribbon.pitch < _LEAST:
        left = ribbon.x(ribbon.first)
        sketch.box((left, ribbon.rect[1], ribbon.x(ribbon.end) - left, ribbon.rect[3]), "slabF", "slab", radius=2)
        return
    for index in range(ribbon.objects):
        place = ribbon.place(index)
        sketch.box(place, "slabF", "slab", radius=2)
        _number(sketch, place, str(index), "t2")


def draw_cells_on(sketch: Sketch, ribbon: Ribbon, cells: Sequence[Cell]) -> None:
    """Objects as on the stage: solid ones are held, hollow ones free, dashed ones on their way."""
    _rest(sketch, ribbon)
    if ribbon.pitch < _LEAST:
        _runs(sketch, ribbon, cells)
        return
    for cell in cells[: ribbon.objects]:
        place, edge = ribbon.place(cell.index), f"edge{cell.colour}"
        if cell.state is CellState.USED:
            sketch.box(place, f"owner{cell.colour}", edge, radius=2)
            _number(sketch, place, cell.mark, "ink", strong=True)
        elif cell.state is CellState.FREE:
            sketch.box(place, "freeF", "free", radius=2)
            _number(sketch, place, str(cell.index), "free")
        else:
            sketch.box(place, None, edge if cell.state is CellState.LEFT else "free", radius=2, dash=(3, 2))
            _number(sketch, place, str(cell.index), "t3")


def _runs(sketch: Sketch, ribbon: Ribbon, cells: Sequence[Cell]) -> None:
    _, y, _, h = ribbon.rect
    for (state, colour), run in groupby(cells, key=lambda cell: (cell.state, cell.colour)):
        own = list(run)
        left, right = ribbon.x(own[0].index * ribbon.size), ribbon.x((own[-1].index + 1) * ribbon.size)
        fill: Colour = f"owner{colour}" if state is CellState.USED else "freeF"
        edge = f"edge{colour}" if state is CellState.USED and right - left > 2 else None
        sketch.box((left, y, max(right - left, 1), h), fill, edge)
    sketch.box((ribbon.x(0), y, ribbon.x(ribbon.end) - ribbon.x(0), h), None, "free")


def _rest(sketch: Sketch, ribbon: Ribbon) -> None:
    _, y, _, h = ribbon.rect
    left, right = ribbon.x(ribbon.end), ribbon.x(ribbon.bytes)
    if right - left >= 2:
        sketch.box((left, y, right - left, h), None, "line2", dash=(3, 2))
        hatch(sketch, (left, y, right - left, h))


def _number(sketch: Sketch, place: Rect, text: str, colour: Colour, *, strong: bool = False) -> None:
    x, y, w, h = place
    style = MARK_STRONG if strong else MARK
    if text and sketch.measure(text, style) + 3 <= w:
        sketch.text(x + w // 2, y + h // 2, text, style, colour, "m")


def axis(sketch: Sketch, ribbon: Ribbon, y: int, *, above: bool = False) -> None:
    """The offsets that matter: both ends, page borders, where the objects end; those without room are left out.

    Under the ribbon, or above it: then without the 0, where an arrow comes in.
    """
    side = -1 if above else 1
    offsets = [*([] if above else [0]), ribbon.bytes, ribbon.end, *range(PAGE_SIZE, ribbon.bytes, PAGE_SIZE)]
    taken: list[tuple[int, int]] = []
    for offset in dict.fromkeys(offsets):
        x, text = ribbon.x(offset), grouped(offset)
        wide = sketch.measure(text, MARK)
        anchor = "l" if offset == 0 else "r" if offset == ribbon.bytes else "m"
        left = x - {"l": 0, "m": wide // 2, "r": wide}[anchor]
        if all(left + wide + _APART <= start or end + _APART <= left for start, end in taken):
            taken.append((left, left + wide))
            sketch.line(((x, y + side), (x, y + 5 * side)), "t3")
            sketch.text(x, y + 13 * side, text, MARK, "t3", anchor)
