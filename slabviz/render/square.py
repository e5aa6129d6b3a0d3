"""Lines of horizontal and vertical parts: each straight part is a strip, each corner a small square."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Spot
from slabviz.render.ink import mask_of
from slabviz.render.strokes import Pen, Piece, direction, step


@dataclass(frozen=True, slots=True)
class _Leg:
    """A straight part, which begins ``start`` pixels along the line."""

    a: Spot
    b: Spot
    start: float


@dataclass(frozen=True, slots=True)
class _Bend:
    """A right angle between two directions; its arc begins ``start`` pixels along the line.

    Its square reaches ``reach`` pixels back from the corner, at least as far as the two parts would overlap.
    """

    corner: Spot
    into: Spot
    out: Spot
    radius: int
    reach: int
    start: float


def square_pieces(path: Sequence[Spot], pen: Pen) -> Iterator[Piece]:
    """Return the pieces of a path on whole pixels that turns by right angles only, without its arrow head."""
    for part in _parts(path, pen):
        if isinstance(part, _Bend):
            yield _bend_piece(part, pen)
        elif part.a != part.b:
            yield _leg_piece(part, pen)


def _parts(path: Sequence[Spot], pen: Pen) -> Iterator[_Leg | _Bend]:
    here, start = path[0], 0.0
    for index in range(1, len(path) - 1):
        bend = _bend(path, index, pen, here, start)
        edge = step(bend.corner, bend.into, -bend.reach)
        yield _Leg(here, edge, start)
        yield bend
        here = step(bend.corner, bend.out, bend.reach)
        start = bend.start + bend.radius * math.pi / 2 + bend.reach - bend.radius
    towards = direction(path[-2], path[-1])
    end = step(path[-1], towards, -pen.head)
    if (end[0] - here[0]) * towards[0] + (end[1] - here[1]) * towards[1] > 0:
        yield _Leg(here, end, start)


def _bend(path: Sequence[Spot], index: int, pen: Pen, here: Spot, start: float) -> _Bend:
    """Measure a corner: radius and reach are whole pixels, so that the straight parts end on whole pixels."""
    corner = path[index]
    room = min(_room(path, index - 1, pen), _room(path, index, pen))
    radius = max(0, int(min(pen.radius, room)))
    reach = max(radius, min(math.ceil(pen.half + pen.shift), int(room)))
    length = abs(corner[0] - here[0]) + abs(corner[1] - here[1])
    into, out = direction(path[index - 1], corner), direction(corner, path[index + 1])
    return _Bend(corner, into, out, radius, reach, start + length - radius)


def _room(path: Sequence[Spot], part: int, pen: Pen) -> float:
    """Return how much of a part a corner at its end may take: half of it, all of it where no other corner follows."""
    (ax, ay), (bx, by) = path[part], path[part + 1]
    length = abs(bx - ax) + abs(by - ay)
    if part == len(path) - 2:
        return length - pen.head
    return length if part == 0 else length / 2


def _leg_piece(leg: _Leg, pen: Pen) -> Piece:
    """Draw a straight part: its profile across times its dashes along."""
    level = leg.a[1] == leg.b[1]
    (begin, lane), (end, _) = (leg.a, leg.b) if level else (leg.a[::-1], leg.b[::-1])
    low, high = int(min(begin, end)), int(max(begin, end))
    near, far = lane + pen.shift - pen.half, lane + pen.shift + pen.half
    first = math.floor(near)
    profile = cover.interval(near, far, first, math.ceil(far) - first)
    x, _ = cover.grid(low, 0, high - low, 1)
    along = np.abs(x - np.float32(begin)) + np.float32(leg.start)
    dashes = cover.dashes(along, pen.dash, pen.offset) if pen.dash else np.ones_like(along)
    strip = profile[:, None] * dashes
    if level:
        return Piece(low, first, mask_of(strip))
    return Piece(first, low, mask_of(strip.T))


def _bend_piece(bend: _Bend, pen: Pen) -> Piece:
    """Draw a corner, in the square from where it begins to turn to the outer side of the line."""
    (left, width), (top, height) = (_span(bend, pen, axis) for axis in (0, 1))
    x, y = cover.grid(left - bend.corner[0] - pen.shift, top - bend.corner[1] - pen.shift, width, height)
    # Seen from the middle of the arc: how far ahead on the way in, and how far back on the way out.
    radius = np.float32(bend.radius)
    ahead = radius + x * np.float32(bend.into[0]) + y * np.float32(bend.into[1])
    back = radius - x * np.float32(bend.out[0]) - y * np.float32(bend.out[1])
    turning = (ahead > 0) & (back > 0)
    away = np.maximum(ahead, back)
    if bend.radius:
        away = np.where(turning, np.hypot(ahead, back), away) - radius
    angle = np.arctan2(np.maximum(ahead, 0), np.maximum(back, 0))
    straight = np.where(back >= ahead, ahead, radius * np.float32(math.pi / 2) - back)
    along = np.where(turning, angle * radius, straight) + np.float32(bend.start)
    return Piece(left, top, pen.stroke(away, along))


def _span(bend: _Bend, pen: Pen, axis: int) -> tuple[int, int]:
    """Return the first pixel and the number of pixels of one side of a corner's square."""
    corner, middle = bend.corner[axis], bend.corner[axis] + pen.shift
    if bend.into[axis] - bend.out[axis] > 0:
        low, high = int(corner) - bend.reach, math.ceil(middle + pen.half)
    else:
        low, high = math.floor(middle - pen.half), int(corner) + bend.reach
    return low, high - low
