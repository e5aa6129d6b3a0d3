"""The painter: a scene in, a frame out. Needs no display; the same scene gives the same pixels on every driver."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pygame

from slabviz.render.cache import CacheReport
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.render.ink import new_frame
from slabviz.render.layer import Layer, draw
from slabviz.render.sprites import CACHE_BYTES, Sprites
from slabviz.scene.display import Scene
from slabviz.scene.theme import Theme


@dataclass(frozen=True, slots=True)
class PainterReport:
    """The memory a painter holds: its sprites (bounded), its open fonts, and the bytes of its layer and frame."""

    sprites: CacheReport
    fonts: int
    surfaces: int


class Painter:
    """Paints scenes that were laid out for one size of picture in pixels, one theme and one scale.

    ``measure`` answers how wide a text is at this scale; lay out with it. For another theme or scale make
    another painter; ``fonts`` can be shared.
    """

    def __init__(
        self,
        size: tuple[int, int],
        theme: Theme,
        scale: float = 1.0,
        fonts: Fonts | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self.size = size
        self.scale = scale
        self.theme = theme
        self.fonts = fonts or Fonts()
        self.measure = TextMeasure(self.fonts, scale)
        self._sprites = Sprites(theme, self.fonts, scale, cache_bytes)
        self._layer = Layer(size, self._sprites)
        self._screen = new_frame(size)

    def resized(self, size: tuple[int, int]) -> Painter:
        """Return a painter for another size of picture that goes on using this one's sprites and fonts."""
        other = copy.copy(self)
        other.size = size
        other._layer = Layer(size, self._sprites)
        other._screen = new_frame(size)
        return other

    def frame(self, scene: Scene, onto: pygame.Surface | None = None) -> pygame.Surface:
        """Paint a scene, keeping what did not change since the last call, and return the surface it is on.

        That is ``onto`` (a window's surface of the painter's size), else one surface which every call draws on anew.
        Raises ValueError: the scene was laid out for another scale.
        """
        self._check(scene)
        self._layer.show(scene.blocks)
        return self._finish(scene, self._layer, self._screen if onto is None else onto)

    def paint(self, scene: Scene) -> pygame.Surface:
        """Paint a whole scene from nothing on a new surface. Raises ValueError as ``frame`` does."""
        self._check(scene)
        layer = Layer(self.size, self._sprites)
        layer.show(scene.blocks)
        return self._finish(scene, layer, layer.surface)

    def cache_report(self) -> PainterReport:
        """Return what the painter holds in memory."""
        surfaces = 2 * 4 * self.size[0] * self.size[1]
        return PainterReport(self._sprites.report(), self.fonts.opened(), surfaces)

    def _finish(self, scene: Scene, layer: Layer, screen: pygame.Surface) -> pygame.Surface:
        if screen is not layer.surface:
            screen.blit(layer.surface, (0, 0))
        draw(screen, self._sprites, scene.movers)
        draw(screen, self._sprites, scene.overlay)
        return screen

    def _check(self, scene: Scene) -> None:
        if scene.scale != self.scale:
            raise ValueError(f"the scene was laid out at scale {scene.scale:g}, this painter paints at {self.scale:g}")
