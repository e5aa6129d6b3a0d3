"""Polylines with rounded corners, cut into pieces that share no pixel: a route over the whole stage takes little room.

Points lie on whole pixels; a line whose width is odd runs through the middles of the pixels below and right of its
points, one whose width is even along their borders, so that horizontal and vertical lines are crisp.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Field, Spot
from slabviz.render.ink import Coverage, Mask, mask_of

_MERGE_AREA = 4096
"""A line whose rectangle has no more pixels than this is one piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a picture: where its upper left corner is, in pixels, and its mask."""

    x: int
    y: int
    mask: Mask


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn, in pixels of the screen: see ``scene.display.Line``."""

    width: float
    dash: tuple[float, float] | None = None
    offset: float = 0.0
    radius: float = 0.0
    arrow: bool = False

    @property
    def half(self) -> float:
        """Half the width."""
        return self.width / 2

    @property
    def shift(self) -> float:
        """How far the middle of the line is from its points, both right and down."""
        return 0.5 if max(1, int(self.width)) % 2 else 0.0

    @property
    def head(self) -> int:
        """The length of the arrow head, 0 for a line without one."""
        return math.ceil(4 + 2 * self.width) if self.arrow else 0

    def stroke(self, away: Field, along: Field) -> Mask:
        """Return the mask of the line, from each pixel's distance to its middle and the length along it."""
        line: Coverage = np.clip(np.float32(self.half + 0.5) - np.abs(away), 0, min(1.0, self.width))
        return mask_of(line * cover.dashes(along, self.dash, self.offset) if self.dash else line)


def direction(a: Spot, b: Spot) -> Spot:
    """Return the unit vector from ``a`` to ``b``, two different points."""
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def step(spot: Spot, towards: Spot, length: float) -> Spot:
    """Return the point ``length`` pixels from ``spot`` in a direction."""
    return spot[0] + towards[0] * length, spot[1] + towards[1] * length


def simplified(points: Sequence[Spot]) -> list[Spot]:
    """Drop points that do not bend the line."""
    path: list[Spot] = []
    for point in points:
        if path and path[-1] == point:
            continue
        if len(path) > 1 and direction(path[-2], path[-1]) == direction(path[-1], point):
            path.pop()
        path.append(point)
    return path


def head_piece(path: Sequence[Spot], pen: Pen) -> Piece:
    """Draw the arrow head at the end of a path."""
    towards = direction(path[-2], path[-1])
    slanted = towards[0] and towards[1]
    tip = (path[-1][0] + pen.shift * bool(slanted or towards[1]), path[-1][1] + pen.shift * bool(slanted or towards[0]))
    base, half = step(tip, towards, -pen.head), 2 + pen.width
    across = (-towards[1], towards[0])
    corners = [tip, step(base, across, half), step(base, across, -half)]
    left, top = (math.floor(min(spot[axis] for spot in corners)) for axis in (0, 1))
    right, bottom = (math.ceil(max(spot[axis] for spot in corners)) for axis in (0, 1))
    x, y = cover.grid(left, top, right - left, bottom - top)
    distance, _ = cover.polygon_distance(x, y, corners)
    return Piece(left, top, mask_of(cover.inside(distance)))


def merged(pieces: list[Piece]) -> list[Piece]:
    """Make one piece of those of a small line."""
    if len(pieces) < 2:
        return pieces
    left, top = min(piece.x for piece in pieces), min(piece.y for piece in pieces)
    right = max(piece.x + piece.mask.shape[1] for piece in pieces)
    bottom = max(piece.y + piece.mask.shape[0] for piece in pieces)
    if (right - left) * (bottom - top) > _MERGE_AREA:
        return pieces
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for piece in pieces:
        height, width = piece.mask.shape
        room = mask[piece.y - top : piece.y - top + height, piece.x - left : piece.x - left + width]
        np.maximum(room, piece.mask, out=room)
    return [Piece(left, top, mask)]
