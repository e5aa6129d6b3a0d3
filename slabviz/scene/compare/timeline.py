"""The timeline of two runs: a row of bars for each, one scale, one playhead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slabviz.scene.display import Rect
from slabviz.scene.layout.bars import BarPicture, bar_picture, column_count
from slabviz.scene.layout.density import density
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.strip import Scale, Strip, strip_of
from slabviz.scene.widgets.chart import draw_marker
from slabviz.scene.widgets.timeline import timeline_part
from slabviz.timeline.pair import Pair

_MARKS = 24
"""Left of the bars: whose they are."""
_MARK = 9
_APART = 3


def pair_strip(pair: Pair, rect: Rect, caches: tuple[int, int], titles: Sequence[str]) -> Strip:
    """Prepare the timeline; the chapters are those of A."""
    x, y, w, h = rect
    one = strip_of(pair.a, (x + _MARKS, y, w - _MARKS, h), caches[0], titles)
    scale = Scale(one.scale.left, one.scale.width, max(pair.last_tick, 0))
    tall = _row(one, rect)
    rows = [_bars(pair, number, cache, scale.width, tall) for number, cache in enumerate(caches)]
    between = bytes(scale.width * _APART)
    bars = BarPicture(scale.width, 2 * tall + _APART, rows[0].rows + between + rows[1].rows)
    return replace(one, rect=rect, scale=scale, bars=bars, base=one.top + _up(tall), interrupts=())


def _row(strip: Strip, rect: Rect) -> int:
    """Height of one row of bars."""
    foot = rect[1] + rect[3] - 3 - (13 if strip.has_axis else 0)
    return max((foot - strip.top - _APART) // 2, 6)


def _up(tall: int) -> int:
    """What of a row is above its base line."""
    return tall * 6 // 10


def _bars(pair: Pair, number: int, cache: int, width: int, tall: int) -> BarPicture:
    """The bars of one run, as wide as its share of the clock."""
    run = pair.runs[number]
    ticks = pair.last_tick + 1
    own = max(width * run.log.ticks // max(ticks, 1), 1)
    found = bar_picture(density(run.log, cache, column_count(own, run.log.ticks)), own, _up(tall), tall - _up(tall))
    rows = (found.rows[row * own : (row + 1) * own].ljust(width, b"\0") for row in range(tall))
    return BarPicture(width, tall, b"".join(rows))


def pair_timeline(desk: Desk, strip: Strip, tick: int) -> list[Part]:
    """The strip at a tick, with the sides' signs and the base line of B."""
    x, y, _, h = strip.rect
    tall = (strip.bars.height - _APART) // 2
    bases = strip.base, strip.base + tall + _APART
    rect = (x + 2, y + 22, _MARKS + 2, h - 24)

    def draw(sketch: Sketch) -> None:
        for number, base in enumerate(bases):
            draw_marker(sketch, (x + 10, base - _MARK // 2, _MARK, _MARK), number)

    def line(sketch: Sketch) -> None:
        sketch.line(((strip.scale.left, bases[1]), (strip.scale.left + strip.scale.width, bases[1])), "line2")

    def make(part: Part) -> None:
        desk.memo.block(part, ("timeline", "sides"), rect, bases, draw, "s1")
        whole = (strip.scale.left, bases[1] - 1, strip.scale.width, 3)
        desk.memo.block(part, ("timeline", "base"), whole, bases, line, "s1")

    return [timeline_part(desk, strip, tick), desk.memo.part(("timeline", "sides"), (strip, bases), make)]
