"""Frames of a run without a screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slabviz.i18n import Catalogue
from slabviz.library.positions import check_position
from slabviz.library.size import check_size
from slabviz.scene.looks import Looks
from slabviz.scene.shown import as_told
from slabviz.scene.view import ViewState
from slabviz.timeline.pair import Pair

if TYPE_CHECKING:
    from slabviz.scene.state import Caption
    from slabviz.timeline.run import Run

Picture = npt.NDArray[np.uint8]


class Studio:
    """Draws frames of one run at one size (width, height in pixels), in any order of positions; with an ``other`` run
    both side by side on one clock.

    ``speed`` is that of the film the frames are for: how long a move takes depends on it. ``view`` says what is to be
    seen (the cache on stage …), ``quiz`` that questions are shown, without their answers. Raises UsageError for a size
    that cannot be.
    """

    def __init__(
        self, run: Run, size: tuple[int, int], speed: float = 1.0, looks: Looks | None = None,
        view: ViewState | None = None, other: Run | None = None, *, quiz: bool = False,
    ) -> None:  # fmt: skip
        check_size(size)
        looks = looks or Looks()
        # Imported for the first frame: `slabviz run` and `verify` need no pygame.
        from slabviz.render.painter import Painter
        from slabviz.scene.compose import Composer
        from slabviz.scene.layout.metrics import picture_scale

        theme, scale = looks.colours(), picture_scale(size, looks.scale)
        self.painter = Painter(size, theme, scale)
        self.composer = Composer(
            run, size, theme=theme, measure=self.painter.measure, scale=scale, language=looks.language, speed=speed,
            reduced_motion=looks.reduced_motion, other=other,
        )  # fmt: skip
        self.run = run
        self._words = Catalogue(looks.language) if quiz else None
        self.view = replace(view or ViewState(), speed=speed, controls=False, compare=other is not None)

    def draw(self, position: float) -> Picture:
        """The frame at ``position`` in ticks: (height, width, 4) uint8, channels B, G, R, unused."""
        from slabviz.render.frames import frame_bgra
        from slabviz.scene.layout.desk import Desk
        from slabviz.scene.layout.memo import Memo
        from slabviz.scene.over.asking import asked_at, asking_of
        from slabviz.scene.over.cards import over_nodes
        from slabviz.scene.over.state import Over

        view = as_told(self.run, int(position), self.view)
        scene = self.composer.scene(position, view)
        if self._words is not None and (question := asked_at(self.run, int(position))) is not None:
            over = Over(asking=asking_of(question, self._words, controls=False))
            desk = Desk(self.composer.regions, Memo(self.painter.measure), self._words.tr)
            scene.overlay = [*scene.overlay, *over_nodes(desk, over, view)[0]]
        return frame_bgra(self.painter.frame(scene))

    @property
    def caption(self) -> Caption:
        """What the caption of the last frame says. Raises ValueError before the first."""
        return self.composer.caption


def frame(
    run: Run, tick: float, size: tuple[int, int] = (1280, 720), looks: Looks | None = None,
    view: ViewState | None = None, other: Run | None = None,
) -> Picture:  # fmt: skip
    """Draw ``run`` as it stands at ``tick`` (12.4 is between ticks 12 and 13): (height, width, 3) uint8, RGB.

    With ``other`` both are drawn side by side, as A and B on one clock; the one that ends first stays at its end.
    ``looks`` are theme, language, scale …, ``view`` is what to show. The same arguments give the same pixels. Raises
    UsageError for a tick that the run does not have, or a size that cannot be.
    """
    clock = run if other is None else Pair(run, other)
    picture = Studio(run, size, looks=looks, view=view, other=other).draw(check_position(clock, tick))
    return np.ascontiguousarray(picture[:, :, 2::-1])
