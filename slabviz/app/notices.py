"""Painting pages without a stage in a window of any size."""

from __future__ import annotations

from slabviz.i18n import Catalogue
from slabviz.render.fonts import Fonts
from slabviz.render.frames import Surface
from slabviz.render.painter import Painter
from slabviz.scene.commands import Command
from slabviz.scene.display import Scene
from slabviz.scene.layout.metrics import SMALLEST, picture_scale
from slabviz.scene.looks import Looks
from slabviz.scene.notice import ROOMY, Notice, NoticeKind, notice_scene

LEAST_SIDE = 16
"""Pixels: a window smaller than this is painted as if it had them."""


def small_notice(size: tuple[int, int]) -> Notice | None:
    """What a window of this size shows instead of a stage that nobody could read; None where there is room."""
    if picture_scale(size) >= ROOMY:
        return None
    return Notice(NoticeKind.SMALL, done=int(SMALLEST[0] * ROOMY), total=int(SMALLEST[1] * ROOMY))


class NoticePage:
    """Paints notices; ``scene`` is the last one, what a click meets."""

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self._fonts = Fonts()
        self._words: Catalogue | None = None
        self._made: tuple[object, Painter] | None = None

    def draw(self, notice: Notice, size: tuple[int, int], looks: Looks, hover: Command | None = None) -> Surface:
        """The frame; what cannot be shown at the wanted scale is shown smaller, but never illegibly small."""
        size = max(size[0], LEAST_SIDE), max(size[1], LEAST_SIDE)
        scale = 1.0 if notice.kind is NoticeKind.SMALL else max(picture_scale(size, looks.scale), ROOMY)
        painter = self._painter(size, looks, scale)
        page = -int(-size[0] // scale), -int(-size[1] // scale)
        if self._words is None or self._words.language != looks.language:
            self._words = Catalogue(looks.language)
        self.scene = notice_scene(page, scale, painter.measure, self._words.tr, notice, hover)
        return painter.frame(self.scene)

    def _painter(self, size: tuple[int, int], looks: Looks, scale: float) -> Painter:
        inputs = (size, looks, scale)
        if self._made is None or self._made[0] != inputs:
            self._made = inputs, Painter(size, looks.colours(), scale, self._fonts)
        return self._made[1]
