"""The route of each move: from the middle of what it leaves, over the roads, to the middle of what it reaches.

``Route.head`` and ``Route.tail`` are the short ways inside the first and last card, which are gone but not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Point, Rect
from slabviz.scene.motion.roads import Roads, holds, middle
from slabviz.scene.motion.track import Track, track
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import Key

COUNTED: Key = ("nr_slabs",)
"""Where a slab is counted."""

_INTO_COUNT = 11
"""From the middle of the count's box to its lower edge."""
_MARK = 19
"""From a holder card's left edge to the middle of its mark."""
_SAME = 8
"""Two roads that lie so close beside each other are one."""
_OVER = 4
"""Over a holder card, in the gap to the row above."""


@dataclass(slots=True, frozen=True)
class Route:
    """``track`` is the whole way, ``road`` the corners of the part that is drawn.

    ``rows`` are gaps between rows of cards that a slab rides along: (height of the gap, x at which it is entered).
    """

    track: Track
    road: tuple[Point, ...]
    rows: tuple[tuple[int, int], ...] = ()

    def spot(self, share: float, lift: int) -> Point:
        """Return where a thing is that has gone this share of the way. In a gap it is lifted up to ``lift`` px, so that
        a card which is higher than the gap covers only its own row."""
        x, y = self.track.at(share)
        lifts = (min(lift, abs(x - entry)) - (gap - y) for gap, entry in self.rows if gap - lift <= y <= gap)
        return x, y - max(0, *lifts, 0)


def route_of(move: Move, roads: Roads) -> Route:
    """Return the route of a move between the places that the picture has now."""
    if move.kind is MoveKind.ALLOC:
        return _object(_cell(move, roads), _holder(move, roads), move.cpu, roads, back=False)
    if move.kind is MoveKind.FREE:
        return _object(_cell(move, roads), _holder(move, roads), move.cpu, roads, back=True)
    if move.kind in (MoveKind.SPLIT, MoveKind.MERGE):
        return _between_columns(roads.anchors[move.source], roads.anchors[move.target])
    if move.kind is MoveKind.SLAB and move.target == COUNTED:
        return _to_count(_source(move, roads), roads)
    if move.kind is MoveKind.SLAB:
        return _slab(_source(move, roads), _target(move, roads), roads)
    if move.target[0] == "active":
        return _from_count(_target(move, roads), roads)
    return _pages(move, roads)


def _source(move: Move, roads: Roads) -> Rect:
    """Return the place a slab leaves: its own dashed one if there is one, else that of the list."""
    key: Key = ("slab", move.slab)
    if key in roads.anchors:
        return roads.anchors[key]
    return _list_place(move.source, roads)


def _target(move: Move, roads: Roads) -> Rect:
    """Return the place a slab reaches: the dashed one that expects it if there is one, else that of the list."""
    key: Key = ("expected", move.slab)
    if key in roads.anchors:
        return roads.anchors[key]
    return _list_place(move.target, roads)


def _list_place(key: Key, roads: Roads) -> Rect:
    """The first card's place of the node's lists, else the place itself."""
    rect = roads.anchors[key]
    if key == ("partial",):
        _, _, w, h = roads.anchors["full",]
        return rect[0], rect[1], min(w, rect[2]), min(h, rect[3])
    return rect


def _cell(move: Move, roads: Roads) -> Rect:
    """Where the object lies in its slab. What a CPU hands out comes from its active slab, wherever that is now."""
    rect = roads.anchors.get(("cell", move.slab, move.obj))
    active = roads.anchors["active", move.cpu]
    if move.kind is MoveKind.ALLOC:
        return rect if rect is not None and holds(active, middle(rect)) else active
    return rect if rect is not None else active


def _holder(move: Move, roads: Roads) -> Rect:
    return roads.anchors["holder", move.actor]


def _object(cell: Rect, card: Rect, cpu: int, roads: Roads, *, back: bool) -> Route:
    inner, way = _from_slab(cell, cpu, roads)
    way = [*way, *_to_holder(card, way[-1], cpu, roads)]
    points = [inner, *way]
    if back:
        return Route(track(tuple(points[::-1])), tuple(way[::-1]))
    return Route(track(tuple(points)), tuple(way))


def _from_slab(cell: Rect, cpu: int, roads: Roads) -> tuple[Point, list[Point]]:
    """The middle of a cell, and the way from under its card to the last corner before channel 2."""
    x, y = middle(cell)
    lane = roads.lane_of(cell)
    holder_x = roads.holder_x(cpu)
    if lane is not None:
        gap, corridor = roads.gap_y(lane), roads.corridor_y(cpu)
        if abs(gap - corridor) <= _SAME:
            corridor = gap
        return (x, y), [
            (x, _foot(cell, roads)), (x, gap), (roads.object_x, gap), (roads.object_x, corridor), (holder_x, corridor)
        ]  # fmt: skip
    if roads.in_node(cell):
        row = _foot(cell, roads) + _OVER
        return (x, y), [(x, row - _OVER), (x, row), (holder_x, row)]
    return (x, y), [(x, y), (holder_x, y)]


