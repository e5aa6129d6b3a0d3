"""The picture in a window: composer and painter for its present size."""

from __future__ import annotations

from slabviz.render.frames import Surface
from slabviz.render.painter import Painter
from slabviz.scene.compose import Composer
from slabviz.scene.display import Scene
from slabviz.scene.layout.metrics import picture_scale
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run


class Picture:
    """Frames of one run for a window whose size may change."""

    def __init__(self, run: Run, size: tuple[int, int], theme: str = "dark", language: str = "en") -> None:
        self._run = run
        self._theme = Theme.load(theme)
        self._language = language
        self._painter = Painter(size, self._theme, picture_scale(size))
        self._composer = self._compose(size)
        self.scene: Scene | None = None
        """The last frame's scene: what a click meets."""

    def resize(self, size: tuple[int, int]) -> None:
        """Lay out and paint for another size from now on."""
        scale = picture_scale(size)
        if scale == self._painter.scale:
            self._painter = self._painter.resized(size)
        else:
            self._painter = Painter(size, self._theme, scale, self._painter.fonts)
        self._composer = self._compose(size)

    def draw(self, position: float, view: ViewState) -> Surface:
        """The frame at a position in ticks."""
        self.scene = self._composer.scene(position, view)
        return self._painter.frame(self.scene)

    def _compose(self, size: tuple[int, int]) -> Composer:
        painter = self._painter
        return Composer(
            self._run, size, theme=self._theme, measure=painter.measure, scale=painter.scale, language=self._language
        )
