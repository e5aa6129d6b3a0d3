"""The objects of a slab: free ones hollow, used ones solid, those on their way dashed (visual specification, 5)."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.display import Colour, Pixels, Rect
from slabviz.scene.layout.cellgrid import OUTLINED, Grid
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG
from slabviz.scene.state import Cell, CellState

_INDEX_SIDE = 20
"""A free cell shows its index from this side on."""
_MARK_SPARE = 3
"""An owner's mark is shown if it fits with so much to spare."""
_RADIUS = 3
_DASH = (3, 2)


def draw_cells(sketch: Sketch, grid: Grid, cells: Sequence[Cell]) -> None:
    """Draw a slab's objects on their grid, or how full it is where they would be too small."""
    if grid.is_bar:
        _bar(sketch, grid.area, cells)
    elif min(grid.cell) < OUTLINED:
        _mosaic(sketch, grid, cells)
    else:
        for cell in cells:
            _cell(sketch, grid.rect(cell.index), cell)


def _cell(sketch: Sketch, rect: Rect, cell: Cell) -> None:
    owner, edge = f"owner{cell.colour}", f"edge{cell.colour}"
    radius = min(min(rect[2:]) // 4, _RADIUS)
    if cell.state is CellState.USED:
        sketch.box(rect, owner, edge, radius=radius)
        _centred(sketch, rect, cell.mark, MARK_STRONG.size, "ink")
    elif cell.state is CellState.FREE:
        sketch.box(rect, "freeF", "free", radius=radius)
        _index(sketch, rect, cell.index, "free")
    else:
        left = cell.state is CellState.LEFT
        sketch.box(rect, None, edge if left else "free", radius=radius, dash=_DASH)
        if not left:
            x, y, w, h = rect
            sketch.box((x + 2, y + h - 3, w - 4, 2), "free")  # it comes back: the floor that it will lie on
        _index(sketch, rect, cell.index, "t3")


def _index(sketch: Sketch, rect: Rect, index: int, colour: Colour) -> None:
    if min(rect[2:]) >= _INDEX_SIDE:
        _centred(sketch, rect, str(index), MARK.size, colour)


def _centred(sketch: Sketch, rect: Rect, text: str, height: int, colour: Colour) -> None:
    x, y, w, h = rect
    style = MARK_STRONG if colour == "ink" else MARK
    if text and h >= height + _MARK_SPARE and sketch.measure(text, style) + _MARK_SPARE <= w:
        sketch.text(x + w // 2, y + h // 2, text, style, colour, "m")


_FREE_DOT = "free*45+s1"


def _dot(cell: Cell) -> Colour:
    if cell.state is CellState.FREE:
        return _FREE_DOT
    return f"owner{cell.colour}" if cell.state is CellState.USED else f"owner{cell.colour}*40+slabF"


def _mosaic(sketch: Sketch, grid: Grid, cells: Sequence[Cell]) -> None:
    """Cells too small for an outline are one picture."""
    palette: dict[Colour, int] = {"slabF": 0}
    w, h = grid.cell
    rows = -(-len(cells) // grid.columns)
    wide, tall = grid.columns * (w + grid.gap), rows * (h + grid.gap)
    picture = bytearray(wide * tall)
    for cell in cells:
        row, column = divmod(cell.index, grid.columns)
        colour = palette.setdefault(_dot(cell), len(palette))
        start = row * (h + grid.gap) * wide + column * (w + grid.gap)
        for line in range(start, start + h * wide, wide):
            picture[line : line + w] = bytes([colour]) * w
    sketch.nodes.append(Pixels(grid.x, grid.y, wide, tall, bytes(picture), tuple(palette)))


def _bar(sketch: Sketch, area: Rect, cells: Sequence[Cell]) -> None:
    """A fill bar: used solid, on its way in the middle, free dark."""
    x, y, w, h = area
    used = sum(cell.state is CellState.USED for cell in cells)
    moving = sum(cell.state in (CellState.LEFT, CellState.RETURNING) for cell in cells)
    first = w * used // max(len(cells), 1)
    second = w * (used + moving) // max(len(cells), 1)
    sketch.box(area, "freeF", "free", radius=2)
    sketch.box((x, y, first, h), "slab", radius=2)
    sketch.box((x + first, y, second - first, h), "slab*45+s1")
