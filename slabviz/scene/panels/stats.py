"""The statistics of the cache on stage as charts: fast path, slabs, unused memory, lock waits, fragmentation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from slabviz.scene.display import Rect
from slabviz.scene.layout.axis import axis_from_zero, axis_of_share
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import LABEL, MARK_STRONG, NAME
from slabviz.scene.sight import Sight
from slabviz.scene.story.series import Curve, Series, series_of
from slabviz.scene.widgets.chart import AXIS, Chart, chart_part

_HEAD = 48
_GAP = 8
_PAD = 12
KIB, MIB = 1024, 1 << 20


def stats_panel(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """A line of totals, and five charts one under the other."""
    x, y, w, h = rect
    found = series_of(desk.memo, sight.run, sight.cache.id)
    charts = desk.memo.value(("charts", sight.cache.id), (found, desk.tr), lambda: charts_of((found,), desk.tr))
    last = len(charts) - 1
    tall = ((h - _HEAD - _GAP * len(charts) - AXIS) // len(charts)) & ~3
    parts = [_totals(desk, (x, y, w, _HEAD), sight.cache.name, found, sight.tick)]
    for number, chart in enumerate(charts):
        top = y + _HEAD + _GAP + number * (tall + _GAP)
        place = (x, top, w, tall if number < last else y + h - top)
        parts.append(chart_part(desk, place, chart, sight.tick, with_ticks=number == last))
    return parts


def charts_of(sides: Sequence[Series], tr: Translate) -> tuple[Chart, ...]:
    """The charts of one run, or of two side by side on the same axes."""
    window = sides[0].window
    return (
        _share("fast", tuple(side.fast_share for side in sides), tr, window),
        _count("slabs", tuple(side.slabs for side in sides), tr, window),
        _memory(tuple(side.unused for side in sides), tr),
        _count("waits", tuple(side.lock_waits for side in sides), tr, window),
        _share("fragmentation", tuple(side.fragmentation for side in sides), tr, window),
    )


def taken_chart(sides: Sequence[Series], tr: Translate) -> Chart:
    """How often list_lock was taken."""
    return _count("taken", tuple(side.lock_taken for side in sides), tr, sides[0].window)


def _chart_words(key: str, tr: Translate, **values: object) -> tuple[str, str, str]:
    """Title, which direction is better, and the tooltip."""
    title, better, tip = (tr(f"stats.{key}.{part}", **values) for part in ("title", "better", "tip"))
    return title, better, tip


def _highest(curves: Sequence[Curve]) -> float:
    return max((float(curve.max(initial=0)) for curve in curves), default=0.0)


def _share(key: str, curves: tuple[Curve, ...], tr: Translate, window: int) -> Chart:
    title, better, tip = _chart_words(key, tr, window=window)
    known = [curve[~np.isnan(curve)] for curve in curves]
    lowest = min((float(curve.min()) for curve in known if len(curve)), default=0.0)
    return Chart(key, title, better, curves, axis_of_share(lowest), _percent, _number, tip)


def _count(key: str, curves: tuple[Curve, ...], tr: Translate, window: int) -> Chart:
    title, better, tip = _chart_words(key, tr, window=window)
    return Chart(key, title, better, curves, axis_from_zero(_highest(curves)), _number, _number, tip)


def _memory(curves: tuple[Curve, ...], tr: Translate) -> Chart:
    """In KiB, or in MiB where the numbers would become long."""
    name, unit = ("MiB", MIB) if _highest(curves) >= 10 * MIB else ("KiB", KIB)
    title, better, tip = _chart_words("unused", tr, unit=name)
    axis = axis_from_zero(_highest(curves) / unit)
    return Chart("unused", title, better, tuple(curve / unit for curve in curves), axis, _number, _number, tip)


def _number(value: float) -> str:
    return grouped(int(value + 0.5))


def _percent(value: float) -> str:
    return f"{int(value + 0.5)} %"


def _totals(desk: Desk, rect: Rect, cache: str, found: Series, tick: int) -> Part:
    """What was counted so far: share of the fast path, calls, and how often the lock was taken."""
    calls, fast = int(found.calls[tick]), int(found.fast[tick])
    share = _percent(100 * fast / calls) if calls else "–"
    words = desk.tr("stats.so_far", calls=grouped(calls))
    values = (
        (desk.tr("stats.fast_share"), share),
        ("list_lock", f"{grouped(int(found.taken[tick]))}×"),
    )

    def draw(sketch: Sketch) -> None:
        x, y, w, h = rect
        sketch.box(rect, "s1", "line", radius=8)
        right = x + w - _PAD
        for label, value in reversed(values):
            right -= sketch.text(right, y + h * 7 // 10, value, MARK_STRONG, "t1", "r") + 6
            right -= sketch.text(right, y + h * 7 // 10, label, LABEL, "t3", "r") + 14
        sketch.text(x + _PAD, y + h * 7 // 10, words, LABEL, "t2", room=right - x - _PAD)
        sketch.text(x + _PAD, y + h * 3 // 10, cache, NAME, "cache", room=w - 2 * _PAD)

    inputs = (rect, cache, words, values)
    return desk.memo.part(("totals",), inputs, lambda part: desk.memo.block(part, ("totals",), rect, inputs, draw))
