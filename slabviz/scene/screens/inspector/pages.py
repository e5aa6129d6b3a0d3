"""The page ribbon: the slab's pages cut into slots, with the objects' indexes over it and the waste at its end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from slabviz.scene.commands import Pick
from slabviz.scene.display import Rect
from slabviz.scene.inspect.one_slab import PAGE_HEADER
from slabviz.scene.inspect.state import SlabState
from slabviz.scene.layout.cellgrid import Grid
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.screens.inspector.frame import RULER, Frame
from slabviz.scene.screens.inspector.head import heading
from slabviz.scene.widgets.cells import draw_cells

_LEAST = 14
"""A segment narrower than this goes to a further row, as long as rows have room."""
_LOWEST = 10
_RING = 3
_NARROWEST, _NUMBERED = 4, 22
"""Pitches of the textbook's objects that are told apart, and numbered."""
_FEWEST_PX = 6
"""Width of waste too little to be seen at scale."""


@dataclass(slots=True, frozen=True)
class Ribbon:
    """The segments as a grid; ``waste`` is the place of what is left over, of no width if nothing is."""

    grid: Grid
    rows: int
    waste: Rect

    def segment(self, index: int) -> Rect:
        """The place of an object."""
        return self.grid.rect(index)


def ribbon_of(rect: Rect, objects: int, size: int, waste: int) -> Ribbon:
    """Lay the segments out: to scale in one row where they are wide enough, else in several rows."""
    x, y, w, h = rect
    left_over = max(w * waste // (objects * size + waste), _FEWEST_PX) if waste else 0
    if (w - left_over) // objects >= _LEAST or h < 2 * _LOWEST:
        return _one_row(rect, objects, left_over)
    rows = min(-(-objects * _LEAST // w), max(h // _LOWEST, 1))
    pitch = next(pitch for pitch in range(max(w // -(-objects // rows), 1), 0, -1) if rows * (w // pitch) >= objects)
    columns, tall = w // pitch, h // -(-objects // (w // pitch))
    gap = 2 if pitch >= _LEAST // 2 else int(pitch > 1)
    grid = Grid(x, y, columns, (pitch - gap, tall - gap), gap, (x, y, columns * pitch, h))
    return Ribbon(grid, -(-objects // columns), (x, y, 0, h))


def _one_row(rect: Rect, objects: int, left_over: int) -> Ribbon:
    x, y, w, h = rect
    pitch = max((w - left_over) // objects, 1)
    gap = 2 if pitch >= _LEAST // 2 else int(pitch > 2)
    grid = Grid(x, y, objects, (pitch - gap, h), gap, (x, y, pitch * objects, h))
    return Ribbon(grid, 1, (x + pitch * objects, y, w - pitch * objects if left_over else 0, h))


def pages_part(desk: Desk, at: Frame, slab: SlabState, index: int) -> Part:
    """Heading, ruler and ribbon; the object on show has a ring."""
    x, y, w, _ = at.heading
    rect = (x - 4, y, w + 8, at.ribbon[1] + at.ribbon[3] + 4 - y)
    shape = ribbon_of(at.ribbon, slab.objects, slab.size, slab.waste)
    inputs = (slab.cells, slab.layout, slab.addresses, slab.waste, slab.size, index)

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "pages"), rect, inputs, lambda sketch: _draw(sketch, desk, at, slab, shape, index), "s1"
        )

    return desk.memo.part(("inspect", "pages"), (at, inputs), make)


def _draw(sketch: Sketch, desk: Desk, at: Frame, slab: SlabState, shape: Ribbon, index: int) -> None:
    x, y, w, h = at.heading
    middle = y + (h - RULER) // 2
    right = sketch.text(x + w, middle, slab.addresses, MARK, "t2", "r")
    heading(sketch, x, middle, desk.tr("inspect.slab.pages"), slab.layout, w - right - 16)
    draw_ribbon(sketch, desk, at.ribbon, slab, shape, index)


def draw_ribbon(
    sketch: Sketch, desk: Desk, rect: Rect, slab: SlabState, shape: Ribbon, index: int
) -> None:  # fmt: skip
    """The segments, what is left over, the ring, and the indexes over them."""
    draw_cells(sketch, shape.grid, slab.cells)
    sketch.button(shape.grid.area, Pick(slab.slab, shape.grid))
    if shape.waste[2]:
        left, top, wide, tall = shape.waste
        sketch.box((left, top, wide, tall), None, "line2", radius=2, dash=(3, 2))
        sketch.tip(shape.waste, desk.tr("inspect.slab.left_over", bytes=slab.waste))
    _ruler(sketch, rect, slab, shape, index)
    x, y, w, h = shape.segment(index)
    ring = (x - _RING, y - _RING, w + 2 * _RING, h + 2 * _RING)
    halo = (ring[0] - 1, ring[1] - 1, ring[2] + 2, ring[3] + 2)
    sketch.box(halo, None, "s1", width=4, radius=6)  # parts the ring from the segments beside it
    sketch.box(ring, None, "cache", width=2, radius=5)


def _ruler(sketch: Sketch, rect: Rect, slab: SlabState, shape: Ribbon, index: int) -> None:
    """Indexes over a single row: all of them, or every 2nd, 5th, 10th …; over several rows the one on show."""
    middle = rect[1] - RULER // 2 - 2
    pitch = shape.grid.cell[0] + shape.grid.gap
    widest = sketch.measure(str(slab.objects - 1), MARK_STRONG) + 6
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200) if step * pitch >= widest), slab.objects)
    here = _centre(shape, index)
    for number in range(0, slab.objects if shape.rows == 1 else 0, step):
        place = _centre(shape, number)
        if number != index and abs(place - here) >= widest:
            sketch.text(place, middle, str(number), MARK, "t3", "m")
    sketch.text(here, middle, str(index), MARK_STRONG, "cache", "m")


def _centre(shape: Ribbon, index: int) -> int:
    x, _, w, _ = shape.segment(index)
    return x + w // 2


def draw_textbook(sketch: Sketch, desk: Desk, rect: Rect, slab: SlabState, shape: Ribbon) -> None:
    """The layout of textbooks beside the real one, at its scale: a header in front, then fewer objects, all plain."""
    x, y, w, h = rect
    text, objects, _ = slab.textbook
    heading(sketch, x, y + 10, desk.tr("inspect.textbook.title"), text, w)
    top, tall, end = y + 24, h - 24, x + w
    total = slab.objects * slab.size + slab.waste
    scale = (shape.grid.cell[0] + shape.grid.gap) / slab.size if shape.rows == 1 else w / total
    left = x + max(int(PAGE_HEADER * scale), 6)
    sketch.box((x, top, left - x - 2, tall), "cacheF", "cache", radius=2)
    sketch.tip((x, top, max(left - x, 8), tall), desk.tr("inspect.textbook.header"))
    edges = [left + int(number * slab.size * scale) for number in range(objects + 1)]
    pitch = slab.size * scale
    if pitch < _NARROWEST:  # too many to be told apart: one bar
        edges = [left, edges[-1]]
    for number, (start, stop) in enumerate(pairwise(edges)):
        sketch.box((start, top, stop - start - (2 if pitch >= _LEAST // 2 else 1), tall), "s2", "line2", radius=2)
        if pitch >= _NUMBERED:
            sketch.text((start + stop) // 2, top + tall // 2, str(number), LABEL, "t2", "m")
    if end - edges[-1] >= _NARROWEST:
        sketch.box((edges[-1], top, end - edges[-1], tall), None, "line2", radius=2, dash=(3, 2))
