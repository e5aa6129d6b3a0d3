"""The cache on stage: its name, one sentence, its numbers. With more than one cache a press brings the next."""

from __future__ import annotations

from slabviz.scene.commands import NextCache
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CACHE_NAME, LABEL, VALUE
from slabviz.scene.state import CacheStrip
from slabviz.scene.view import ViewState

_FEWEST = 3
_DROPPED_IN_COMPACT = ("object_size", "total_objects")


def strip_part(desk: Desk, strip: CacheStrip, view: ViewState) -> Part:
    """Return the strip over the node."""
    rect = desk.regions.strip
    can_change = strip.count > 1 and view.controls
    look = _look(view) if can_change else "line"

    def make(part: Part) -> None:
        part.anchors["strip",] = rect
        inputs = (strip, can_change, look)
        desk.memo.block(
            part, ("strip",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, strip, can_change, look)
        )

    return desk.memo.part(("strip",), (rect, strip, can_change, look), make)


def _look(view: ViewState) -> Colour:
    if NextCache() == view.focus:
        return "focus"
    return "t2" if NextCache() in (view.hover, view.pressed) else "line"


def _draw(sketch: Sketch, desk: Desk, rect: Rect, strip: CacheStrip, can_change: bool, look: Colour) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s1", look, radius=8)
    sketch.box((x, y, 4, h), "cache", radius=1)
    left, right = x + 18, x + w - 12
    middle = y + h * 27 // 100
    if can_change:
        sketch.button(rect, NextCache(), desk.tr("layout.strip.next"))
    left += sketch.text(left, middle, strip.name, CACHE_NAME, "cache", room=(right - left) * 2 // 3) + 12
    sketch.text(left, middle, strip.note, LABEL, "t2", room=right - left)
    taken = _turn(sketch, desk, right, y + h * 58 // 100, strip) if can_change else 0
    shown = tuple(field for field in strip.fields if not desk.compact or field[0] not in _DROPPED_IN_COMPACT)
    while len(shown) > _FEWEST and _needed(sketch, shown) > w - taken:
        shown = shown[1:]  # a column that was made narrow has no room for the sizes, the limits stay
    _fields(sketch, (x, y, w - taken, h), shown)


def _needed(sketch: Sketch, fields: tuple[tuple[str, str], ...]) -> int:
    """The least width that a row of fields fits in."""
    widths = [max(sketch.measure(label, LABEL), sketch.measure(value, VALUE)) for label, value in fields]
    return sum(widths) + 6 * (len(fields) - 1) + 26


def _turn(sketch: Sketch, desk: Desk, right: int, middle: int, strip: CacheStrip) -> int:
    """Say which of the caches this is, and return the width that takes."""
    place = (strip.index + 1, strip.count)
    text = f"{place[0]}/{place[1]}" if desk.compact else desk.tr("layout.strip.place", index=place[0], count=place[1])
    sketch.icon(right - 8, middle, "chevron", 10, "t2")
    return 12 + sketch.text(right - 12, middle, text, LABEL, "t2", "r") + 8


def _fields(sketch: Sketch, rect: Rect, fields: tuple[tuple[str, str], ...]) -> None:
    """Write the labels and values in columns as wide as the wider of the two, spread over the strip."""
    x, y, w, h = rect
    widths = [max(sketch.measure(label, LABEL), sketch.measure(value, VALUE)) for label, value in fields]
    gap = min(max((w - 34 - sum(widths)) // max(len(fields) - 1, 1), 6), 24)
    left = x + 18
    for (label, value), width in zip(fields, widths, strict=True):
        room = min(width, x + w - 8 - left)
        sketch.text(left, y + h * 58 // 100, label, LABEL, "t3", room=room)
        sketch.text(left, y + h * 82 // 100, value, VALUE, "t1", room=room)
        left += width + gap
