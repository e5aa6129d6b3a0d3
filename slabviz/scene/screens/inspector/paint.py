"""How parts of a slot look: red zones with ticks, headers in gold, padding dashed, damage hatched."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Colour, Rect
from slabviz.scene.inspect.slot import RED, Region
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.state import Cell, CellState

_TICK = 6
_TICKED = 22
"""A lower box has no room for ticks under its text."""
_PERIOD = 6
"""Of the hatch, across its stripes."""


@dataclass(slots=True, frozen=True)
class Ink:
    """Fill, outline and text of a part; padding is dashed."""

    fill: Colour | None
    stroke: Colour
    text: Colour
    dash: tuple[int, int] | None = None


_INKS: dict[Region, Ink] = {
    Region.LEFT_RED: Ink("errF", "err", "t1"), Region.RIGHT_RED: Ink("errF", "err", "t1"),
    Region.HEADER: Ink("cacheF", "cache", "t1"), Region.POINTER: Ink("freeF", "free", "t1"),
    Region.TRACK_ALLOC: Ink("procF", "proc", "t1"), Region.TRACK_FREE: Ink("procF", "proc", "t1"),
    Region.ASKED: Ink("procF", "proc", "t1"), Region.PADDING: Ink(None, "t3", "t2", (4, 3)),
    Region.ALIGN: Ink(None, "t3", "t2", (4, 3)),
}  # fmt: skip
_FREE = Ink("freeF", "free", "t1")


def ink_of(region: Region, cell: Cell) -> Ink:
    """The looks of a part; data has its owner's colour, or that of free memory."""
    if region is not Region.DATA:
        return _INKS[region]
    if cell.state is CellState.FREE:
        return _FREE
    return Ink(f"owner{cell.colour}", f"edge{cell.colour}", "ink")


def tint(region: Region, cell: Cell) -> Ink:
    """The same, quieter: for the bytes themselves, which must be read."""
    ink = ink_of(region, cell)
    if region is Region.DATA and cell.state is not CellState.FREE:
        return Ink(f"{ink.fill}*25+s1", ink.stroke, "t1")
    return ink


def draw_part(
    sketch: Sketch, rect: Rect, region: Region, cell: Cell, *, hot: bool = False, ticked: bool = False
) -> None:  # fmt: skip
    """Draw the ground of a part; red zones have a row of ticks at their lower edge, damage is hatched.

    ``ticked``: there is no text, so that ticks have room in a low box too.
    """
    ink = ink_of(region, cell)
    sketch.box(rect, "errF" if hot else ink.fill, "err" if hot else ink.stroke, radius=3, dash=ink.dash)
    if hot:
        hatch(sketch, rect)
    elif region in RED and (ticked or rect[3] >= _TICKED):
        x, y, w, h = rect
        for left in range(x + 4, x + w - _TICK, _TICK):
            sketch.line(((left, y + h - 3), (left + 3, y + h - 6)), "err")


def hatch(sketch: Sketch, rect: Rect) -> None:
    """Stripes of 45° over damaged bytes."""
    x, y, w, h = rect
    for shift in range(-h + _PERIOD, w, int(_PERIOD * 1.5)):
        low, high = max(shift, 0), min(shift + h, w)
        if high - low > 1:
            sketch.line(((x + low, y + h - (low - shift)), (x + high, y + h - (high - shift))), "err", width=2)
