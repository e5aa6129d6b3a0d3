"""Where nodes are: the ink of a text, what a shape covers, what a line crosses. All in unscaled px."""

from __future__ import annotations

from itertools import pairwise

from slabviz.scene.display import Box, Icon, Line, Measure, Node, Pixels, Point, Polygon, Rect, Text


def ink(node: Text, measure: Measure) -> Rect:
    """Return the ink of a line of text: as wide as measured, as high as capitals and a little more."""
    width, height = measure(node.text, node.style), node.style.size * 8 // 10
    return node.x - {"l": 0, "m": width // 2, "r": width}[node.anchor], node.y - height // 2, width, height


def bounds(node: Node, measure: Measure) -> Rect:
    """Return the rectangle that a node fills, without the width of its outline."""
    if isinstance(node, Text):
        return ink(node, measure)
    if isinstance(node, Line | Polygon):
        xs, ys = [x for x, _ in node.points], [y for _, y in node.points]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    if isinstance(node, Icon):
        return node.x, node.y, node.size, node.size
    if isinstance(node, Pixels):
        return node.x, node.y, node.w * node.zoom, node.h * node.zoom
    return node.x, node.y, node.w, node.h


def inside(rect: Rect, outer: Rect, spare: int = 0) -> bool:
    """Tell whether a rectangle lies in another one, or reaches out of it by at most ``spare`` px."""
    x, y, w, h = rect
    left, top, wide, tall = outer
    return (
        left - spare <= x and top - spare <= y and x + w <= left + wide + spare and y + h <= top + tall + spare
    )  # fmt: skip


def common(one: Rect, other: Rect) -> Rect | None:
    """Return what two rectangles share, or None."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    wide = min(one[0] + one[2], other[0] + other[2]) - left
    tall = min(one[1] + one[3], other[1] + other[3]) - top
    return (left, top, wide, tall) if wide > 0 and tall > 0 else None


def holds(node: Box | Polygon, point: Point) -> bool:
    """Tell whether a point lies in a box or a flat shape."""
    x, y = point
    if isinstance(node, Box):
        return node.x <= x < node.x + node.w and node.y <= y < node.y + node.h
    odd = False
    for (x1, y1), (x2, y2) in pairwise((*node.points, node.points[0])):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def crosses(line: Line, rect: Rect) -> bool:
    """Tell whether a line goes through a rectangle."""
    return any(_cuts(start, end, rect) for start, end in pairwise(line.points))


def _cuts(start: Point, end: Point, rect: Rect) -> bool:
    """Clip a piece of a line to a rectangle (Liang and Barsky)."""
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in (
        (-dx, x - rect[0]), (dx, rect[0] + rect[2] - x), (-dy, y - rect[1]), (dy, rect[1] + rect[3] - y),
    ):  # fmt: skip
        if step == 0:
            if room <= 0:
                return False
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return first < last
