"""When the chapters of a story begin: at a tick, or when something happens for the first time."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.engine.program import Texts
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.shows import shown
from slabviz.scenario.states import first_time, happened
from slabviz.scenario.story import ChapterSpec, EventTest
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Chapter, Run


def chapters(scenario: Scenario, run: Run, said: Sequence[tuple[int, Texts]]) -> tuple[Chapter, ...]:
    """The chapters that began in a run, and what `say` steps told, in order of their ticks.

    A chapter begins no earlier than the one before it in the file; one whose moment never comes is left out.
    """
    tally = Tally(run.log)
    found: list[Chapter] = []
    seen = run.about.show
    for spec in scenario.chapters:
        tick = _begin(spec, run, tally, found[-1].tick + 1 if found else 0)
        if tick is not None:
            show = shown(run, spec.show, tick, seen)
            seen = seen.then(show)
            found.append(Chapter(tick, dict(spec.title), dict(spec.say), spec.pause, show))
    found += [Chapter(tick, {}, dict(texts)) for tick, texts in said]
    return tuple(sorted(found, key=lambda chapter: chapter.tick))


def _begin(spec: ChapterSpec, run: Run, tally: Tally, earliest: int) -> int | None:
    if spec.tick is not None:
        tick = max(spec.tick, earliest if earliest else 0)
        return tick if tick <= run.last_tick else None
    if isinstance(spec.when, EventTest):
        ticks = happened(run, tally, spec.when, earliest, run.last_tick)
        return int(ticks[0]) if len(ticks) else None
    assert spec.when is not None  # the shape gives either a tick or a test
    return first_time(run, spec.when, earliest)
