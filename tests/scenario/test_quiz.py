"""Questions: the model gives the answer, at the very tick; nobody types it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.errors import ScenarioError
from slabviz.i18n import Catalogue
from slabviz.model.events import Kind
from slabviz.scenario import quiz
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.quiz import alloc_path, free_path, list_of
from slabviz.scenario.source import decode
from slabviz.timeline import runfile
from slabviz.timeline.run import Run
from slabviz.timeline.showing import Question

STORY = """slabviz: 1
title: {en: Asked}
run: {for: 200 ticks, at_most: 400 ticks}
machine: {cpus: 2, pages: {traffic: 0 ticks}}
caches: {thing: {size: 1024 B}}
tasks:
  a:
    program:
      - repeat: 20
        do: [{alloc: {cache: thing, into: all}}]
      - mark: taken
      - sleep: 20 ticks
      - ask: {question: {en: And now?}, answer: {number: objects, cache: thing}}
      - repeat: 20
        do: [{free: {from: all}}]
chapters:
  - {when: {mark: taken}, title: Taken, say: Twenty are taken., ask: {question: {en: Q}, answer: ANSWER}}
"""


def asked(answer: str) -> tuple[Run, Question | None]:
    run = play(read_scenario(decode(STORY.replace("ANSWER", answer).encode(), "s.yaml")))
    return run, next(chapter.asked for chapter in run.chapters if chapter.title)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("{list: {slab: newest}}", "list.active"),
        ("{list: {slab: oldest}}", "list.none"),
        ("{state: {slab: oldest}}", "state.full"),
        ("{state: {slab: newest}}", "state.partial"),
        ("{alloc_path: thing}", "alloc_path.fast"),
        ("{alloc_path: thing, cpu: 1}", "alloc_path.new"),
        ("{free_path: {slab: newest}}", "free_path.fast"),
        ("{free_path: {slab: newest}, cpu: 1}", "free_path.frozen"),
        ("{free_path: {slab: oldest}}", "free_path.park"),
        ("{holds: {cache: thing, objects: 20}}", "holds.yes"),
        ("{holds: {event: oom}}", "holds.no"),
    ],
)
def test_the_model_answers(answer: str, right: str) -> None:
    run, found = asked(answer)
    assert found is not None
    assert found.choices[found.right].key == right
    assert found.tick < found.reveal <= run.last_tick
    assert all(Catalogue(language).tr(f"quiz.{choice.key}") for language in ("en", "zh_CN") for choice in found.choices)


def test_a_number_stands_among_others_near_it() -> None:
    run, found = asked("{number: objects, cache: thing}")
    assert found is not None
    numbers = [choice.values["number"] for choice in found.choices]
    assert numbers[found.right] == 20
    assert len(numbers) == len(set(numbers)) == quiz.NEAR
    assert numbers == sorted(numbers)
    step = next(chapter.asked for chapter in run.chapters if not chapter.title)
    assert step is not None
    assert step.choices[step.right].values == {"number": 20}


def test_later_the_answer_is_another_one() -> None:
    text = STORY.replace("answer: ANSWER", "after: 120 ticks, answer: {number: objects, cache: thing}")
    run = play(read_scenario(decode(text.encode(), "s.yaml")))
    found = run.chapters[0].asked
    assert found is not None
    assert found.choices[found.right].values == {"number": 0}
    assert found.reveal == found.tick + 120


def test_a_saved_run_asks_the_same(tmp_path: Path) -> None:
    run, found = asked("{list: {slab: newest}}")
    runfile.write(run, tmp_path / "r.slabviz")
    again = runfile.load(tmp_path / "r.slabviz")
    assert [chapter.asked for chapter in again.chapters] == [chapter.asked for chapter in run.chapters]
    assert found in [chapter.asked for chapter in again.chapters]


def test_what_the_model_says_of_a_path_is_what_happens_next() -> None:
    """Every allocation and free of a busy run is foretold from the tick before it."""
    from slabviz.library import load

    run = load("fork").run(ticks=500)
    expected: dict[int, str] = {
        Kind.ALLOC_FASTPATH: "fast", Kind.ALLOC_REFILL: "refill", Kind.CPU_PARTIAL_ALLOC: "parked",
        Kind.ALLOC_SLAB: "new", Kind.ALLOC_FROM_PARTIAL: "partial",
        Kind.FREE_FASTPATH: "fast", Kind.FREE_FROZEN: "frozen", Kind.CPU_PARTIAL_FREE: "park",
    }  # fmt: skip
    seen = set()
    for tick in range(1, run.last_tick):
        events = [event for event in run.log.of_tick(tick) if event[0] in expected]
        machine = run.machine_at(tick - 1)
        if len(events) != 1 or events[0][2] not in machine.slabs:
            continue
        kind, cpu, slab, _, _ = events[0]
        found = machine.slabs[slab]
        if kind in (Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.CPU_PARTIAL_FREE):
            assert free_path(found, cpu) == expected[kind]
        elif kind in (Kind.ALLOC_FASTPATH, Kind.ALLOC_REFILL):
            assert alloc_path(found.cache, cpu) == expected[kind]
        assert list_of(machine, slab) in quiz.LISTS
        seen.add(expected[kind])
    assert {"fast", "refill", "frozen", "park"} <= seen


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("{lst: {slab: newest}}", "error[expectation]: an answer has one of `list`"),
        ("{number: objets}", "error[unknown-word]: `objets`"),
        ("{number: objects, cpu: 1}", "`objects` is no number of one CPU"),
        ("{alloc_path: thng}", "error[unknown-name]: there is no cache `thng`"),
        ("{holds: {cache: thing}}", "error[expectation]: it says nothing"),
    ],
)
def test_a_question_without_an_answer_is_refused(answer: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as found:
        asked(answer)
    assert problem in str(found.value)
