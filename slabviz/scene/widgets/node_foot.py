"""The footer of the node: nr_slabs, and where every one of them is."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.node_rows import NodeRows
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, VALUE
from slabviz.scene.state import NodePanel

_LABEL = "nr_slabs"
_HALF = 11


def nr_slabs_box(desk: Desk, node: NodePanel, rect: Rect, rows: NodeRows) -> Rect:
    """Return the box of the count: routes of new pages go through it."""
    wide = 8 + desk.measure(_LABEL, LABEL) + 6 + desk.measure(node.nr_slabs, VALUE) + 8
    return rect[0] + desk.metrics.pad, rows.foot - _HALF, wide, 2 * _HALF


def draw_foot(sketch: Sketch, desk: Desk, rect: Rect, rows: NodeRows, node: NodePanel) -> None:
    """Draw the line, the count (lit while it changes) and the sum, long if it fits."""
    x, _, w, _ = rect
    sketch.line(((x + 1, rows.divider), (x + w - 1, rows.divider)), "line")
    box = nr_slabs_box(desk, node, rect, rows)
    if node.nr_slabs_changes:
        sketch.box(box, "slowF", "slow", width=1.5, radius=4)
    left = box[0] + 8
    left += sketch.text(left, rows.foot, _LABEL, LABEL, "t2") + 6
    sketch.text(left, rows.foot, node.nr_slabs, VALUE, "t1")
    left, right = box[0] + box[2] + 8, x + w - desk.metrics.pad // 2
    long = not desk.compact and sketch.measure(node.sum_long, LABEL) <= right - left
    sketch.text(left, rows.foot, node.sum_long if long else node.sum_short, LABEL, "t2", room=right - left)
    sketch.tip((box[0], box[1], w - 2 * desk.metrics.pad, 2 * _HALF), f"{_LABEL} {node.nr_slabs} {node.sum_long}")
