"""The display list: what a picture consists of, as plain data.

A scene is a list of blocks (the static layer, one block a card) and a list of movers drawn over them.
Nothing here knows pygame: the painter in ``render`` turns nodes into pixels, tests read them as text.

Coordinates are whole pixels of the unscaled layout (1 unit = 1 px at 100 %), x to the right, y down,
measured from the page's upper left corner, also inside a block. Colours are role names of the theme
(``"slab"``, ``"t1"``), owner colours (``"owner3"``, its outline ``"edge3"``), or a mix ``"free*45+s1"`` (45 % ``free``
on ``s1``). Alpha is 0..255.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Colour: TypeAlias = str
Point: TypeAlias = tuple[int, int]
Rect: TypeAlias = tuple[int, int, int, int]
"""x, y, width, height."""


@dataclass(slots=True, eq=True, frozen=True)
class Style:
    """A type style: ``face`` is ``"ui"`` (Inter) or ``"mono"`` (JetBrains Mono); Chinese falls back to the CJK face."""

    face: str
    size: int
    weight: int = 400


class Measure(Protocol):
    """Answers how wide a text is, in unscaled pixels."""

    def __call__(self, text: str, style: Style) -> int: ...


@dataclass(slots=True)
class Box:
    """A rectangle, filled, outlined or both; ``dash`` is (on, off) in px, ``cut`` cuts two opposite corners."""

    x: int
    y: int
    w: int
    h: int
    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 1
    radius: int = 0
    dash: tuple[int, int] | None = None
    alpha: int = 255
    cut: int = 0


@dataclass(slots=True)
class Text:
    """One line of text; ``x`` is its left end, middle or right end by ``anchor`` (l, m, r), ``y`` the middle of the
    line."""

    x: int
    y: int
    text: str
    style: Style
    colour: Colour
    anchor: str = "l"
    alpha: int = 255


@dataclass(slots=True)
class Line:
    """A polyline with rounded corners; ``arrow`` ends it in a head, ``offset`` runs the dashes along it."""

    points: tuple[Point, ...]
    colour: Colour
    width: float = 1
    dash: tuple[int, int] | None = None
    offset: int = 0
    radius: int = 0
    arrow: bool = False
    alpha: int = 255


@dataclass(slots=True)
class Polygon:
    """A flat closed shape with antialiased edges."""

    points: tuple[Point, ...]
    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 1
    dash: tuple[int, int] | None = None
    alpha: int = 255


@dataclass(slots=True)
class Icon:
    """A named glyph inside a square of ``size`` px whose upper left corner is (x, y); see ``render/icons.py``."""

    x: int
    y: int
    name: str
    size: int
    colour: Colour
    back: Colour | None = None
    alpha: int = 255


@dataclass(slots=True)
class Pixels:
    """A picture of palette indexes: ``rows`` is a (height, width) uint8 array held as bytes, drawn ``zoom`` px a
    cell."""

    x: int
    y: int
    w: int
    h: int
    rows: bytes
    palette: tuple[Colour, ...]
    zoom: int = 1


Node: TypeAlias = Box | Text | Line | Polygon | Icon | Pixels


@dataclass(slots=True, frozen=True)
class Target:
    """A place that reacts to the pointer: what a click on it means and what a tooltip says of it."""

    rect: Rect
    command: Hashable
    tip: str = ""


@dataclass(slots=True, eq=False)
class Block:
    """One card of the static layer. The same picture is the same object, so a changed block is found by identity.

    ``ground`` is the colour it stands on: what is put back before it is painted again.
    """

    key: Hashable
    rect: Rect
    ground: Colour
    nodes: tuple[Node, ...]
    targets: tuple[Target, ...] = ()
    cut: bool = False
    """Whether it shows what of a larger picture lies inside ``rect``: then its nodes may reach out, and are clipped."""


@dataclass(slots=True)
class Scene:
    """One frame: ``blocks`` back to front, ``movers`` over them, ``overlay`` over all (help, banners).

    ``size`` is the size of the layout in unscaled px; the painter multiplies by ``scale``.
    """

    size: tuple[int, int]
    scale: float
    blocks: list[Block]
    movers: list[Node]
    overlay: list[Node]
    targets: list[Target]
