"""A chart of one or two curves over a whole run: bright up to the playhead, dim after it.

As in the timeline two pictures are prepared, and the bright one is a block that ends at the playhead; what stands still
is never drawn again. Of two curves A is a square, sky and solid, B a disc, gold and dashed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

import numpy as np

from slabviz.scene.display import Block, Colour, Point, Polygon, Rect, Style
from slabviz.scene.layout.axis import Axis
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG, STRONG
from slabviz.scene.story.series import Curve

VALUE = Style("mono", 16, 600)
_COLOURS: tuple[Colour, ...] = ("slab", "cache")
_DASHES = (None, (6, 3))
_DIM = 70
"""Percent of its strength that the future has: as faint as a line may be on white. It is thinner, too."""
_THICK, _THIN = 2, 1
"""Width of the curve up to the playhead and after it."""
_PAD = 12
AXIS = 16
"""Height of the row of ticks."""
_LABEL = "1 000"
"""Labels have room for so much, so that charts one under the other have their playheads in one line."""
_LOOSE = 110
"""A chart of this height has room between its lines."""
_LEAST = 94
"""In a lower one the lines would touch."""
_VALUE = 64
"""Width of a value that stands left of its plot."""
_MARKER = 9
_NAMES = ("A", "B")


@dataclass(slots=True, frozen=True, eq=False)
class Chart:
    """What a chart shows; two are equal only if they are the same object. ``key`` tells charts of a page apart."""

    key: str
    title: str
    better: str
    """Which direction is better, in words."""
    curves: tuple[Curve, ...]
    """One or two, one value a tick, nan where there is none."""
    axis: Axis
    shown: Callable[[float], str]
    """The text of a value."""
    label: Callable[[float], str]
    """The text of a label of the axis."""
    tip: str = ""


@dataclass(slots=True, frozen=True)
class _Places:
    rect: Rect
    plot: Rect
    title: int
    values: Rect
    ticks: int | None
    """Middle of the row of ticks, if there is one."""

    def x(self, tick: float, ticks: int) -> int:
        return self.plot[0] + int(tick * (self.plot[2] - 1) / max(ticks - 1, 1) + 0.5)

    def y(self, value: float, axis: Axis) -> int:
        _, y, _, h = self.plot
        share = (value - axis[0]) / (axis[2] - axis[0])
        return y + h - 1 - int(min(max(share, 0.0), 1.0) * (h - 1) + 0.5)


def chart_part(desk: Desk, rect: Rect, chart: Chart, tick: int, *, with_ticks: bool = True) -> Part:
    """Return the chart with its playhead at a tick; of charts in a column only the last needs ``with_ticks``."""

    def make(part: Part) -> None:
        at = _places(desk, rect, chart, with_ticks=with_ticks)
        key = ("chart", chart.key)
        still = desk.memo.part((*key, "still"), (chart, at), lambda own: _still(desk, own, at, chart))
        part.blocks.append(still.blocks[0])
        x, y, _, h = at.plot
        head = at.x(tick, len(chart.curves[0]))
        desk.memo.cut(part, (*key, "past"), (x, y, head - x, h), still.blocks[1])
        desk.memo.block(part, (*key, "head"), (head, y - 4, 1, h + 8), None, lambda sketch: None, "focus")
        _markers(desk, part, at, chart, tick, still.blocks[1])
        _values(desk, part, at, chart, tick)
        if at.ticks is not None:
            _axis(desk, part, at, chart, tick)

    return desk.memo.part(("chart", chart.key), (rect, chart, tick, with_ticks), make)


def _places(desk: Desk, rect: Rect, chart: Chart, *, with_ticks: bool) -> _Places:
    """Title, values and plot one under the other; in a low chart of one curve its value stands left of the plot."""
    x, y, w, h = rect
    labels = (_LABEL, *(chart.label(value) for value in chart.axis))
    left = x + _PAD + max(desk.measure(label, MARK) for label in labels) + 8
    foot = AXIS if with_ticks else 0
    beside = h - foot < _LEAST and len(chart.curves) == 1
    loose = h - foot >= _LOOSE
    top = y + (30 if beside else 56 if loose else 49)
    left += _VALUE if beside else 0
    plot = (left, top, x + w - _PAD - 4 - left, y + h - 12 - foot - top)
    values = (
        (x + _PAD, plot[1] + plot[3] // 2 - 11, _VALUE, 22)
        if beside
        else (x + _PAD, y + (39 if loose else 33) - 11, w - 2 * _PAD, 22)
    )
    return _Places(rect, plot, y + (18 if loose else 14), values, y + h - 14 if foot else None)


def _still(desk: Desk, part: Part, at: _Places, chart: Chart) -> None:
    """Two blocks: the card with the whole run dim, and the plot with the whole run bright."""
    lines = [_lines(at, curve, chart.axis) for curve in chart.curves]
    key = ("chart", chart.key)
    desk.memo.block(part, (*key, "dim"), at.rect, (chart, at), lambda sketch: _card(sketch, at, chart, lines))

    def bright(sketch: Sketch) -> None:
        _plot(sketch, at, chart, lines, _COLOURS, _THICK)

    desk.memo.block(part, (*key, "bright"), at.plot, (chart, at), bright, "s1", cut=True)


def _card(sketch: Sketch, at: _Places, chart: Chart, lines: list[list[tuple[Point, ...]]]) -> None:
    x, _, w, _ = at.rect
    sketch.box(at.rect, "s1", "line", radius=8)
    right = x + w - _PAD
    words = sketch.text(right, at.title, chart.better, LABEL, "t3", "r")
    sketch.text(x + _PAD, at.title, chart.title, STRONG, "t1", room=right - words - 8 - x - _PAD)
    for value in chart.axis:
        sketch.text(at.plot[0] - 8, at.y(value, chart.axis), chart.label(value), MARK, "t3", "r")
    _plot(sketch, at, chart, lines, tuple(f"{colour}*{_DIM}+s1" for colour in _COLOURS), _THIN)
    if chart.tip:
        sketch.tip(at.rect, chart.tip)


def _plot(
    sketch: Sketch, at: _Places, chart: Chart, lines: list[list[tuple[Point, ...]]], colours: tuple[Colour, ...],
    width: int,
) -> None:  # fmt: skip
    x, _, w, _ = at.plot
    for value in chart.axis:
        y = at.y(value, chart.axis)
        sketch.line(((x, y), (x + w, y)), "line")
    for points, colour, dash in zip(lines, colours, _DASHES, strict=False):
        for piece in points:
            sketch.line(piece, colour, width=width, dash=dash)


def _lines(at: _Places, curve: Curve, axis: Axis) -> list[tuple[Point, ...]]:
    """The curve as polylines, one point for each pixel at most; it is broken where it has no value."""
    ticks, wide = len(curve), at.plot[2]
    places = np.unique(np.linspace(0, ticks - 1, min(ticks, wide)).astype(np.int64)) if ticks else np.zeros(0, np.int64)
    found: list[list[Point]] = [[]]
    for tick, value in zip(places.tolist(), curve[places].tolist(), strict=True):
        if isnan(value):
            found.append([])
        else:
            found[-1].append((at.x(tick, ticks), at.y(value, axis)))
    return [tuple(_thinned(piece)) for piece in found if len(piece) > 1]


def _thinned(points: list[Point]) -> list[Point]:
    """Leave out what lies on a level between its neighbours."""
    kept = points[:1]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if not before[1] == here[1] == after[1]:
            kept.append(here)
    return [*kept, points[-1]]


def _markers(desk: Desk, part: Part, at: _Places, chart: Chart, tick: int, bright: Block) -> None:
    x = at.x(tick, len(chart.curves[0]))
    for number, curve in enumerate(chart.curves):
        value = float(curve[min(tick, len(curve) - 1)])
        if isnan(value):
            continue
        rect = (x - _MARKER // 2, at.y(value, chart.axis) - _MARKER // 2, _MARKER, _MARKER)

        def draw(sketch: Sketch, rect: Rect = rect, number: int = number) -> None:
            sketch.nodes.extend(bright.nodes)  # the curves go on under a disc's corners
            draw_marker(sketch, rect, number)

        desk.memo.block(part, ("chart", chart.key, "marker", number), rect, chart, draw, "s1", cut=True)


def draw_marker(sketch: Sketch, rect: Rect, side: int) -> None:
    """Draw the sign of a side: a square for A, a disc for B."""
    x, y, w, h = rect
    if side:
        sketch.box(rect, _COLOURS[side], radius=w // 2)
    else:
        sketch.nodes.append(Polygon(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), _COLOURS[side]))


def _values(desk: Desk, part: Part, at: _Places, chart: Chart, tick: int) -> None:
    """The values at the playhead; two have their sides' signs."""
    x, y, w, h = at.values
    wide = w // len(chart.curves)
    for number, curve in enumerate(chart.curves):
        value = float(curve[min(tick, len(curve) - 1)]) if len(curve) else float("nan")
        text = "–" if isnan(value) else chart.shown(value)
        rect = (x + number * wide, y, wide, h)
        two = len(chart.curves) > 1

        def draw(sketch: Sketch, rect: Rect = rect, text: str = text, number: int = number, two: bool = two) -> None:
            left, middle = rect[0], rect[1] + 11
            if two:
                colour = _COLOURS[number]
                sketch.line(((left, middle), (left + 20, middle)), colour, width=2, dash=_DASHES[number])
                draw_marker(sketch, (left + 6, middle - _MARKER // 2, _MARKER, _MARKER), number)
                left += 26 + sketch.text(left + 26, middle, _NAMES[number], LABEL_STRONG, "t2") + 8
            sketch.text(left, middle, text, VALUE, "t1", room=rect[0] + rect[2] - left)

        desk.memo.block(part, ("chart", chart.key, "value", number), rect, text, draw, "s1")


def _axis(desk: Desk, part: Part, at: _Places, chart: Chart, tick: int) -> None:
    """First and last tick under the plot, and the playhead's between them: the ends make room for it."""
    assert at.ticks is not None
    x, _, w, _ = at.plot
    ticks, middle = len(chart.curves[0]), at.ticks
    area = (x - 8, middle - 9, w + 12, 18)
    text, last = grouped(tick), grouped(ticks - 1)
    wide, end = desk.measure(text, MARK_STRONG), desk.measure(last, MARK)
    left = min(max(at.x(tick, ticks) - wide // 2, x - 4), x + w - wide)

    def draw(sketch: Sketch) -> None:
        if left > x + 16:
            sketch.text(x, middle, "0", MARK, "t3")
        if left + wide + 8 < x + w - end:
            sketch.text(x + w, middle, last, MARK, "t3", "r")
        sketch.text(left, middle, text, MARK_STRONG, "t1")

    desk.memo.block(part, ("chart", chart.key, "ticks"), area, (tick, ticks), draw, "s1")
