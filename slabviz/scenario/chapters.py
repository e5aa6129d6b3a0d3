"""When the chapters of a story begin: at a tick, or when something happens for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slabviz.engine.program import Texts
from slabviz.scenario.quiz import question
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.shows import shown
from slabviz.scenario.states import first_time, happened
from slabviz.scenario.story import AskSpec, ChapterSpec, EventTest
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Chapter, Run


def chapters(
    scenario: Scenario, run: Run, said: Sequence[tuple[int, Texts]], asked: Sequence[tuple[int, object]] = ()
) -> tuple[Chapter, ...]:  # fmt: skip
    """The chapters that began in a run, what `say` steps told and `ask` steps asked, in order of their ticks.

    A chapter begins no earlier than the one before it in the file; one whose moment never comes is left out.
    """
    tally = Tally(run.log)
    found: list[Chapter] = []
    asking: list[AskSpec | None] = []
    seen = run.about.show
    for spec in scenario.chapters:
        tick = _begin(spec, run, tally, found[-1].tick + 1 if found else 0)
        if tick is not None:
            show = shown(run, spec.show, tick, seen)
            seen = seen.then(show)
            found.append(Chapter(tick, dict(spec.title), dict(spec.say), spec.pause, show))
            asking.append(spec.ask)
    run.chapters = tuple(found)  # a question is about the slab or cache that is shown there
    found = [_asking(run, chapter, spec, tally) for chapter, spec in zip(found, asking, strict=True)]
    found += [Chapter(tick, {}, dict(texts)) for tick, texts in said]
    steps = ((Chapter(tick, {}, {}), spec) for tick, spec in asked if isinstance(spec, AskSpec))
    found += [chapter for each, spec in steps if (chapter := _asking(run, each, spec, tally)).asked is not None]
    return tuple(sorted(found, key=lambda chapter: chapter.tick))


def _asking(run: Run, chapter: Chapter, spec: AskSpec | None, tally: Tally) -> Chapter:
    """The chapter with its question, if there is one that the run can answer."""
    return chapter if spec is None else replace(chapter, asked=question(run, spec, chapter.tick, tally))


def _begin(spec: ChapterSpec, run: Run, tally: Tally, earliest: int) -> int | None:
    if spec.tick is not None:
        tick = max(spec.tick, earliest if earliest else 0)
        return tick if tick <= run.last_tick else None
    if isinstance(spec.when, EventTest):
        ticks = happened(run, tally, spec.when, earliest, run.last_tick)
        return int(ticks[0]) if len(ticks) else None
    assert spec.when is not None  # the shape gives either a tick or a test
    return first_time(run, spec.when, earliest)
