"""docs/scenario.md: its examples run, and its reference is the one that the tables give."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from slabviz.scenario.loader import read_scenarios
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.scenario.steps import STEPS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[1])
def test_an_example_runs_as_it_says(text: str) -> None:
    for scenario in read_scenarios(decode(text.encode(), "docs.yaml")).values():
        run = play(scenario)
        assert all(verdict.held for verdict in run.verdicts), run.verdicts
        assert run.last_tick > 10


def test_the_reference_is_up_to_date() -> None:
    place = importlib.util.spec_from_file_location("build_scenario_doc", ROOT / "scripts/build_scenario_doc.py")
    assert place is not None
    assert place.loader is not None
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    assert script.scenario_page(PAGE) == PAGE, "run scripts/build_scenario_doc.py"


def test_every_step_is_explained() -> None:
    for word in STEPS:
        assert f"### `{word}`\n" in PAGE
