"""A sketch: the nodes and targets of one block while they are made, with the few things that need a text's width."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from slabviz.scene.display import Box, Colour, Icon, Line, Measure, Node, Point, Polygon, Rect, Style, Target, Text

ELLIPSIS = "…"


class Translate(Protocol):
    """Gives the text of a catalogue key (``Catalogue.tr``)."""

    def __call__(self, key: str, /, **values: object) -> str: ...


def fitted(text: str, style: Style, room: int, measure: Measure) -> str:
    """Return ``text``, or as much of it as fits in ``room`` px with "…" at its end; empty if not even that fits."""
    if measure(text, style) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + ELLIPSIS, style) <= room:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip()
    return cut + ELLIPSIS if cut else ""


class Sketch:
    """Collects nodes back to front; methods return where the next thing may begin, in px from the left."""

    __slots__ = ("measure", "nodes", "targets")

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.nodes: list[Node] = []
        self.targets: list[Target] = []

    def box(
        self,
        rect: Rect,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        *,
        width: float = 1,
        radius: int = 0,
        dash: tuple[int, int] | None = None,
        alpha: int = 255,
        cut: int = 0,
    ) -> None:
        """Draw a box."""
        x, y, w, h = rect
        if w > 0 and h > 0:
            self.nodes.append(Box(x, y, w, h, fill, stroke, width, radius, dash, alpha, cut))

    def text(
        self, x: int, y: int, text: str, style: Style, colour: Colour, anchor: str = "l", *, room: int | None = None
    ) -> int:
        """Write a line whose middle is at ``y``, shortened to ``room`` px, and return its width.

        What is shortened gets a tooltip with the whole text.
        """
        whole, width = text, self.measure(text, style)
        if room is not None and width > room:
            text = fitted(text, style, room, self.measure)
            width = self.measure(text, style) if text else 0
        if text:
            self.nodes.append(Text(x, y, text, style, colour, anchor))
        if text != whole and text:
            left = x - {"l": 0, "m": width // 2, "r": width}[anchor]
            self.tip((left, y - 12, width, 24), whole)
        return width

    def icon(self, x: int, y: int, name: str, size: int, colour: Colour, back: Colour | None = None) -> None:
        """Draw an icon whose middle line is at ``y``."""
        self.nodes.append(Icon(x, y - size // 2, name, size, colour, back))

    def line(
        self,
        points: tuple[Point, ...],
        colour: Colour,
        *,
        width: float = 1,
        dash: tuple[int, int] | None = None,
        radius: int = 0,
        arrow: bool = False,
        alpha: int = 255,
    ) -> None:
        """Draw a polyline."""
        self.nodes.append(Line(points, colour, width, dash, 0, radius, arrow, alpha))

    def shape(
        self,
        points: tuple[Point, ...],
        fill: Colour | None,
        stroke: Colour | None = None,
        *,
        width: float = 1,
        dash: tuple[int, int] | None = None,
        alpha: int = 255,
    ) -> None:
        """Draw a polygon."""
        self.nodes.append(Polygon(points, fill, stroke, width, dash, alpha))

    def button(self, rect: Rect, command: Hashable, tip: str = "") -> None:
        """Make a place that can be pressed."""
        self.targets.append(Target(rect, command, tip))

    def tip(self, rect: Rect, text: str) -> None:
        """Make a place that only has a tooltip."""
        self.targets.append(Target(rect, None, text))
