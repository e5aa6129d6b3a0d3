"""Flat closed shapes. The outline lies inside the edge, as a box's does, and so keeps sharp points sharp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Field
from slabviz.render.ink import Coverage, Pixels32, mix
from slabviz.scene.theme import RGB


@dataclass(frozen=True, slots=True)
class PolygonLook:
    """A polygon in pixels of the screen, its colours resolved; see ``scene.display.Polygon``."""

    points: tuple[tuple[int, int], ...]
    fill: RGB | None
    stroke: RGB | None
    width: float
    dash: tuple[float, float] | None
    alpha: int


def polygon_pixels(look: PolygonLook) -> tuple[int, int, Pixels32]:
    """Return the place of the upper left corner and the pixels of a polygon of three points or more."""
    left, top = (min(point[axis] for point in look.points) for axis in (0, 1))
    right, bottom = (max(point[axis] for point in look.points) for axis in (0, 1))
    x, y = cover.grid(left, top, max(1, right - left), max(1, bottom - top))
    distance, along = cover.polygon_distance(x, y, look.points)
    whole = cover.inside(distance)
    if look.stroke is None:
        return left, top, mix([(whole, look.fill or (0, 0, 0))], look.alpha if look.fill else 0)
    outline = whole - cover.inside(distance + np.float32(look.width))
    if look.dash:
        outline = outline * _dashes(look.dash, look.points, along)
    layers = [(outline, look.stroke)]
    if look.fill:
        layers.append((whole - outline, look.fill))
    return left, top, mix(layers, look.alpha)


def _dashes(dash: tuple[float, float], points: Sequence[tuple[int, int]], along: Field) -> Coverage:
    """Return the dash pattern, stretched to fit the whole edge a whole number of times."""
    edge = max(1.0, sum(math.dist(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)))
    stretch = edge / max(1, round(edge / sum(dash))) / sum(dash)
    return cover.dashes(along, (dash[0] * stretch, dash[1] * stretch), dash[0] * stretch / 2)
