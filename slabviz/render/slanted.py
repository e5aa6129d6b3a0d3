"""Lines of any direction: drawn in squares of the plane, in each only as far as the line reaches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import PathPart, Spot
from slabviz.render.strokes import Pen, Piece, direction, step

_TILE = 96
"""The side of a square, in pixels."""

_ARC_STEP = math.pi / 12
"""A rounded corner is drawn as straight parts that turn by no more than this."""


def slanted_pieces(path: Sequence[Spot], pen: Pen) -> Iterator[Piece]:
    """Return the pieces of a path of any direction, without its arrow head."""
    shifted = [(x + pen.shift, y + pen.shift) for x, y in path]
    shifted[-1] = step(shifted[-1], direction(shifted[-2], shifted[-1]), -pen.head)
    parts = cover.path_parts(_rounded(shifted, pen.radius))
    columns, rows = (_tiles([part.b for part in parts] + [parts[0].a], axis, pen.half + 1) for axis in (0, 1))
    for left in columns:
        for top in rows:
            yield from _tile_piece(parts, pen, left, top)


def _tiles(spots: Sequence[Spot], axis: int, reach: float) -> range:
    low, high = min(spot[axis] for spot in spots) - reach, max(spot[axis] for spot in spots) + reach
    return range(math.floor(low / _TILE) * _TILE, math.ceil(high), _TILE)


def _tile_piece(parts: Sequence[PathPart], pen: Pen, left: int, top: int) -> Iterator[Piece]:
    reach = pen.half + 1
    near = [part for part in parts if _touches(part, left - reach, top - reach, _TILE + 2 * reach)]
    if not near:
        return
    spots = [spot for part in near for spot in (part.a, part.b)]
    x0, y0 = (max(edge, math.floor(min(spot[axis] for spot in spots) - reach)) for axis, edge in ((0, left), (1, top)))
    x1, y1 = (
        min(edge + _TILE, math.ceil(max(spot[axis] for spot in spots) + reach)) for axis, edge in ((0, left), (1, top))
    )
    if x1 > x0 and y1 > y0:
        x, y = cover.grid(x0, y0, x1 - x0, y1 - y0)
        yield Piece(x0, y0, pen.stroke(*cover.nearest_on_path(x, y, near)))


def _touches(part: PathPart, left: float, top: float, side: float) -> bool:
    (ax, ay), (bx, by) = part.a, part.b
    return max(ax, bx) >= left and min(ax, bx) <= left + side and max(ay, by) >= top and min(ay, by) <= top + side


def _rounded(path: Sequence[Spot], radius: float) -> list[Spot]:
    """Replace the corners of a path by arcs, each in the nearer halves of its two sides."""
    found = [path[0]]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        found.extend(_arc(before, corner, after, radius) if radius else [corner])
    return [*found, path[-1]]


def _arc(before: Spot, corner: Spot, after: Spot, radius: float) -> list[Spot]:
    into, out = direction(before, corner), direction(corner, after)
    turn = math.acos(max(-1.0, min(1.0, into[0] * out[0] + into[1] * out[1])))
    room = min(math.dist(before, corner), math.dist(corner, after)) / 2
    tangent = min(radius * math.tan(min(turn, 3.0) / 2), room)
    count = max(1, math.ceil(turn / _ARC_STEP))
    if tangent < 1 or count == 1:
        return [corner]
    start, end = step(corner, into, -tangent), step(corner, out, tangent)
    # A quadratic curve: it cuts the corner a little less than an arc would, and is as smooth.
    steps = np.linspace(0, 1, count + 1).tolist()
    return [
        (
            (1 - u) ** 2 * start[0] + 2 * u * (1 - u) * corner[0] + u * u * end[0],
            (1 - u) ** 2 * start[1] + 2 * u * (1 - u) * corner[1] + u * u * end[1],
        )
        for u in steps
    ]
