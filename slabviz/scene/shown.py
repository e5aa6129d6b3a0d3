"""What a story shows at a tick: levels, panels and choices by name become a view. A function of run, tick and view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from slabviz.timeline.showing import ERROR, Show

OPENING = -1
"""The ``since`` of what the story opens with."""

ASPECTS = ("level", "error_open", "panel", "cache", "report", "selected", "speed")
"""What a story can turn; the viewer may keep some of them (``ViewState.kept``)."""


@dataclass(slots=True, frozen=True)
class Told:
    """One aspect of the view as the story has it: its value, and the tick of the chapter that turned it."""

    value: object
    since: int


def told(run: Run, tick: int, view: ViewState) -> dict[str, Told]:
    """Every aspect that the story may turn, as it stands at a tick; ``view`` is how all was before it began."""
    found = {name: Told(getattr(view, name), OPENING) for name in ASPECTS}
    for since, show in _shows(run, tick):
        found.update({name: Told(value, since) for name, value in _values(show)})
    return {name: aspect for name, aspect in found.items() if name not in view.kept}


def as_told(run: Run, tick: int, view: ViewState) -> ViewState:
    """The view at a tick of whoever only watches: the story's, but for what ``view`` keeps and its speed."""
    values = {name: aspect.value for name, aspect in told(run, tick, view).items() if name != "speed"}
    return replace(view, **values)  # type: ignore[arg-type]  # each has the type of its field


def _shows(run: Run, tick: int) -> Iterator[tuple[int, Show]]:
    yield OPENING, run.about.show
    for chapter in run.chapters:
        if chapter.tick <= tick:
            yield chapter.tick, chapter.show


def _values(show: Show) -> Iterator[tuple[str, object]]:
    if show.level is not None:
        yield "error_open", show.level == ERROR
    if show.level not in (None, ERROR):
        yield "level", Level[show.level.upper()]
    if show.panel is not None:
        yield "panel", Panel(show.panel)
    if show.slab is not None:
        yield "selected", Selected(show.slab, show.index)
    for name in ("cache", "report", "speed"):
        if (value := getattr(show, name)) is not None:
            yield name, value
