"""The buddy system: free blocks of each order as columns of bars, and the split or merge of the current step."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, PANEL
from slabviz.scene.state import Buddy
from slabviz.scene.widgets.signposts import TAG, tag

_BAR = (8, 28)
"""Width of a bar of order 0, and how much wider that of order 10 is."""


@dataclass(slots=True, frozen=True)
class _Columns:
    """Left edge and pitch of the columns, the middle lines of the rows, the base line, and the highest bar's top."""

    left: int
    pitch: int
    title: int
    top: int
    base: int
    blocks: int
    order: int
    bar: int
    """Pitch of the bars, one px more than their height."""

    def middle(self, order: int) -> int:
        return self.left + order * self.pitch + self.pitch // 2


def free_area_part(desk: Desk, buddy: Buddy) -> Part:
    """Return the panel in the middle of the buddy row."""
    rect = desk.regions.buddy
    inputs = (rect, buddy.blocks, buddy.lit, buddy.arrow, buddy.moment, buddy.step)

    def make(part: Part) -> None:
        columns = _columns(desk, rect, len(buddy.blocks))
        part.anchors["buddy",] = rect
        for order in range(len(buddy.blocks)):
            left = columns.left + order * columns.pitch
            place = (left + 1, columns.top - 6, columns.pitch - 2, columns.order + 8 - columns.top + 6)
            part.anchors["order", order] = place
        desk.memo.block(part, ("buddy",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, columns, buddy))

    return desk.memo.part(("buddy",), inputs, make)


def _columns(desk: Desk, rect: Rect, count: int) -> _Columns:
    x, y, w, h = rect
    compact = desk.compact
    left = x + (56 if compact else 60)
    return _Columns(
        left=left,
        pitch=(x + w - 10 - left) // max(count, 1),
        title=y + (14 if compact else 18),
        top=y + (30 if compact else 38),
        base=y + h - (38 if compact else 42),
        blocks=y + h - (27 if compact else 30),
        order=y + h - (11 if compact else 13),
        bar=9 if h > 190 else 7,
    )


def _draw(sketch: Sketch, desk: Desk, rect: Rect, columns: _Columns, buddy: Buddy) -> None:
    x, _, w, _ = rect
    sketch.box(rect, "s1", "line", radius=8)
    left = x + 16
    if buddy.step is not None:
        tag(sketch, x + 8, columns.title - TAG[1] // 2, str(buddy.step), "done")
        left = x + 8 + TAG[0] + 10
    left += sketch.text(left, columns.title, desk.tr("layout.buddy.title"), PANEL, "t1") + 12
    sketch.text(x + w - 14, columns.title, buddy.moment, LABEL, "t2", "r", room=x + w - 14 - left)
    sketch.text(x + 12, columns.blocks, desk.tr("layout.buddy.blocks"), LABEL, "t3", room=columns.left - x - 14)
    sketch.text(x + 12, columns.order, desk.tr("layout.buddy.order"), LABEL, "t3", room=columns.left - x - 14)
    for order, blocks in enumerate(buddy.blocks):
        _column(sketch, columns, order, blocks, order in buddy.lit)
    sketch.line(((columns.left, columns.base), (x + w - 10, columns.base)), "line2")
    if buddy.arrow is not None and buddy.arrow[0] != buddy.arrow[1]:
        _arrow(sketch, columns, buddy.arrow)


def _column(sketch: Sketch, columns: _Columns, order: int, blocks: int, lit: bool) -> None:
    middle = columns.middle(order)
    if lit:
        left, top = middle - columns.pitch // 2 + 1, columns.top - 6
        sketch.box((left, top, columns.pitch - 2, columns.order + 8 - top), "slow", radius=4, alpha=34)
    wide = _BAR[0] + min(_BAR[1], columns.pitch - 12) * order // 10
    most = (columns.base - columns.top) // columns.bar
    shown = min(blocks, most)
    for bar in range(shown):
        sketch.box(
            (middle - wide // 2, columns.base - (bar + 1) * columns.bar, wide, columns.bar - 1),
            "freeF",
            "free",
            radius=2,
        )
    if blocks > shown:
        top = columns.base - shown * columns.bar - 4
        for dot in (-4, -1, 2):
            sketch.box((middle + dot, top, 2, 2), "free")
    colour = "t1" if blocks else "t2" if lit else "t3"  # t3 is too faint on a lit column
    sketch.text(middle, columns.blocks, str(blocks), MARK_STRONG, colour, "m", room=columns.pitch)
    sketch.text(middle, columns.order, str(order), MARK, "slow" if lit else "t3", "m")


def _arrow(sketch: Sketch, columns: _Columns, arrow: tuple[int, int]) -> None:
    """From the order that is split or merged to the one that becomes of it."""
    start, end = columns.middle(arrow[0]), columns.middle(arrow[1])
    height = (columns.base + columns.top) // 2
    stop = end + (6 if end < start else -6)
    sketch.line(((start, columns.base - 6), (start, height), (stop, height)), "slow", width=2, radius=8, arrow=True)
