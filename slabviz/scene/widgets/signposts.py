"""Signposts: the numbered steps of the lit path, in the order they were tried (visual specification, section 5)."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.display import Block, Colour, Node, Rect
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.clearing import Clearing
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.lane_slots import HEAT_ROWS, ONE_ROW, TWO_COLUMNS
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL_STRONG, MARK_STRONG
from slabviz.scene.state import Key, Signpost

TAG = (25, 20)
"""Width and height of a tag; its last 8 px are the point."""
_OVER_HOLDER, _UNDER_SUMMARY = 14, 11
"""How far above its holder's card: in the gap between the marks of two cards; in the first row under the summary."""
_POINT = 8
_HALO = 4
_LOOKS: dict[str, tuple[Colour, Colour, Colour, tuple[int, int] | None]] = {
    "done": ("bg", "slow", "slow", None),
    "now": ("slow", "slow", "onalert", None),
    "next": ("bg", "t3", "t2", (3, 2)),
}
"""Fill, outline, text and dashes of a tag."""
_BLOCKS_OF_THEIR_OWN = frozenset({"order", "pcp", "frames"})
"""Steps there are drawn in the panels of the buddy system, beside their titles."""
_IN_LANE = frozenset({"chip", "active", "parked", "lane"})
_AREAS: dict[str, str] = {"chip": "chain"}
"""A step at a chip belongs to the whole freelist."""


def tag(sketch: Sketch, x: int, y: int, text: str, when: str, *, width: int = TAG[0]) -> None:
    """Draw a tag whose upper left corner is (x, y)."""
    fill, stroke, colour, dash = _LOOKS[when]
    if when == "now":
        sketch.shape(_outline(x - _HALO, y - _HALO, width + 2 * _HALO, TAG[1] + 2 * _HALO), "slow", alpha=60)
    sketch.shape(_outline(x, y, width, TAG[1]), fill, stroke, width=1.5, dash=dash)
    style = LABEL_STRONG if when == "now" else MARK_STRONG
    sketch.text(x + (width - _POINT // 2) // 2, y + TAG[1] // 2, text, style, colour, "m")


def _outline(x: int, y: int, w: int, h: int) -> tuple[tuple[int, int], ...]:
    point = h * _POINT // TAG[1]
    return (x, y), (x + w - point, y), (x + w, y + h // 2), (x + w - point, y + h), (x, y + h)


def signpost_nodes(
    desk: Desk, posts: Sequence[Signpost], anchors: Anchors, cpus: int, blocks: Sequence[Block] = ()
) -> list[Node]:
    """Return the tags that stand on edges of cards and containers. They lie over ``blocks``, whose words they spare.

    Rows of a table (many CPUs) have no room for tags: there the caption alone counts the steps.
    """
    sketch = Sketch(desk.measure)
    shown = [post for post in posts if post.place[0] not in _BLOCKS_OF_THEIR_OWN]
    if cpus >= HEAT_ROWS:
        shown = [post for post in shown if post.place[0] not in _IN_LANE]
    clearing = Clearing(blocks, desk.memo)
    receiving = {post.place for post in shown if post.edge == "lower"}
    for post in shown:
        rect = anchors.get(_place(post.place))
        if rect is None or (cpus >= TWO_COLUMNS and post.edge == "upper" and post.place in receiving):
            continue
        if cpus >= ONE_ROW and post.edge == "lower" and _is_in(rect, desk.regions.lanes):
            _post_in_row(sketch, desk, post, rect, clearing)
        else:
            _post(sketch, desk, post, rect, anchors, clearing)
    return sketch.nodes


def _post_in_row(sketch: Sketch, desk: Desk, post: Signpost, rect: Rect, clearing: Clearing) -> None:
    """In lanes of one row the next lane is too near: a place that receives has its tag at the right end of the top."""
    x, y, w, _ = rect
    text = desk.tr("layout.step", number=post.number)
    width = sketch.measure(text, LABEL_STRONG) + 22
    if post.when != "now" or width + TAG[0] > w:
        text, width = str(post.number), TAG[0]
    spot = clearing.take((x + w - width - 2, y - 14, width, TAG[1]))
    tag(sketch, *spot[:2], text, post.when, width=width)


def _place(place: Key) -> Key:
    kind = str(place[0])
    if kind == "cell":
        return "slab", place[1]
    return (_AREAS.get(kind, kind), *place[1:])


def _is_container(place: Key, anchors: Anchors) -> bool:
    """Tell whether the place is a whole list, whose left corner is free, and not a card with a glyph there."""
    return place[0] == "chip" or ("place", *place) in anchors


def _is_in(rect: Rect, outer: Rect) -> bool:
    """Tell whether a card is in an area: in the node, where a heading stands near below it, or in a lane."""
    return outer[0] <= rect[0] < outer[0] + outer[2] and outer[1] <= rect[1] < outer[1] + outer[3]


def _post(sketch: Sketch, desk: Desk, post: Signpost, rect: Rect, anchors: Anchors, clearing: Clearing) -> None:
    """Draw a tag on an edge of its place, so that it hides neither cells nor marks nor words."""
    x, y, _, h = rect
    text = desk.tr("layout.step", number=post.number) if post.when == "now" else str(post.number)
    width = TAG[0] if post.when != "now" else sketch.measure(text, LABEL_STRONG) + 22
    if post.place[0] == "holder":
        gap = anchors.get(("gap", "holders"))
        left, top = x - 14, y - (_UNDER_SUMMARY if gap is None or y <= gap[1] else _OVER_HOLDER)
    elif post.edge == "lower" and _is_in(rect, anchors["node",]):
        left, top = x - 14, y + h - (9 if desk.compact else 6)
    elif post.edge == "lower":
        left, top = x + 5, y + h - 2
    elif _is_container(post.place, anchors):
        left, top = x + 6, y - (5 if post.place == ("partial",) else 6)
    else:
        left, top = x - 14, y - 9
    spot = clearing.take((left, top, width, TAG[1]), narrower=width - _POINT // 2)
    tag(sketch, *spot[:2], text, post.when, width=spot[2])
