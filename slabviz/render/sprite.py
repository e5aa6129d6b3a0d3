"""A picture without its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pygame

from slabviz.render.ink import Pixels32, surface_of
from slabviz.scene.display import Rect
from slabviz.scene.theme import RGB

Placed: TypeAlias = tuple[pygame.Surface, int, int]
"""A surface and the place of its upper left corner, relative to the node's point."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """Flat rectangles to fill first, then surfaces to blit premultiplied, all relative to the node's point.

    ``opaque`` are surfaces of palette indexes, which hide what is under them.
    """

    pieces: tuple[Placed, ...]
    fills: tuple[tuple[RGB, Rect], ...] = ()
    opaque: tuple[Placed, ...] = ()

    @property
    def size(self) -> int:
        """The bytes of the surfaces, and a little for the rest."""
        return 256 + sum(128 + 4 * surface.get_width() * surface.get_height() for surface, _, _ in self.pieces)


NOTHING = Sprite(())
"""What an empty node looks like."""


def one_sprite(pixels: Pixels32) -> Sprite:
    """Return a sprite whose upper left corner is the node's point; without pixels, an empty one."""
    if not pixels.size:
        return NOTHING
    return Sprite(((surface_of(pixels), 0, 0),))


def indexed_sprite(rows: bytes, size: tuple[int, int], palette: Sequence[RGB]) -> Sprite:
    """Return a sprite of palette indexes, one byte a pixel: SDL looks the colours up while it blits."""
    surface = pygame.image.frombuffer(rows, size, "P")
    surface.set_palette(palette)
    return Sprite((), opaque=((surface, 0, 0),))
