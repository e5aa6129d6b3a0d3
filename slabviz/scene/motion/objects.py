"""Objects in flight: solid, outlined in white, a trail behind and a word ahead (visual specification, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slabviz.scene.display import Box, Colour, Line, Node, Point, Text
from slabviz.scene.easing import cubic_in_out
from slabviz.scene.layout.styles import LABEL, MARK_STRONG
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.motion.track import Track
from slabviz.scene.moves import Move, MoveKind

SIDE = 22
"""Of a flying object."""
WITH_TRAILS, MOST = 24, 64
"""So many flights have trails; above ``MOST`` those with the same start and end become one."""
_HALO = 3
_SEGMENTS = 16
_WIDEST = 8
_ROUTE_ALPHA = 71  # 0.28
_FAINTEST, _BRIGHTEST = 13, 115  # 0.05 and 0.45
_FROM_WORD = 20
_FADES = 16
"""Steps of alpha: each one is a picture of its own."""
_WORDS = {MoveKind.ALLOC: "alloc", MoveKind.FREE: "free"}
"""The kernel's words are the same in every language."""


def object_nodes(flights: Sequence[Move], position: float, scenery: Scenery) -> list[Node]:
    """Return the routes, trails and objects of moves of objects, in the order of their events."""
    nodes: list[Node] = []
    started = [move for move in flights if move.start <= position]
    groups = _groups(flights)
    if scenery.pace.trail:
        nodes += _routes(started[:WITH_TRAILS], scenery)
        for move in started[:WITH_TRAILS]:
            route, share = scenery.route(move), cubic_in_out(move.progress(position))
            nodes += trail_nodes(route.track, share, scenery.pace.trail, scenery.owner(move.actor)[1])
    spots = [object_spot(move, position, scenery) for move, _ in groups]
    for (move, count), spot in zip(groups, spots, strict=True):
        nodes += _object(move, spot, position, scenery)
        if count > 1 or len(groups) <= WITH_TRAILS:
            nodes += _word(move, count, spot, position, scenery, spots)
    return nodes


def _routes(moves: Iterable[Move], scenery: Scenery) -> list[Node]:
    """Each route in use once."""
    roads = {(scenery.route(move).road, scenery.owner(move.actor)[1]) for move in moves}
    return [
        Line(road, colour, 1.5, radius=14, arrow=True, alpha=_ROUTE_ALPHA) for road, colour in sorted(roads)
    ]  # fmt: skip


def _groups(flights: Sequence[Move]) -> list[tuple[Move, int]]:
    """Each flight on its own, or above MOST those of one CPU between the same two holders or slabs together."""
    if len(flights) <= MOST:
        return [(move, 1) for move in flights]
    bundles: dict[tuple[object, ...], list[Move]] = {}
    for move in flights:
        bundles.setdefault((move.kind, move.cpu, move.slab, move.actor), []).append(move)
    return [(bundle[0], len(bundle)) for bundle in bundles.values()]


def trail_nodes(track: Track, share: float, length: int, colour: Colour) -> list[Node]:
    """Return the last ``length`` px of the way in 16 pieces that grow wider and brighter towards the thing."""
    piece = max(length // _SEGMENTS, 1)
    nodes: list[Node] = []
    for number in range(_SEGMENTS, 0, -1):
        spot = track.behind(share, SIDE // 2 + (number - 1) * piece)
        before = track.behind(share, SIDE // 2 + number * piece)
        if spot is not None and before is not None:
            near = _SEGMENTS - number
            wide = 1 + (_WIDEST - 1) * near // (_SEGMENTS - 1)
            alpha = _FAINTEST + (_BRIGHTEST - _FAINTEST) * near // (_SEGMENTS - 1)
            nodes.append(_piece(before, spot, wide, colour, alpha))
    return nodes


def _piece(a: Point, b: Point, wide: int, colour: Colour, alpha: int) -> Box:
    """A piece of a trail: along the way, and as long as the step to the next one."""
    (ax, ay), (bx, by) = a, b
    if ay == by:
        return Box(min(ax, bx), ay - wide // 2, max(abs(bx - ax), 1), wide, colour, alpha=alpha)
    if ax == bx:
        return Box(ax - wide // 2, min(ay, by), wide, max(abs(by - ay), 1), colour, alpha=alpha)
    return Box((ax + bx - wide) // 2, (ay + by - wide) // 2, wide, wide, colour, alpha=alpha)


def object_spot(move: Move, position: float, scenery: Scenery) -> Point:
    """Return the middle of an object in flight."""
    return scenery.route(move).track.at(cubic_in_out(move.progress(position)))


def _object(move: Move, spot: Point, position: float, scenery: Scenery) -> list[Node]:
    mark, colour = scenery.owner(move.actor)
    if move.kind is MoveKind.FREE and move.hold and position >= move.start + move.duration:
        return _fading(spot, (move.end - position) / move.hold, colour)
    return chip_nodes(spot, mark, colour, scenery)


def _fading(spot: Point, left: float, colour: Colour) -> list[Node]:
    """An object that has landed loses its owner's colour; what is left under it is a free place."""
    x, y = spot[0] - SIDE // 2, spot[1] - SIDE // 2
    return [Box(x, y, SIDE, SIDE, colour, radius=4, alpha=int(255 * max(left, 0.0)) // _FADES * _FADES)]


def chip_nodes(spot: Point, mark: str, colour: Colour, scenery: Scenery) -> list[Node]:
    """Return a flying object whose middle is at ``spot``."""
    x, y = spot
    wide = max(SIDE, scenery.measure(mark, MARK_STRONG) + 8) if mark else SIDE
    left, top = x - wide // 2, y - SIDE // 2
    return [
        Box(left - _HALO, top - _HALO, wide + 2 * _HALO, SIDE + 2 * _HALO, "bg", radius=6),
        Box(left, top, wide, SIDE, colour, "focus", 1.5, 4),
        Text(x, y, mark, MARK_STRONG, "ink", "m"),
    ]


def _word(move: Move, count: int, spot: Point, position: float, scenery: Scenery, spots: Sequence[Point]) -> list[Node]:
    """The word ahead of a thing, where it has room and covers no other thing."""
    share = cubic_in_out(move.progress(position))
    if not 0 < share < 1 or not scenery.roads.is_open(spot):
        return []
    word = _WORDS[move.kind] if count == 1 else f"{_WORDS[move.kind]} ×{count}"
    (x, y), (across, down) = spot, scenery.route(move).track.heading(share)
    half = scenery.measure(word, LABEL) // 2
    middle = x + across * (_FROM_WORD + half), y + down * _FROM_WORD
    if any(_near(middle, half, other) for other in spots if other != spot):
        return []
    x, y = middle
    plate = Box(x - half - 2, y - LABEL.size // 2 - 1, 2 * half + 4, LABEL.size + 2, "bg", radius=3)
    return [plate, Text(x, y, word, LABEL, "t1", "m")]  # its route and others go on under it


def _near(middle: Point, half: int, spot: Point) -> bool:
    return abs(middle[0] - spot[0]) < half + SIDE // 2 and abs(middle[1] - spot[1]) < SIDE // 2 + LABEL.size // 2
