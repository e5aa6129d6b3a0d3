"""Rectangles with rounded or cut corners. The outline lies inside the edge, as a border does.

A small box is one sprite. A big one is four corners, its straight edges and its middle, so that a panel costs little
however large it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Field
from slabviz.render.ink import Coverage, Pixels32, mix
from slabviz.scene.theme import RGB


@dataclass(frozen=True, slots=True)
class BoxLook:
    """A box in pixels of the screen, its colours resolved; see ``scene.display.Box``."""

    w: int
    h: int
    fill: RGB | None
    stroke: RGB | None
    width: float
    radius: float
    dash: tuple[float, float] | None
    alpha: int
    cut: float

    @property
    def border(self) -> int:
        """The number of pixels at an edge that have some of the outline."""
        return math.ceil(self.width) if self.stroke else 0

    @property
    def corner(self) -> int:
        """The side of the square in which a corner is not straight, in pixels."""
        return max(math.ceil(self.radius), self.border) + 1


def box_pixels(look: BoxLook) -> Pixels32:
    """Return the whole box, (h, w)."""
    if look.cut:
        return _compose(look, *_fields(look, look.w, look.h))
    quarter = _compose(look, *_fields(look, (look.w + 1) // 2, (look.h + 1) // 2))
    upper = np.concatenate((quarter, quarter[:, ::-1][:, look.w % 2 :]), axis=1)
    return np.concatenate((upper, upper[::-1][look.h % 2 :]), axis=0)


def corner_pixels(look: BoxLook) -> Pixels32:
    """Return the upper left corner of a box without cut corners, (corner, corner)."""
    return _compose(look, *_fields(look, look.corner, look.corner))


def edge_pixels(look: BoxLook) -> tuple[Pixels32, Pixels32]:
    """Return the outline and what it stands on, between the corners: of the upper edge, and of the left edge."""
    upper = _compose(look, *_fields(look, look.w - look.corner, look.border))[:, look.corner :]
    left = _compose(look, *_fields(look, look.border, look.h - look.corner))[look.corner :]
    return upper, left


def _fields(look: BoxLook, width: int, height: int) -> tuple[Field, Field]:
    """Return the pixels' distances to the nearer vertical and the nearer horizontal edge, from the upper left on."""
    x, y = cover.grid(0, 0, width, height)
    return np.minimum(x, look.w - x), np.minimum(y, look.h - y)


def _compose(look: BoxLook, x: Field, y: Field) -> Pixels32:
    distance = cover.corner_distance(x, y, look.radius)
    if look.cut:
        distance = np.maximum(distance, _cut_distance(look, distance.shape))
    whole = cover.inside(distance)
    if look.stroke is None:
        return mix([(whole, look.fill or (0, 0, 0))], look.alpha if look.fill else 0)
    outline = whole - cover.inside(distance + np.float32(look.width))
    if look.dash:
        outline = outline * _dashes(look, x, y)
    layers = [(outline, look.stroke)]
    if look.fill:
        layers.append((whole - outline, look.fill))
    return mix(layers, look.alpha)


def _cut_distance(look: BoxLook, shape: tuple[int, ...]) -> Field:
    """Return the signed distance to the slanted edges at the upper left and the lower right."""
    x, y = cover.grid(0, 0, shape[1], shape[0])
    short = np.minimum(x + y, look.w + look.h - x - y)
    field: Field = ((look.cut - short) * np.float32(math.sqrt(0.5))).astype(np.float32)
    return field


def _dashes(look: BoxLook, x: Field, y: Field) -> Coverage:
    """Return the dash pattern: a dash on every corner, and as many as fit best on each side between."""
    dash, bend = look.dash or (1, 0), max(0.0, look.radius - look.width / 2)
    turn = np.arctan2(look.radius - y, look.radius - x) - np.float32(math.pi / 4)
    round_ = (x < look.radius) & (y < look.radius)
    half_arc = bend * math.pi / 4
    horizontal = np.where(round_, turn > 0, y <= x)
    straight = np.maximum(np.where(horizontal, x, y) - np.float32(look.radius), 0) + np.float32(half_arc)
    along = np.where(round_, np.abs(turn) * np.float32(bend), straight).astype(np.float32)
    across = cover.dashes(along, *_fitted(dash, look.w - 2 * look.radius + 2 * half_arc))
    down = cover.dashes(along, *_fitted(dash, look.h - 2 * look.radius + 2 * half_arc))
    chosen: Coverage = np.where(horizontal, across, down)
    return chosen


def _fitted(dash: tuple[float, float], side: float) -> tuple[tuple[float, float], float]:
    """Return the dash stretched to fit a side a whole number of times, and the offset that centres one on its start."""
    stretch = max(1.0, side) / max(1, round(side / sum(dash))) / sum(dash)
    on = dash[0] * stretch
    return (on, dash[1] * stretch), on / 2
