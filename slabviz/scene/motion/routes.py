"""The route of each move: from what it leaves, over the roads, to what it reaches. Objects start and end in the middle
of cells and marks, slabs at the edge of their places, whose words stay legible.
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
_WITH_SQUARES, _SQUARES = 50, 20
"""A holder card so high has a row of squares, so high, under its mark."""
_SAME = 8
"""Two roads that lie so close beside each other are one."""
_OVER = 4
"""Over a holder card, in the gap to the row above."""


@dataclass(slots=True, frozen=True)
class Route:
    """``track`` is the whole way, ``road`` the corners of the part that is drawn."""

    track: Track
    road: tuple[Point, ...]


def route_of(move: Move, roads: Roads) -> Route:
    """Return the route of a move between the places that the picture has now."""
    if move.kind in (MoveKind.ALLOC, MoveKind.FREE):
        return _object(move, roads)
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


def _cell(move: Move, roads: Roads) -> tuple[Rect, Rect]:
    """Where the object lies in its slab, and the slab's card. What a CPU hands out comes from its active slab, wherever
    that is now."""
    card = roads.anchors.get(("slab", move.slab))
    active = roads.anchors["active", move.cpu]
    if card is None or (move.kind is MoveKind.ALLOC and not holds(active, middle(card))):
        return active, active
    return roads.anchors["cell", move.slab, move.obj], card


def _object(move: Move, roads: Roads) -> Route:
    cell, card = _cell(move, roads)
    first = _from_slab(cell, card, move.cpu, roads)
    last, mark = _to_holder(roads.anchors["holder", move.actor], first[-1], roads)
    road = (*first, *last)
    whole = (middle(cell), *road, mark)
    if move.kind is MoveKind.FREE:
        return Route(track(whole[::-1]), road[::-1])
    return Route(track(whole), road)


def _from_slab(cell: Rect, card: Rect, cpu: int, roads: Roads) -> list[Point]:
    """From under a card to the last corner before channel 2."""
    x, foot, end = middle(cell)[0], card[1] + card[3], roads.holder_x(cpu)
    lane = roads.lane_of(card)
    if lane is None:
        return [(x, foot), (x, roads.row_y(card)), (end, roads.row_y(card))]
    gap, corridor = roads.gap_y(lane), roads.corridor_y(cpu)
    if abs(gap - corridor) <= _SAME:
        corridor = gap
    return [(x, foot), (x, gap), (roads.object_x, gap), (roads.object_x, corridor), (end, corridor)]


def _to_holder(card: Rect, last: Point, roads: Roads) -> tuple[list[Point], Point]:
    """From channel 2 to a card's edge, and the middle of its mark: straight for the left column, over the row and down
    for the right. Those without room share a card that has no mark: to that through the gap between the columns."""
    x, y, _, h = card
    height = y + (h - _SQUARES if h >= _WITH_SQUARES else h) // 2
    shared = card == dict.get(roads.anchors, ("more",))
    mark = (x - _OVER if shared else x + _MARK, height)
    gap = roads.anchors.get(("gap", "holders"))
    if gap is None or x < gap[0] or roads.rail is not None:
        return [(last[0], height), (x, height)], mark
    over = y > gap[1]  # over the first row there is text
    row = y - _OVER if over else y + h + _OVER
    if not shared:
        return [(last[0], row), (mark[0], row), (mark[0], y if over else y + h)], mark
    between = gap[0] + gap[2] // 2
    return [(last[0], row), (between, row), (between, height), (x, height)], mark


def _slab(source: Rect, target: Rect, roads: Roads) -> Route:
    """Between two cards. Both in one lane: through the gap under it."""
    first, second = _way_out(source, roads), _way_out(target, roads)
    if _gap(source, roads) == _gap(target, roads):
        first, second = first[:-1], second[:-1]
    way = (*first, *second[::-1])
    return Route(track(way), way)


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
    return Route(track(way), (*way, (left, beside[1])))


def _from_count(target: Rect, roads: Roads) -> Route:
    """A new slab that has been counted goes on from under the count."""
    way = (roads.under_count, (roads.slab_x, roads.pages_y), *_way_out(target, roads)[::-1])
    return Route(track(way), way)


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
    corner = (roads.slab_x, roads.pages_y)
    road = (beside, *(() if way[-1] == corner else (corner,)), *way[::-1])
    return Route(track((*road, inner)), road)


def _from_memory(key: Key, roads: Roads) -> tuple[Point, list[Point]]:
    """From a column of free blocks, or from the line of the page sets, to the road under the node: from a column under
    the title of the panel, and up in channel 1."""
    x, y, w, h = roads.anchors[key]
    if key[0] == "pcp":
        height = y + h // 2
        return (x, height), [(x, height), (roads.panel_x, height), (roads.panel_x, roads.pages_y)]
    return (x + w // 2, y + h // 3), [(x + w // 2, y), (roads.slab_x, y), (roads.slab_x, roads.pages_y)]


def _between_columns(source: Rect, target: Rect) -> Route:
    """A block changes its order: over the bars."""
    (ax, _), (bx, _) = middle(source), middle(target)
    height = source[1] + source[3] // 3
    return Route(track(((ax, height), (bx, height))), ())
