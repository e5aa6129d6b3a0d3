"""What a frame shows of the errors of its run: the timeline's edge, the banner over the stage, the whole screen."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.display import Node, Target
from slabviz.scene.errors.state import ErrorState
from slabviz.scene.errors.teller import ErrorTeller
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.strip import Strip
from slabviz.scene.levels import Level
from slabviz.scene.screens.error.screen import error_screen
from slabviz.scene.state import StageState
from slabviz.scene.story import Chronicle
from slabviz.scene.story.moment import Translate
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.error_banner import ErrorBanner, stop_edge
from slabviz.timeline.run import Run


class ErrorFrames:
    """Of one run in one language, on pages of the tier of ``desk``."""

    def __init__(self, run: Run, desk: Desk, chronicle: Chronicle) -> None:
        self._run = run
        tr: Translate = desk.tr
        self._teller = ErrorTeller(run, tr, chronicle, desk.metrics.tier)
        self._banner = ErrorBanner()

    def edge(self, strip: Strip) -> list[Node]:
        """The end of a timeline that a panic has ended."""
        return [stop_edge(strip)] if self._teller.incidents.stops else []

    def banner(self, desk: Desk, view: ViewState, tick: int) -> tuple[list[Node], list[Target]]:
        """The banner of what has just happened, until the viewer closes it."""
        error = self._teller.fresh(tick)
        if error is None or error.banner.number == view.error_closed:
            return [], []
        return self._banner.over(desk, error.banner, view)

    def screen(self, desk: Desk, state: StageState, view: ViewState) -> tuple[StageState, ViewState, list[Part]]:
        """What the bars around the error screen show, and the screen: it belongs to the level of bytes."""
        error: ErrorState | None = self._teller.at(state.tick)
        view = replace(view, level=Level.BYTES, at_end=state.tick >= self._run.last_tick)
        parts = error_screen(desk, view, error, self._teller.incidents.first_tick)
        return state if error is None else replace(state, caption=error.caption), view, parts
