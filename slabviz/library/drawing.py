"""Frames of a run without a screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

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
    seen (the cache on stage …). Raises UsageError for a size that cannot be.
    """

    def __init__(
        self, run: Run, size: tuple[int, int], speed: float = 1.0, looks: Looks | None = None,
        view: ViewState | None = None, other: Run | None = None,
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
        self.view = replace(view or ViewState(), speed=speed, controls=False, compare=other is not None)

    def draw(self, position: float) -> Picture:
        """The frame at ``position`` in ticks: (height, width, 4) uint8, channels B, G, R, unused."""
        from slabviz.render.frames import frame_bgra

        view = as_told(self.run, int(position), self.view)
        return frame_bgra(self.painter.frame(self.composer.scene(position, view)))

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