def _foot(cell: Rect, roads: Roads) -> int:
    """The lower edge of the card that a cell lies in."""
    inside = middle(cell)
    for key in (*(("active", cpu) for cpu in range(roads.cpus)), *(("parked", cpu) for cpu in range(roads.cpus))):
        card = roads.anchors.get(key)
        if card is not None and card[1] <= inside[1] < card[1] + card[3]:
            return card[1] + card[3]
    return next(
        (rect[1] + rect[3] for key, rect in roads.anchors.items() if key[0] in ("slab", "expected") and
         holds(rect, inside)),
        cell[1] + cell[3],
    )  # fmt: skip


def _to_holder(card: Rect, last: Point, cpu: int, roads: Roads) -> list[Point]:
    """From channel 2 into a card: straight for the left column, through the gap between the columns for the right."""
    x, y, _, h = card
    height = y + min(h, _MARK * 2) // 2
    end = x - _OVER if card == dict.get(roads.anchors, ("more",)) else x + _MARK
    gap = roads.anchors.get(("gap", "holders"))
    if gap is None or x < gap[0]:
        return [(last[0], height), (end, height)]
    between = gap[0] + gap[2] // 2
    return [(last[0], y - _OVER), (between, y - _OVER), (between, height), (end, height)]


def _slab(source: Rect, target: Rect, roads: Roads) -> Route:
    """Between two cards. Both in one lane: through the gap under it."""
    first, second = _way_out(source, roads), _way_out(target, roads)
    rows = (_gap(source, roads), _gap(target, roads))
    if rows[0] == rows[1]:
        first, second = first[:-1], second[:-1]
    way = (*first, *second[::-1])
    return Route(track((middle(source), *way, middle(target))), way, rows)


def _gap(card: Rect, roads: Roads) -> tuple[int, int]:
    """The gap that a card leaves its row by, and where channel 1 is."""
    lane = roads.lane_of(card)
    return (roads.row_y(card) if lane is None else roads.gap_y(lane)), roads.slab_x


def _way_out(card: Rect, roads: Roads) -> list[Point]:
    """From a card's edge to the middle track of channel 1."""
    x, (gap, channel) = middle(card)[0], _gap(card, roads)
    return [(x, card[1] + card[3]), (x, gap), (channel, gap)]


def _to_count(source: Rect, roads: Roads) -> Route:
    """A slab that will be given back stops in the channel, beside the count that will change."""
    left, _, _, _ = roads.anchors["nr_slabs",]
    beside = roads.slab_x, roads.count_y
    way = (*_way_out(source, roads), beside)
    return Route(track((middle(source), *way)), (*way, (left, beside[1])), (_gap(source, roads),))


def _from_count(target: Rect, roads: Roads) -> Route:
    """A new slab that has been counted goes on from under the count."""
    way = (roads.under_count, (roads.slab_x, roads.pages_y), *_way_out(target, roads)[::-1])
    return Route(track((*way, middle(target))), way, (_gap(target, roads),))


def _pages(move: Move, roads: Roads) -> Route:
    """Between the buddy row and the node's count. Pages run under the node; those of a new slab stop under the
    count."""
    beside = roads.slab_x, roads.count_y
    if move.source == move.target:
        return Route(track((beside,)), ())
    if move.target == COUNTED:
        inner, way = _from_memory(move.source, roads)
        x, _ = roads.under_count
        road = (*way, roads.under_count)
        return Route(track((inner, *road)), (*road, (x, roads.count_y + _INTO_COUNT)))
    inner, way = _from_memory(move.target, roads)
    road = (beside, (roads.slab_x, roads.pages_y), *way[::-1])
    return Route(track((*road, inner)), road)


def _from_memory(key: Key, roads: Roads) -> tuple[Point, list[Point]]:
    """From a column of free blocks, or from the line of the page sets, to the road under the node."""
    x, y, w, h = roads.anchors[key]
    if key[0] == "pcp":
        height = y + h // 2
        return (x, height), [(x, height), (roads.panel_x, height), (roads.panel_x, roads.pages_y)]
    return (x + w // 2, y + h // 3), [(x + w // 2, y), (x + w // 2, roads.pages_y)]


def _between_columns(source: Rect, target: Rect) -> Route:
    """A block changes its order: over the bars."""
    (ax, _), (bx, _) = middle(source), middle(target)
    height = source[1] + source[3] // 3
    return Route(track(((ax, height), (bx, height))), ())
