"""The picture in a window: composer and painter for its present size."""

from __future__ import annotations

from slabviz.i18n import Catalogue
from slabviz.render.frames import Surface
from slabviz.render.painter import Painter
from slabviz.scene.compose import Composer
from slabviz.scene.display import Scene
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.metrics import picture_scale
from slabviz.scene.looks import Looks
from slabviz.scene.over.cards import over_nodes
from slabviz.scene.over.state import NOTHING, Over
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run


class Picture:
    """Frames of one run for a window whose size may change."""

    def __init__(
        self, run: Run, size: tuple[int, int], looks: Looks | None = None, other: Run | None = None
    ) -> None:
        self._run = run
        self._other = other
        self.size = size
        self.looks = looks or Looks()
        self._theme = self.looks.colours()
        self._painter = Painter(size, self._theme, picture_scale(size, self.looks.scale))
        self.composer = self._compose(size)
        self.words = Catalogue(self.looks.language)
        self.tr = self.words.tr
        self._desk: Desk | None = None
        """Where the cards over a lesson are drawn."""
        self.is_covered = False
        """Whether something lies over the stage that takes the pointer."""
        self.scene: Scene | None = None
        """The last frame's scene: what a click meets."""

    def dress(self, looks: Looks) -> None:
        """Look otherwise from now on: another theme, language, scale …"""
        if looks != self.looks:
            self.looks, self._theme = looks, looks.colours()
            self.words = Catalogue(looks.language)
            self.tr = self.words.tr
            self._painter = Painter(self.size, self._theme, picture_scale(self.size, looks.scale), self._painter.fonts)
            self.composer = self._compose(self.size)

    def compare_with(self, other: Run) -> None:
        """Draw this run beside the first one from now on, where the view asks for both."""
        self._other = other
        self._composer = self._compose(self.size)

    def resize(self, size: tuple[int, int]) -> None:
        """Lay out and paint for another size from now on."""
        self.size = size
        scale = picture_scale(size, self.looks.scale)
        if scale == self._painter.scale:
            self._painter = self._painter.resized(size)
        else:
            self._painter = Painter(size, self._theme, scale, self._painter.fonts)
        self.composer = self._compose(size)

    def draw(self, position: float, view: ViewState, over: Over = NOTHING) -> Surface:
        """The frame at a position in ticks, and the cards over it."""
        self.scene = self.composer.scene(position, view)
        if over != NOTHING and not view.help_open:
            self._lay(self.scene, over, view)
        self.is_covered = view.help_open or view.menu is not None or view.entry is not None
        return self._painter.frame(self.scene)

    def _lay(self, scene: Scene, over: Over, view: ViewState) -> None:
        regions = self.composer.regions
        if self._desk is None or self._desk.regions is not regions or self._desk.tr != self.tr:
            self._desk = Desk(regions, Memo(self._painter.measure), self.tr)
        nodes, targets = over_nodes(self._desk, over, view)
        scene.overlay, scene.targets = [*nodes, *scene.overlay], [*scene.targets, *targets]

    @property
    def stage(self) -> tuple[int, int]:
        """Upper and lower edge of what stands between caption and timeline, in unscaled px."""
        at = self.composer.regions
        return at.caption[1], at.timeline[1] - 6

    def _compose(self, size: tuple[int, int]) -> Composer:
        painter = self._painter
        return Composer(
            self._run, size, theme=self._theme, measure=painter.measure, scale=painter.scale,
            language=self.looks.language, reduced_motion=self.looks.reduced_motion, other=self._other,
        )  # fmt: skip
