"""The story turns the view: with each chapter that asks for something, until the viewer turns it otherwise."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.shown import told
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run


class Storyline:
    """Remembers for each aspect of the view which chapter has turned it last.

    What the viewer chooses by hand stays so until the position comes, by playing or seeking, to where another chapter
    decides about it. ``view`` is what the run is opened with.
    """

    def __init__(self, run: Run, view: ViewState) -> None:
        self._run = run
        self._opening = view
        self._since: dict[str, int] = {}

    def turned(self, view: ViewState, tick: int) -> ViewState:
        """The view as it is at a tick."""
        changes: dict[str, object] = {}
        for name, aspect in told(self._run, tick, self._opening).items():
            if self._since.get(name) != aspect.since:
                self._since[name] = aspect.since
                changes[name] = aspect.value
        if not changes:
            return view
        return replace(view, **changes, scroll=None, page=None)  # type: ignore[arg-type]  # of the fields' types

    def goes_on(self, run: Run, tick: int) -> Storyline:
        """The storyline of another run of the same source, for a viewer whose view stays as it is at this tick."""
        other = Storyline(run, self._opening)
        other._since = {name: aspect.since for name, aspect in told(run, tick, self._opening).items()}
        return other
