"""The node panel: list_lock, the partial list, full slabs, and the sum that accounts for every slab."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.node_rows import NodeRows, node_rows
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, NAME, STRONG, VALUE
from slabviz.scene.state import NodePanel
from slabviz.scene.widgets.node_foot import draw_foot, nr_slabs_box
from slabviz.scene.widgets.node_list import Listed, draw_links, draw_rest, list_blocks, listed
from slabviz.scene.widgets.slab_card import place_block

_RESERVED = 2
"""Places that full slabs without room may take while something moves there. The partial list keeps its order."""


def node_part(desk: Desk, node: NodePanel, *, tried: bool, wanted: int | None = None) -> Part:
    """Return the node of the cache on stage; ``tried``: the lit path has looked at the partial list.

    A slab that is ``wanted`` is in sight even where the list is longer than its room.
    """
    rect = desk.regions.node
    rows = node_rows(rect, desk.metrics)

    def make(part: Part) -> None:
        part.anchors["node",] = rect
        part.anchors["partial",] = rows.partial
        part.anchors["full",] = rows.full_cards[0]
        part.anchors["nr_slabs",] = nr_slabs_box(desk, node, rect, rows)
        partial = listed("partial", node.partial, rows.partial_cards, wanted=wanted)
        full = listed("full", node.full, rows.full_cards, _RESERVED, wanted)
        inputs = (_frame_inputs(node), partial.rest_inputs, full.rest_inputs)
        desk.memo.block(
            part, ("node",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, rows, node, (partial, full))
        )
        if node.partial_place is not None and not node.partial:
            place_block(desk, part, ("partial",), rows.partial, node.partial_place, "slow" if tried else "line2")
        list_blocks(desk, part, partial)
        list_blocks(desk, part, full)

    return desk.memo.part(("node",), (rect, node, tried, wanted), make)


def _frame_inputs(node: NodePanel) -> object:
    """What the frame shows; the cards themselves are blocks of their own."""
    texts = (node.total_objects, node.nr_partial, node.locked, node.lock, node.full_note, node.full_listed)
    sums = (node.nr_slabs, node.nr_slabs_changes, node.sum_long, node.sum_short)
    return texts, sums


def _draw(
    sketch: Sketch, desk: Desk, rect: Rect, rows: NodeRows, node: NodePanel, lists: tuple[Listed, Listed]
) -> None:
    sketch.box(rect, "s1", "line", radius=8)
    _head(sketch, desk, rect, rows, node)
    note = desk.tr(f"layout.node.partial_note{'_short' if desk.compact else ''}")
    _heading(sketch, desk, rect, rows.partial_head, "partial", note, node.nr_partial if desk.compact else "")
    _heading(sketch, desk, rect, rows.full_head, "full", node.full_note)
    draw_links(sketch, lists[0])
    if node.full_listed:
        draw_links(sketch, lists[1], "slab")
    for each in lists:
        draw_rest(sketch, desk, each)
    draw_foot(sketch, desk, rect, rows, node)


def _head(sketch: Sketch, desk: Desk, rect: Rect, rows: NodeRows, node: NodePanel) -> None:
    x, _, w, _ = rect
    pad = desk.metrics.pad
    left, right = x + pad, x + w - pad
    left += sketch.text(left, rows.head, desk.tr("layout.node.title"), NAME, "t1") + 10
    if not desk.compact:
        right -= _field(sketch, right, rows.head, "nr_partial", node.nr_partial) + 16
        right -= _field(sketch, right, rows.head, "total_objects", node.total_objects) + 12
        sketch.text(left, rows.head, "kmem_cache_node", MARK, "t3", room=right - left)
        left = x + pad
    _lock(sketch, left, rows.lock, node, x + w - pad)


def _field(sketch: Sketch, right: int, middle: int, label: str, value: str) -> int:
    """Write "label value" that ends at ``right`` and return its width."""
    wide = sketch.text(right, middle, value, VALUE, "t1", "r") + 6
    return wide + sketch.text(right - wide, middle, label, LABEL, "t3", "r")


def _lock(sketch: Sketch, left: int, middle: int, node: NodePanel, right: int) -> None:
    icon, colour = ("lock_closed", "err") if node.locked else ("lock_open", "t3")
    sketch.icon(left, middle, icon, 16, colour)
    left += 22
    left += sketch.text(left, middle, "list_lock", MARK, "t1") + 8
    sketch.text(left, middle, node.lock, LABEL, "t1" if node.locked else "t3", room=right - left)


_HEADINGS: dict[str, tuple[str, Colour]] = {"partial": ("half_disc", "part"), "full": ("disc", "full")}


def _heading(sketch: Sketch, desk: Desk, rect: Rect, middle: int, name: str, note: str, count: str = "") -> None:
    x, _, w, _ = rect
    pad = desk.metrics.pad
    icon, colour = _HEADINGS[name]
    sketch.icon(x + pad, middle, icon, 12, colour)
    left = x + pad + 20
    left += sketch.text(left, middle, desk.tr(f"layout.node.{name}"), STRONG, "t1") + 8
    right = x + w - pad
    if count:
        right -= _field(sketch, right, middle, "nr_partial", count) + 10
    sketch.text(left, middle, note, LABEL, "t3", room=right - left)
