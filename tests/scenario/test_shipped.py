"""The shipped scenarios: each is what the course promises, and its expectations mean something."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from slabviz.resources import lesson_files
from slabviz.scenario.expect import judge
from slabviz.scenario.loader import load_scenario, load_scenarios
from slabviz.scenario.play import play
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.story import ExpectAt, ExpectEver, ExpectSpec, ExpectText
from slabviz.timeline.run import Run

SHIPPED = lesson_files()

RECORDED = {
    "task_struct": (8392, 8448, 3, 3, {"PANIC", "ACCOUNT"}, False),
    "cred_jar": (176, 192, 0, 21, {"HWCACHE_ALIGN", "PANIC", "ACCOUNT"}, False),
    "sigqueue": (80, 80, 0, 51, {"PANIC", "ACCOUNT"}, False),
    "inode_cache": (632, 640, 2, 25, {"RECLAIM_ACCOUNT", "PANIC", "ACCOUNT"}, True),
    "dentry": (192, 192, 0, 21, {"RECLAIM_ACCOUNT", "PANIC", "ACCOUNT"}, False),
    "filp": (232, 256, 0, 16, {"HWCACHE_ALIGN", "PANIC", "ACCOUNT"}, False),
    "skbuff_head_cache": (232, 256, 0, 16, {"HWCACHE_ALIGN", "PANIC"}, False),
}
"""A real 6.1 with 4 CPUs: object_size, size, order, objects per slab, flags, whether there is a ctor."""

INVENTED = frozenset(("my_inode", "rx_buffer", "session", "note", "tab"))
"""Caches of no kernel: made so that memory is short soon, or what a lesson shows is easy to see."""

NEGATED = {"==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<="}
OPPOSITE = {"always": "never", "never": "sometime", "sometime": "never"}

WORKLOADS = [path for path in SHIPPED if path.parent.name == "workloads"]

each = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
SHORT = [path for path in SHIPPED if path.parent.name == "more"]
more = pytest.mark.parametrize("path", SHORT, ids=lambda path: path.stem)
"""Those that are no lessons; tests/whole/test_course.py has the same of all lessons."""
each_workload = pytest.mark.parametrize("path", WORKLOADS, ids=lambda path: path.stem)
"""The busy ones; a lesson about one call is short, and nothing in it happens by chance."""


@cache
def played(path: Path) -> tuple[Scenario, Run]:
    scenario = load_scenario(path)
    return scenario, play(scenario)


@more
def test_every_expectation_holds(path: Path) -> None:
    _, run = played(path)
    assert len(run.verdicts) >= 4
    assert [verdict for verdict in run.verdicts if not verdict.held] == []


@more
def test_every_variant_keeps_its_own_promises_too(path: Path) -> None:
    for variant, scenario in load_scenarios(path).items():
        if variant:
            assert [verdict for verdict in play(scenario).verdicts if not verdict.held] == []


@more
def test_a_negated_expectation_fails_and_names_its_line(path: Path) -> None:
    scenario, run = played(path)
    assert isinstance(run.judge, partial)
    counters = run.judge.args[2]
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = replace(scenario, expect=tuple(map(negated, scenario.expect)))
    for verdict, spec in zip(judge(wrong, run, counters), wrong.expect, strict=True):
        assert not verdict.held, verdict
        assert verdict.detail
        assert verdict.where == f"{path}:{spec.place.line}:{spec.place.column}"
        assert lines[spec.place.line - 1].lstrip().startswith("- {")


def negated(spec: ExpectSpec) -> ExpectSpec:
    """The expectation that fails where this one holds."""
    if isinstance(spec, ExpectEver):
        return replace(spec, mode=OPPOSITE[spec.mode])
    if isinstance(spec, ExpectAt):
        tests = (
            replace(test, comparison=replace(test.comparison, operator=NEGATED[test.comparison.operator]))
            for test in spec.tests
        )
        return replace(spec, tests=tuple(tests))
    if isinstance(spec, ExpectText):
        lines = tuple(f"{line} no-such-word" for line in spec.lines)
        return replace(spec, contains=spec.lacks, lacks=spec.contains, lines=lines)
    return replace(spec, comparison=replace(spec.comparison, operator=NEGATED[spec.comparison.operator]))


@each_workload
def test_it_is_big_enough_for_its_lesson(path: Path) -> None:
    scenario, run = played(path)
    assert scenario.machine.cpus == 4
    assert scenario.machine.memory == 16 << 20
    assert len(run.config.caches) >= 2
    assert len(scenario.workload.interrupts) >= 2
    assert len(scenario.workload.tasks) >= 8
    assert scenario.workload.duration >= 400
    assert run.last_tick < scenario.workload.at_most, "all was quiet before the last tick allowed"


@each
def test_its_story_is_told_in_two_languages(path: Path) -> None:
    scenario, run = played(path)
    assert len(run.chapters) == len(scenario.chapters) >= 3
    for chapter in run.chapters:
        for words in (chapter.title, chapter.say):
            assert set(words) == {"en", "zh"}
            assert all(text.strip() for text in words.values())
        assert len(chapter.say["en"]) <= 90, "a caption has one line"
        assert cells(chapter.say["zh"]) <= 90
        assert len(chapter.title["en"]) <= 16
    assert set(dict(scenario.title)) == set(dict(scenario.about)) == {"en", "zh"}


def cells(text: str) -> int:
    """Width of a text, Chinese characters counting two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


@each_workload
def test_its_caches_are_those_of_a_real_kernel(path: Path) -> None:
    scenario, _ = played(path)
    for name, spec in scenario.caches.items():
        if name in INVENTED:
            continue
        size, distance, order, objects, flags, ctor = RECORDED[name]
        shape = spec.geometry(name, scenario.machine, scenario.kernel)
        assert (spec.size, shape.size, shape.oo_order, shape.oo_objects) == (size, distance, order, objects)
        assert (set(spec.flags), spec.ctor) == (flags, ctor)


@each
def test_two_runs_are_the_same_byte_for_byte(path: Path) -> None:
    scenario, run = played(path)
    again = play(scenario)
    assert again.log.matrix().tobytes() == run.log.matrix().tobytes()
    assert again.log.starts == run.log.starts
    assert again.cast.actors == run.cast.actors
    if path not in WORKLOADS:
        return
    other = play(scenario, seed=scenario.seed + 1)
    assert other.log.matrix().tobytes() != run.log.matrix().tobytes()


@each_workload
def test_it_goes_on_when_it_is_made_longer(path: Path) -> None:
    scenario, run = played(path)
    ticks = 3 * scenario.workload.duration
    longer = play(scenario, ticks=ticks)
    assert longer.last_tick >= ticks
    assert longer.verdicts == ()
    late = len(longer.log) - longer.log.starts[2 * scenario.workload.duration]
    assert late > (len(run.log) - run.log.starts[1]) / 2
    machine = longer.machine_at(longer.last_tick)
    assert sum(len(slab.owners) for slab in machine.slabs.values()) == 0


def test_every_lesson_has_its_own_id() -> None:
    ids = [played(path)[0].id for path in SHIPPED]
    assert {"D1", "D2", "D3", "D4"} <= set(ids)
    assert len(ids) == len(set(ids))
