"""Contrast (WCAG 2) of texts and of outlines that carry meaning, against what is painted below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from slabviz.scene.display import Box, Colour, Icon, Line, Node, Pixels, Point, Polygon, Rect, Text
from slabviz.scene.theme import RGB, Theme
from slabviz.testing.lint.finding import Finding
from slabviz.testing.lint.geometry import bounds, holds
from slabviz.testing.lint.sheet import OPAQUE, Sheet

TEXT, OUTLINE = 4.5, 3.0
"""Least ratios (visual specification, section 13)."""
DECORATIVE: frozenset[Colour] = frozenset({"line", "bg", "s1"})
"""Outlines that part things but say nothing, and haloes in the colour of the ground."""
FUTURE = "timeline.dim"
"""The sheet of the whole timeline; the part that was played lies over it."""
Ground: TypeAlias = Callable[[Point], RGB]
"""The colour at a point below a sheet."""


def luminance(rgb: RGB) -> float:
    """Return the relative luminance of a colour, 0 … 1."""
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def ratio(one: RGB, other: RGB) -> float:
    """Return the contrast of two colours, 1 … 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def painted(theme: Theme, nodes: Sequence[Node], point: Point, ground: Ground) -> RGB:
    """Return the colour that nodes, back to front, leave at a point on a ground."""
    veils: list[tuple[RGB, int]] = []
    colour: RGB | None = None
    for node in reversed(nodes):
        found = _colour_at(node, point)
        if found is None:
            continue
        alpha = node.alpha if isinstance(node, Box | Polygon) else OPAQUE
        if alpha == OPAQUE:
            colour = theme.rgb(found)
            break
        veils.append((theme.rgb(found), alpha))
    colour = ground(point) if colour is None else colour
    for over, alpha in reversed(veils):
        colour = _mixed(over, colour, alpha)
    return colour


def _mixed(over: RGB, under: RGB, alpha: int) -> RGB:
    red, green, blue = ((a * alpha + b * (OPAQUE - alpha)) // OPAQUE for a, b in zip(over, under, strict=True))
    return red, green, blue


def _colour_at(node: Node, point: Point) -> Colour | None:
    if isinstance(node, Box | Polygon):
        if isinstance(node, Box) and node.stroke is not None and node.dash is None and _on_edge(node, point):
            return node.stroke
        return node.fill if node.fill is not None and holds(node, point) else None
    if isinstance(node, Pixels):
        column, row = (point[0] - node.x) // node.zoom, (point[1] - node.y) // node.zoom
        if 0 <= column < node.w and 0 <= row < node.h:
            return node.palette[node.rows[row * node.w + column]]
    return None


def _on_edge(box: Box, point: Point) -> bool:
    """An outline lies inside the box that it is of."""
    near = min(point[0] - box.x, box.x + box.w - 1 - point[0], point[1] - box.y, box.y + box.h - 1 - point[1])
    return 0 <= near < box.width


def in_sheet(sheet: Sheet, theme: Theme, ground: Ground) -> Iterator[Finding]:
    """Yield texts, outlines, lines and icons of a sheet that do not stand out from what is below them."""
    for index, node in enumerate(sheet.nodes):
        found = _poor(sheet, index, node, theme, ground)
        if found is not None:
            colour, best, least = found
            name = sheet.said(node.text) if isinstance(node, Text) else f"{sheet.name} {_kind(node)}"
            said = f"{colour} has a contrast of {best:.2f}:1 there, less than {least}:1 (theme {theme.name})"
            yield Finding("contrast", name, bounds(node, lambda text, style: style.size), said)


def _kind(node: Node) -> str:
    return f"icon {node.name}" if isinstance(node, Icon) else f"outline of a {type(node).__name__.lower()}"


def _poor(
    sheet: Sheet, index: int, node: Node, theme: Theme, ground: Ground
) -> tuple[Colour, float, float] | None:  # fmt: skip
    """Return the colour, its ratio and what it should be, of a node that cannot be told from its ground."""
    if isinstance(node, Pixels) or node.alpha != OPAQUE:
        return None  # a picture has no outline; veils, glows and routes are decoration by design
    if sheet.name == FUTURE and "*" in getattr(node, "colour", ""):
        return None  # what is still to come is drawn at 40 % strength (section 10): the same thing follows, brighter
    below = sheet.nodes[:index]

    def against(colour: Colour, points: Sequence[Point]) -> float:
        return min(ratio(theme.rgb(colour), painted(theme, below, point, ground)) for point in points)

    if isinstance(node, Text):
        written = next(text.rect for text in sheet.texts if text.index == index)
        best = against(node.colour, _along(written))
        return (node.colour, best, TEXT) if best < TEXT else None
    if isinstance(node, Icon):
        best = against(node.colour, [(node.x + node.size // 2, node.y + node.size // 2)])
        return (node.colour, best, OUTLINE) if best < OUTLINE and node.back is None else None
    if isinstance(node, Line):
        spots = [spot for ends in pairwise(node.points) for spot in _on_the_way(*ends)]
        below = [under for under in below if not isinstance(under, Pixels)]  # bars hide the line that they stand on
        found = sorted(against(node.colour, [spot]) for spot in spots)
        best = next((each for each in found[len(spots) // 2 :] if each > 1), OUTLINE)  # it may touch what it leads to
        return (node.colour, best, OUTLINE) if node.colour not in DECORATIVE and best < OUTLINE else None
    return _edge(node, theme, lambda point: painted(theme, below, point, ground))


def _edge(node: Box | Polygon, theme: Theme, below: Ground) -> tuple[Colour, float, float] | None:
    """A shape is seen if its outline stands out from what is around it or from what is inside."""
    colour = node.stroke or (node.fill if node.fill is not None and node.fill.startswith("owner") else None)
    if colour is None or colour in DECORATIVE or (colour == node.stroke == node.fill):
        return None
    spots = _around(bounds(node, lambda text, style: 0)) if isinstance(node, Box) else [node.points[0]]
    best = min(ratio(theme.rgb(colour), below(spot)) for spot in spots)
    if node.stroke is not None and node.fill is not None and best < OUTLINE:
        best = max(best, ratio(theme.rgb(colour), theme.rgb(node.fill)))
    return (colour, best, OUTLINE) if best < OUTLINE else None


def _along(rect: Rect) -> list[Point]:
    x, y, w, h = rect
    return [(x + 1, y + h // 2), (x + w // 2, y + h // 2), (x + max(w - 2, 1), y + h // 2)]


def _around(rect: Rect) -> list[Point]:
    x, y, w, h = rect
    return [(x - 1, y + h // 2), (x + w, y + h // 2), (x + w // 2, y - 1), (x + w // 2, y + h)]


def _on_the_way(one: Point, other: Point) -> list[Point]:
    return [
        (one[0] + (other[0] - one[0]) * part // 4, one[1] + (other[1] - one[1]) * part // 4) for part in (1, 2, 3)
    ]  # fmt: skip
