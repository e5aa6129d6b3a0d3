"""A route as points: a polyline with rounded corners, sampled once every 4 px."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from slabviz.scene.display import Point

STEP = 4
"""Between two samples, in px."""
RADIUS = 14
"""Of a corner, where both of its sides have room."""
_ARC_STEP = 2

Spot = tuple[float, float]


@dataclass(slots=True, frozen=True, eq=False)
class Track:
    """``points`` are the corners, ``samples`` the points along the rounded line, STEP apart; ``length`` in px."""

    points: tuple[Point, ...]
    samples: tuple[Spot, ...]
    length: float

    def at(self, share: float) -> Point:
        """Return where a thing is that has gone this share (0 … 1) of the way."""
        place = share * (len(self.samples) - 1)
        index = min(int(place), max(len(self.samples) - 2, 0))
        (ax, ay), (bx, by) = self.samples[index], self.samples[min(index + 1, len(self.samples) - 1)]
        part = place - index
        return round(ax + (bx - ax) * part), round(ay + (by - ay) * part)

    def behind(self, share: float, distance: int) -> Point | None:
        """Return the point that lies ``distance`` px back on the way, or None before its beginning."""
        back = share * self.length - distance
        return self.at(back / self.length) if back >= 0 and self.length else None

    def heading(self, share: float) -> Point:
        """Return the direction of travel as (-1 | 0 | 1, -1 | 0 | 1)."""
        ahead = self.at(min(share + 6 / max(self.length, 1), 1.0))
        here = self.at(max(share - 6 / max(self.length, 1), 0.0))
        dx, dy = ahead[0] - here[0], ahead[1] - here[1]
        return ((dx > 0) - (dx < 0), 0) if abs(dx) >= abs(dy) else (0, (dy > 0) - (dy < 0))

    def until(self, length: float) -> tuple[Point, ...]:
        """Return the corners of the first ``length`` px, and the point where they end."""
        kept = [self.points[0]]
        for a, b in pairwise(self.points):
            side = math.dist(a, b)
            if side >= length:
                share = length / side if side else 0.0
                return (*kept, (round(a[0] + (b[0] - a[0]) * share), round(a[1] + (b[1] - a[1]) * share)))
            kept.append(b)
            length -= side
        return tuple(kept)


@lru_cache(maxsize=1024)
def track(points: tuple[Point, ...]) -> Track:
    """Return the track along some corners."""
    spots = _rounded(_bent(points))
    lengths = [math.dist(a, b) for a, b in pairwise(spots)]
    total = sum(lengths)
    count = max(round(total / STEP), 1)
    samples: list[Spot] = []
    leg, begun = 0, 0.0
    for number in range(count + 1):
        want = total * number / count
        while leg < len(lengths) - 1 and begun + lengths[leg] < want:
            begun += lengths[leg]
            leg += 1
        samples.append(_between(spots, lengths, leg, want - begun))
    return Track(points, tuple(samples), total)


def _between(spots: list[Spot], lengths: list[float], leg: int, length: float) -> Spot:
    if not lengths or not lengths[leg]:
        return spots[-1]
    (ax, ay), (bx, by) = spots[leg], spots[leg + 1]
    part = min(length / lengths[leg], 1.0)
    return ax + (bx - ax) * part, ay + (by - ay) * part


def _bent(points: tuple[Point, ...]) -> list[Point]:
    """Leave out points that repeat the one before."""
    kept = [points[0]]
    kept += [b for a, b in pairwise(points) if a != b]
    return kept


def _rounded(points: list[Point]) -> list[Spot]:
    """Put a quarter of a circle at each corner."""
    spots: list[Spot] = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(math.dist(before, corner), math.dist(corner, after)) / 2
        spots += _arc(before, corner, after, min(RADIUS, room))
    return [*spots, points[-1]] if len(points) > 1 else spots


def _arc(before: Point, corner: Point, after: Point, radius: float) -> list[Spot]:
    into, out = _towards(before, corner), _towards(corner, after)
    if into == out or radius < 1:
        return [corner]
    steps = max(round(radius * math.pi / 2 / _ARC_STEP), 1)
    found = []
    for number in range(steps + 1):
        angle = math.pi / 2 * number / steps
        back, on = radius * (1 - math.sin(angle)), radius * (1 - math.cos(angle))
        found.append((corner[0] - into[0] * back + out[0] * on, corner[1] - into[1] * back + out[1] * on))
    return found


def _towards(a: Point, b: Point) -> Spot:
    length = math.dist(a, b) or 1.0
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length
