"""Squarified treemaps (Bruls, Huizing, van Wijk, 2000): areas in proportion, each as square as can be."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.display import Rect

Area = tuple[float, float, float, float]
"""x, y, width, height; not rounded, so that errors do not add up."""


def treemap(weights: Sequence[float], rect: Rect) -> list[Rect]:
    """Return one rectangle for each weight, in their order: together they fill ``rect`` without gaps.

    Each has its share of the area but for the rounding of its edges to whole pixels. The largest come first, from the
    upper left corner on; a weight of 0 (or less) has no area.
    """
    order = sorted((number for number, weight in enumerate(weights) if weight > 0), key=lambda number: -weights[number])
    x, y, w, h = rect
    found: list[Rect] = [(x, y, 0, 0)] * len(weights)
    total = sum(weights[number] for number in order)
    if not order or w <= 0 or h <= 0:
        return found
    areas = [weights[number] * w * h / total for number in order]
    for number, area in zip(order, _squarified(areas, (x, y, w, h)), strict=True):
        found[number] = _snapped(area)
    return found


def _squarified(areas: Sequence[float], room: Area) -> list[Area]:
    """Lay rows along the shorter side; a row is closed when one more would make its worst member longer."""
    placed: list[Area] = []
    first = 0
    while first < len(areas):
        side = min(room[2], room[3])
        behind = first + 1
        total = areas[first]
        while behind < len(areas) and (
            _worst(areas[first], areas[behind], total + areas[behind], side)
            <= _worst(areas[first], areas[behind - 1], total, side)
        ):
            total += areas[behind]
            behind += 1
        row, room = _row(areas[first:behind], total, room, last=behind == len(areas))
        placed += row
        first = behind
    return placed


def _worst(largest: float, smallest: float, total: float, side: float) -> float:
    """The longest ratio of sides in a row whose members have areas from ``largest`` down to ``smallest``."""
    return max(side * side * largest / (total * total), total * total / (side * side * smallest))


def _row(areas: Sequence[float], total: float, room: Area, *, last: bool) -> tuple[list[Area], Area]:
    """Lay one row; return it and what is left of the room."""
    x, y, w, h = room
    upright = w >= h
    deep = (w if upright else h) if last else total / (h if upright else w)
    along, placed = 0.0, []
    for area in areas:
        long = area / total * (h if upright else w)
        placed.append((x, y + along, deep, long) if upright else (x + along, y, long, deep))
        along += long
    return placed, (x + deep, y, w - deep, h) if upright else (x, y + deep, w, h - deep)


def _snapped(area: Area) -> Rect:
    """Round the edges, not the sizes: neighbours stay neighbours."""
    x, y, w, h = area
    left, top = round(x), round(y)
    return left, top, round(x + w) - left, round(y + h) - top
