"""How much of each pixel a shape covers, from its signed distance: negative inside, in pixels, at pixel middles.

A straight edge on a whole pixel comes out crisp, a slanted or round one antialiased, without supersampling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from slabviz.render.ink import Coverage

Field: TypeAlias = NDArray[np.float32]
"""(height, width) of distances, lengths or coordinates in pixels."""

Spot: TypeAlias = tuple[float, float]


def inside(distance: Field) -> Coverage:
    """Return the coverage of a shape from the signed distance to its edge."""
    covered: Coverage = np.clip(np.float32(0.5) - distance, 0, 1)
    return covered


def grid(left: float, top: float, width: int, height: int) -> tuple[Field, Field]:
    """Return the middles of the pixels of a rectangle: x as (1, width), y as (height, 1)."""
    x = np.arange(width, dtype=np.float32)[None, :] + np.float32(left + 0.5)
    y = np.arange(height, dtype=np.float32)[:, None] + np.float32(top + 0.5)
    return x, y


def corner_distance(x: Field, y: Field, radius: float) -> Field:
    """Return the signed distance to a rounded corner whose edges run along x = 0 and y = 0, its inside at x, y > 0."""
    straight = -np.minimum(x, y)
    if radius <= 0:
        return straight
    away = np.hypot(radius - x, radius - y) - np.float32(radius)
    field: Field = np.where((x < radius) & (y < radius), away, straight).astype(np.float32)
    return field


@dataclass(frozen=True, slots=True)
class PathPart:
    """A straight part of a path, which begins ``start`` pixels along it."""

    a: Spot
    b: Spot
    start: float


def path_parts(path: Sequence[Spot]) -> list[PathPart]:
    """Return the parts of a polyline that have a length."""
    parts, start = [], 0.0
    for a, b in pairwise(path):
        if a != b:
            parts.append(PathPart(a, b, start))
            start += math.dist(a, b)
    return parts


def nearest_on_path(x: Field, y: Field, parts: Sequence[PathPart]) -> tuple[Field, Field]:
    """Return each pixel's distance to a path and the length along it at the nearest point."""
    best = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf, np.float32)
    along = np.zeros_like(best)
    for part in parts:
        (ax, ay), (bx, by), length = part.a, part.b, math.dist(part.a, part.b)
        ux, uy = (bx - ax) / length, (by - ay) / length
        reach = np.clip((x - ax) * ux + (y - ay) * uy, 0, length)
        square = (x - ax - reach * ux) ** 2 + (y - ay - reach * uy) ** 2
        nearer = square < best
        np.copyto(best, square, where=nearer)
        np.copyto(along, reach + part.start, where=nearer)
    return np.sqrt(best), along


def within(x: Field, y: Field, corners: Sequence[Spot]) -> NDArray[np.bool_]:
    """Return which pixel middles lie inside a polygon (even-odd rule)."""
    odd = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.bool_)
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if ay != by:
            crossing = (bx - ax) * (y - ay) / (by - ay) + ax
            odd ^= ((ay > y) != (by > y)) & (x < crossing)
    return odd


def polygon_distance(x: Field, y: Field, corners: Sequence[Spot]) -> tuple[Field, Field]:
    """Return the signed distance to a polygon's edge, and the length along the edge at the nearest point."""
    distance, along = nearest_on_path(x, y, path_parts([*corners, corners[0]]))
    signed: Field = np.where(within(x, y, corners), -distance, distance).astype(np.float32)
    return signed, along


def dashes(along: Field, dash: tuple[float, float], offset: float = 0.0) -> Coverage:
    """Return how much of a dash is at each length: dashes begin at ``-offset`` and then every ``sum(dash)`` pixels."""
    on, period = dash[0], sum(dash)
    middle = np.mod(along + np.float32(offset - on / 2 + period / 2), np.float32(period)) - np.float32(period / 2)
    covered: Coverage = np.clip(np.float32(on / 2 + 0.5) - np.abs(middle), 0, 1)
    return covered


def interval(low: float, high: float, first: int, count: int) -> Coverage:
    """Return how much of each pixel of a row, from pixel ``first`` on, the interval from low to high covers."""
    edges = np.arange(first, first + count, dtype=np.float32)
    covered: Coverage = np.clip(np.minimum(edges + 1, high) - np.maximum(edges, low), 0, 1).astype(np.float32)
    return covered
