"""Paths: the way of a slab in flight, the lit one of the told story, and what was asked and answered with no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slabviz.scene.display import Colour, Line, Node, Point
from slabviz.scene.motion.pace import TICK_MS
from slabviz.scene.motion.roads import Roads
from slabviz.scene.motion.routes import COUNTED, route_of
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.motion.track import RADIUS, track
from slabviz.scene.moves import Move

_LIT_DASH = (9, 4)
_ASKED_DASH = (2, 4)
_GLOW_ALPHA = 33  # 0.13
_ROUTE_ALPHA = 71  # 0.28
_MS_PER_PX, _LONGEST_MS = 0.6, 480
"""A lit path is drawn in 60 ms per 100 px, but never longer than this."""
_GRAIN = 40
"""px by which a path that is being drawn grows: each length is a picture of its own."""
_RUNS = 24
"""px a second that its dashes run, once it is drawn."""


def path_nodes(slabs: Sequence[Move], position: float, scenery: Scenery) -> list[Node]:
    """Return the paths of slabs in flight; the first one of the lit CPU is lit, those that follow it are pink."""
    nodes: list[Node] = []
    if scenery.hot >= 0:
        nodes += asked_nodes(scenery)
    if not scenery.pace.trail:
        return nodes
    started = [move for move in slabs if move.start <= position]
    lit = next((move for move in started if move.cpu == scenery.hot), None)
    for move in started:
        if move is not lit:
            nodes += _quiet(scenery.route(move).road, "slow" if move.cpu == scenery.hot else "slab")
    return nodes + _lit(lit, position, scenery) if lit is not None else nodes


def _quiet(road: tuple[Point, ...], colour: Colour) -> list[Node]:
    return [Line(road, colour, 2, radius=RADIUS, arrow=True, alpha=_ROUTE_ALPHA)] if len(road) > 1 else []


def _lit(move: Move, position: float, scenery: Scenery) -> list[Node]:
    """The way of this move, and of a new slab also the way that its pages came."""
    elapsed = (position - move.start) * TICK_MS
    nodes = _drawn(scenery.route(move).road, elapsed)
    if move.origin:
        came = replace(move, source=move.origin, target=COUNTED)
        nodes = [_whole(route_of(came, scenery.roads).road, elapsed), *nodes]
    return nodes


def _drawn(road: tuple[Point, ...], elapsed: float) -> list[Node]:
    """A lit path while it is drawn, and then as a whole with running dashes."""
    if len(road) < 2 or elapsed < 0:
        return []
    length = track(road).length
    needed = min(length * _MS_PER_PX, _LONGEST_MS)
    if elapsed >= needed:
        return [*_glow(road), _whole(road, elapsed - needed)]
    part = int(length * elapsed / needed) // _GRAIN * _GRAIN
    if not part:
        return []
    short = track(road).until(part)
    return [*_glow(short), _whole(short, 0)]


def _glow(road: tuple[Point, ...]) -> list[Node]:
    return [Line(road, "slow", 9, radius=RADIUS, alpha=_GLOW_ALPHA)]


def _whole(road: tuple[Point, ...], running: float) -> Line:
    offset = -int(running * _RUNS / 1000) % sum(_LIT_DASH)
    return Line(road, "slow", 2.5, _LIT_DASH, offset, RADIUS, arrow=True)


def asked_nodes(scenery: Scenery) -> list[Node]:
    """Return the dotted way from the lit CPU to the node's partial list, if the told story has asked there."""
    asked = any(post.place == ("partial",) and post.edge == "upper" and post.when == "done"
                for post in scenery.state.signposts)  # fmt: skip
    if not asked or scenery.state.node.partial_place is None:
        return []
    return [Line(_request(scenery.roads, scenery.hot), "slow", 2, _ASKED_DASH, 0, 8, arrow=True)]


def _request(roads: Roads, cpu: int) -> tuple[Point, ...]:
    x, y, w, h = roads.anchors["lane", cpu]
    px, py, _, ph = roads.anchors["partial",]
    height, level = y + h * 3 // 5, py + min(ph // 2, 28)
    if roads.lane_of((x + w + 8, y, 1, h)) is not None:  # there is another column of lanes on the way
        height = roads.gap_y((x, y, w, h))
    return (x + w, height), (roads.request_x, height), (roads.request_x, level), (px, level)
