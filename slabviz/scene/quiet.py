"""What the caption says when the cache on stage has no event in the range that is looked at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.state import Caption, StageState
from slabviz.scene.story.numbers import grouped
from slabviz.scene.view import ViewState
from slabviz.timeline.playback import event_ticks
from slabviz.timeline.run import Run


class Quiet:
    """The range is A–B where it is set, else the whole run."""

    def __init__(self, run: Run, tr: Translate) -> None:
        self._run, self._tr = run, tr
        self._ticks: dict[int, list[int]] = {}
        self._last: tuple[StageState, ViewState, int, tuple[StageState, int | None]] | None = None

    def tell(self, state: StageState, view: ViewState, cache: int) -> tuple[StageState, int | None]:
        """The stage with that caption, and the tick of the next event if there is one; else the stage as it is."""
        last = self._last
        if last is not None and last[0] is state and last[1].loop == view.loop and last[2] == cache:
            return last[3]
        found = self._tell(state, view, cache)
        self._last = state, view, cache, found
        return found

    def _tell(self, state: StageState, view: ViewState, cache: int) -> tuple[StageState, int | None]:
        first, end = view.loop.range or (0, max(self._run.last_tick, 0))
        if not first <= state.tick <= end:
            return state, None
        ticks = self._events(cache)
        place = bisect_right(ticks, end)
        if place and ticks[place - 1] >= first:
            return state, None
        following = ticks[place] if place < len(ticks) else None
        return replace(state, caption=self._caption(cache, int(first), int(end), following)), following

    def _events(self, cache: int) -> list[int]:
        if cache not in self._ticks:
            self._ticks[cache] = event_ticks(self._run, cache).tolist()
        return self._ticks[cache]

    def _caption(self, cache: int, first: int, end: int, following: int | None) -> Caption:
        tr, name = self._tr, self._run.config.caches[cache].name
        sentence = tr("interact.quiet.sentence", cache=name, first=grouped(first), last=grouped(end))
        key = "none" if following is None else "next"
        after = tr(f"interact.quiet.{key}", tick="" if following is None else grouped(following))
        return Caption("", "overview", tr("interact.quiet.pill"), sentence, (), 0, 0, "", after)
