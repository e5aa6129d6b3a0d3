"""The first line of a lane: CPU, what kind of context runs, who, and the call; under it the work it broke into."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect, Style
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, CODE, LABEL, LABEL_STRONG, MARK, NAME
from slabviz.scene.state import Badge, Lane

_LOOKS: dict[str, tuple[str, Colour, Colour]] = {
    "process": ("process", "procF", "proc"),
    "softirq": ("bolt", "errF", "err"),
    "hardirq": ("bolt", "errF", "err"),
}
"""Icon, fill and outline of a badge by the kind of context. An idle CPU has none."""
_PILL, _LOW_PILL = 18, 16
_FIRST_LINE, _SECOND_LINE, _LOW_LINE = 14, 10, 10
"""Middles of the lines, from the lane's upper edge and from the cards up."""
_TWO_LINES = 34
_LEAST = 90
"""With less room the interrupted work would be cut down to no meaning; its CPU's tooltip has it."""


def draw_head(sketch: Sketch, rect: Rect, lane: Lane, *, inset: int, room: int, compact: bool) -> None:
    """Write the head into the upper ``room`` px of the lane."""
    x, y, w, _ = rect
    two = room >= _TWO_LINES
    middle = y + (_FIRST_LINE if two else _LOW_LINE)  # a signpost has room under it; it stays when the second comes
    left, right = x + inset, x + w - inset
    left += sketch.text(left, middle, f"CPU{lane.cpu}", NAME, "t1") + 10
    second = left
    left = draw_badge(sketch, left, middle, lane.badge, _PILL if two else _LOW_PILL) + 10
    if lane.waits:
        right -= sketch.text(right, middle, lane.waits, LABEL_STRONG, "slow", "r", room=right - left) + 10
    if lane.agent and (not compact or not lane.call):
        left += sketch.text(left, middle, lane.agent, BODY, "t1", room=right - left) + 10
    style = MARK if compact else CODE
    call = _call(sketch, lane.call, style, right - left)
    left += sketch.text(left, middle, call, style, "t2", room=right - left) + 14
    if lane.interrupted:
        sketch.tip((x, y, w, room), lane.interrupted)
    if two and lane.interrupted:
        sketch.text(second, y + room - _SECOND_LINE, lane.interrupted, MARK, "t3", room=x + w - inset - second)
    elif lane.interrupted and right - left >= _LEAST:
        sketch.text(left, middle, lane.interrupted, MARK, "t3", room=right - left)


def _call(sketch: Sketch, call: str, style: Style, room: int) -> str:
    """The call, without the kernel's prefix where it has no room: ``alloc(task_struct) → 52``."""
    return call.removeprefix("kmem_cache_") if sketch.measure(call, style) > room else call


def draw_badge(sketch: Sketch, x: int, middle: int, badge: Badge, height: int) -> int:
    """Draw a badge and return where it ends: round for a process, two corners cut for an interrupt."""
    look = _LOOKS.get(badge.kind)
    if look is None:
        return x + sketch.text(x, middle, badge.text, LABEL, "t3")
    icon, fill, stroke = look
    width = sketch.measure(badge.text, LABEL) + 32
    cut = 0 if badge.kind == "process" else 6
    radius = 0 if cut else height // 2
    sketch.box((x, middle - height // 2, width, height), fill, stroke, radius=radius, cut=cut)
    sketch.icon(x + 8, middle, icon, 12 if cut else 10, stroke)
    sketch.text(x + 23, middle, badge.text, LABEL, "t1")
    return x + width
