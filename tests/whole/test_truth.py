"""A fixed sample of what ``slabviz lint`` looks at: every shipped scenario, sizes, themes, languages in turn, and two
random machines. Nothing in it is drawn wrong, and nothing is untrue.

The rules have their own tests, with what breaks each of them, in tests/testing.
"""

from __future__ import annotations

import pytest

from slabviz.library import load, shipped
from slabviz.testing.survey import all_looks, all_views, random_run, survey
from slabviz.timeline.run import Run

NAMES = [scenario.name for scenario in shipped()]
FRAMES = 2


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_frames_of_a_scenario_are_true_and_well_drawn(number: int) -> None:
    assert faults(load(NAMES[number]).run(), number) == []


@pytest.mark.parametrize("seed", [9, 24])
def test_frames_of_a_random_machine_are_true_and_well_drawn(seed: int) -> None:
    assert faults(random_run(seed), seed) == []


@pytest.mark.parametrize(("name", "number"), [("c11_compare", 1), ("f01_percpu", 4)])
def test_frames_of_two_runs_side_by_side_are_well_drawn(name: str, number: int) -> None:
    one, other = (each.run() for each in load(name).variants()[:2])
    assert faults(one, number, other) == []


def test_the_sample_sees_every_view() -> None:
    """The turns begin at each scenario's number, so that together they go through all."""
    views = all_views()
    assert len(NAMES) + FRAMES > len(views)


def faults(run: Run, number: int, other: Run | None = None) -> list[str]:
    """What is wrong in a few frames, in two of the twelve looks; which two goes round, as do the views."""
    looks = all_looks()
    mine = [looks[number % len(looks)], looks[(5 * number + 3) % len(looks)]]
    seen = list(survey(run, FRAMES, number, mine, other=other))
    assert len(seen) == FRAMES * len(mine)
    return [f"{frame.position:.2f} {frame.look}: {finding}" for frame in seen for finding in frame.findings]
