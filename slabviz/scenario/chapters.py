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


def tell(
    scenario: Scenario, run: Run, said: Sequence[tuple[int, Texts]], asked: Sequence[tuple[int, object]] = ()
) -> None:  # fmt: skip
    """Give a run its story: the chapters that began, what `say` steps told and `ask` steps asked, in order of ticks.

    A chapter begins no earlier than the one before it in the file; one whose moment never comes is left out, and said
    to be missed. So is what it cannot show, and a question that has no answer.
    """
    tally = Tally(run.log)
    begun = _begun(scenario, run, tally)
    missed = [f"{spec.place}: this chapter never begins" for spec in scenario.chapters if spec not in begun]
    _show(run, begun, missed)
    steps = ((Chapter(tick, {}, {}), spec) for tick, spec in asked if isinstance(spec, AskSpec))
    told = [_asking(run, chapter, spec, tally, missed) for chapter, spec in steps]
    told = [chapter for chapter in told if chapter.asked is not None]
    # A question is about the slab or cache that is shown when it is asked: all chapters stand before the first one.
    in_order = zip(run.chapters, begun, strict=True)
    whole = [_asking(run, chapter, spec.ask, tally, missed) for chapter, spec in in_order]
    whole += [*told, *(Chapter(tick, {}, dict(texts)) for tick, texts in said)]
    run.chapters = tuple(sorted(whole, key=lambda chapter: chapter.tick))
    run.about = replace(run.about, missed=tuple(missed))


def _begun(scenario: Scenario, run: Run, tally: Tally) -> dict[ChapterSpec, int]:
    """The chapters that began, each with its tick."""
    found: dict[ChapterSpec, int] = {}
    earliest = 0
    for spec in scenario.chapters:
        tick = _begin(spec, run, tally, earliest)
        if tick is not None:
            found[spec] = tick
            earliest = tick + 1
    return found


def _show(run: Run, begun: dict[ChapterSpec, int], missed: list[str]) -> None:
    seen, chapters = run.about.show, []
    for spec, tick in begun.items():
        show = shown(run, spec.show, tick, seen)
        if spec.show.choice is not None and show.slab is None:
            missed.append(f"{spec.place}: there is no such slab or object to select at tick {tick}")
        seen = seen.then(show)
        chapters.append(Chapter(tick, dict(spec.title), dict(spec.say), spec.pause, show))
    run.chapters = tuple(chapters)


def _asking(run: Run, chapter: Chapter, spec: AskSpec | None, tally: Tally, missed: list[str]) -> Chapter:
    """The chapter with its question, if there is one that the run can answer."""
    if spec is None:
        return chapter
    asked = question(run, spec, chapter.tick, tally)
    if asked is None:
        missed.append(f"{spec.place}: this question has no answer at tick {chapter.tick}")
    return replace(chapter, asked=asked)


def _begin(spec: ChapterSpec, run: Run, tally: Tally, earliest: int) -> int | None:
    if spec.tick is not None:
        tick = max(spec.tick, earliest if earliest else 0)
        return tick if tick <= run.last_tick else None
    if isinstance(spec.when, EventTest):
        ticks = happened(run, tally, spec.when, earliest, run.last_tick)
        return int(ticks[0]) if len(ticks) else None
    assert spec.when is not None  # the shape gives either a tick or a test
    return first_time(run, spec.when, earliest)
