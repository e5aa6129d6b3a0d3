"""A small board to draw icons on: shapes in units of a 16 x 16 square, in two inks.

Straight edges of boxes and lines are set on whole pixels, so that a glyph is crisp at every size.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np

from slabviz.render import coverage as cover
from slabviz.render.coverage import Field, Spot
from slabviz.render.ink import Coverage, Pixels32, mix
from slabviz.scene.theme import RGB

UNITS = 16
"""The side of the board."""


class Ink(Enum):
    """What a shape is drawn with: the icon's colour, its ``back`` colour, or nothing (it cuts a hole)."""

    COLOUR = 0
    BACK = 1
    NONE = 2


class Board:
    """A square of ``size`` pixels; each shape lies over those before it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.unit = size / UNITS
        self.x, self.y = cover.grid(0, 0, size, size)
        self._inks: dict[Ink, Coverage] = {ink: np.zeros((size, size), np.float32) for ink in (Ink.COLOUR, Ink.BACK)}

    def pixels(self, colour: RGB, back: RGB | None, alpha: int) -> Pixels32:
        """Return the finished icon; without a ``back`` colour what is drawn with it stays empty."""
        layers = [(self._inks[Ink.COLOUR], colour)]
        if back is not None:
            layers.append((self._inks[Ink.BACK], back))
        return mix(layers, alpha)

    def lay(self, covered: Coverage, ink: Ink = Ink.COLOUR) -> None:
        """Draw a shape given by its coverage."""
        for under in self._inks.values():
            np.multiply(under, 1 - covered, out=under)
        if ink is not Ink.NONE:
            self._inks[ink] += covered

    def snap(self, units: float) -> float:
        """Return a length in whole pixels."""
        return float(int(units * self.unit + 0.5))

    def thick(self, units: float) -> float:
        """Return the width of a line in pixels: never thinner than one."""
        return max(1.0, units * self.unit)

    def box_field(self, x: float, y: float, w: float, h: float, radius: float = 0) -> Field:
        """Return the signed distance to a box, in pixels."""
        left, top, right, bottom = (self.snap(value) for value in (x, y, x + w, y + h))
        across = np.minimum(self.x - np.float32(left), np.float32(right) - self.x)
        down = np.minimum(self.y - np.float32(top), np.float32(bottom) - self.y)
        return cover.corner_distance(across, down, radius * self.unit)

    def box(self, x: float, y: float, w: float, h: float, radius: float = 0, ink: Ink = Ink.COLOUR) -> None:
        """Draw a filled box."""
        self.lay(cover.inside(self.box_field(x, y, w, h, radius)), ink)

    def frame(self, x: float, y: float, w: float, h: float, width: float, radius: float = 0) -> None:
        """Draw the outline of a box, inside its edge, in whole pixels."""
        field = self.box_field(x, y, w, h, radius)
        inner = cover.inside(field + np.float32(max(1.0, self.snap(width))))
        self.lay(cover.inside(field) - inner)

    def disc_field(self, x: float, y: float, radius: float) -> Field:
        """Return the signed distance to a disc, in pixels."""
        field: Field = np.hypot(self.x - np.float32(x * self.unit), self.y - np.float32(y * self.unit))
        return field - np.float32(radius * self.unit)

    def disc(self, x: float, y: float, radius: float, ink: Ink = Ink.COLOUR) -> None:
        """Draw a filled disc."""
        self.lay(cover.inside(self.disc_field(x, y, radius)), ink)

    def ring(self, x: float, y: float, radius: float, width: float, ink: Ink = Ink.COLOUR) -> None:
        """Draw a ring whose outer edge has this radius."""
        field = self.disc_field(x, y, radius)
        self.lay(cover.inside(field) - cover.inside(field + np.float32(self.thick(width))), ink)

    def shape(self, points: Sequence[Spot], ink: Ink = Ink.COLOUR) -> None:
        """Draw a filled polygon."""
        distance, _ = cover.polygon_distance(self.x, self.y, [self.place(point) for point in points])
        self.lay(cover.inside(distance), ink)

    def line(self, points: Sequence[Spot], width: float, ink: Ink = Ink.COLOUR) -> None:
        """Draw a polyline with round ends and corners."""
        away, _ = cover.nearest_on_path(self.x, self.y, cover.path_parts([self.place(point) for point in points]))
        self.lay(cover.inside(away - np.float32(self.thick(width) / 2)), ink)

    def place(self, spot: Spot) -> Spot:
        """Return a point in pixels."""
        return spot[0] * self.unit, spot[1] * self.unit
