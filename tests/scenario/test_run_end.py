"""`run`: when the story is over."""

from __future__ import annotations

import pytest

from slabviz.errors import ScenarioError
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run

STORY = """slabviz: 1
title: {en: End}
run: RUN
machine: {cpus: 1, pages: {traffic: 0 ticks}}
caches: {thing: {size: 64 B}}
tasks:
  a: {program: [{repeat: 3, do: [{alloc: {cache: thing, as: x}}, {sleep: 20 ticks}, {free: x}]}]}
interrupts:
  timer: {every: 7 ticks, UNTIL handler: [{count: ticks}]}
expect: [{counter: ticks, value: ">= 1"}]
"""


def run(written: str, until: str = "") -> Run:
    return play(read_scenario(decode(STORY.replace("RUN", written).replace("UNTIL", until).encode(), "s.yaml")))


def test_a_time_alone_is_how_long_work_is_begun() -> None:
    assert run("200 ticks").last_tick == run("{for: 200 ticks}").last_tick > 200


def test_until_the_last_task_has_ended() -> None:
    found = run("{until: all_exit, at_most: 900 ticks}")
    assert 60 < found.last_tick < 120
    assert all(verdict.held for verdict in found.verdicts)


def test_until_all_is_quiet_which_a_timer_never_is() -> None:
    assert run("{until: quiet, at_most: 300 ticks}").last_tick > 290
    ends = run("{until: quiet, at_most: 900 ticks}", "until: 40 ticks,")
    assert 60 < ends.last_tick < 120


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{until: quiet}", "error[missing-key]: `until: quiet` needs `at_most`"),
        ("{until: quite, at_most: 9 ticks}", "error[unknown-word]: `quite` is not a word for this place"),
        ("600", "error[wrong-unit]"),
    ],
)
def test_what_cannot_be_an_end_is_refused(written: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as found:
        run(written)
    assert problem in str(found.value)
