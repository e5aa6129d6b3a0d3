"""The verbs, by what they print and their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., Any]

GOOD = """\
slabviz: 1
id: T1
title: {en: Small, zh: 小}
machine: {cpus: 1, memory: 16 MiB}
caches:
  box: {size: 64 B, owner: pid}
tasks:
  maker:
    cpu: 0
    program:
      - alloc: {cache: box, as: one}
      - free: one
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_version_is_said(slabviz: Command) -> None:
    assert slabviz("--version").out.startswith("slabviz 0.")


def test_help_names_every_verb(slabviz: Command) -> None:
    said = slabviz("--help")
    assert said.code == 0
    for verb in ("play", "render", "run", "report", "trace", "list", "check", "verify", "bench", "lint"):
        assert f"\n  {verb} " in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["render", "fork"],
        ["render", "fork", "-o", "x.png", "--size", "big"],
        ["render", "fork", "-o", "x.avi"],
        ["render", "fork", "-o", "x.gif", "--fps", "60"],
        ["render", "fork", "-o", "x.gif", "--at", "3"],
        ["render", "fork", "-o", "x.png", "--to", "3"],
        ["render", "fork", "-o", "x.mp4", "--size", "641x480"],
        ["run", "fork", "--ticks", "0"],
        ["run", "fork", "--wrong"],
        ["check"],
        ["verify"],
    ],
)
def test_a_wrong_verb_option_or_value_is_2(slabviz: Command, arguments: list[str]) -> None:
    said = slabviz(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err != ""


@pytest.mark.parametrize("verb", ["run", "play", "render"])
def test_a_missing_source_is_3(slabviz: Command, tmp_path: Path, verb: str) -> None:
    more = ["-o", tmp_path / "x.png"] if verb == "render" else []
    said = slabviz(verb, "frok", *more)
    assert said.code == 3
    assert said.err == "slabviz: frok: there is no such file or scenario; did you mean fork?\n"


def test_list_shows_id_name_title_and_path(slabviz: Command) -> None:
    shown = [line.split()[:2] for line in slabviz("list").out.splitlines()]
    assert ["D1", "fork"] in shown
    assert [id for id, _ in shown] == sorted((id for id, _ in shown), key=lambda id: (id[0], len(id.rstrip("bc")), id))
    rows = json.loads(slabviz("list", "--json").out)
    assert [set(row) for row in rows] == [{"id", "name", "title", "path"}] * len(rows)
    assert all(Path(row["path"]).is_file() for row in rows)


def test_check_says_every_problem_with_its_place(slabviz: Command, scenario: Path) -> None:
    assert slabviz("check", scenario).code == 0
    scenario.write_text(GOOD.replace("64 B", "64").replace("cache: box", "cache: bix"), encoding="utf-8")
    said = slabviz("check", scenario)
    assert said.code == 1
    assert said.err.count(f"{scenario}:") == 2
    assert slabviz("check", scenario, scenario.with_name("none.yaml")).code == 3


def test_run_gives_the_same_json_each_time_and_from_a_saved_run(slabviz: Command, tmp_path: Path) -> None:
    saved = tmp_path / "fork.slabviz"
    first = slabviz("run", "fork", "--ticks", 300, "--json", "-o", saved)
    assert (first.code, first.err) == (0, f"saved: {saved}\n")
    assert slabviz("run", "D1", "--ticks", 300, "--json").out == first.out
    assert slabviz("run", saved, "--json").out == first.out
    other = slabviz("run", "fork", "--ticks", 300, "--seed", 99, "--json")
    assert json.loads(other.out)["seed"] == 99
    assert other.out != first.out


def test_run_shows_a_table_and_fails_by_an_expectation(slabviz: Command, scenario: Path) -> None:
    assert "box" in slabviz("run", scenario).out
    scenario.write_text(GOOD + "expect:\n  - {at: end, cache: box, objects: 5}\n", encoding="utf-8")
    said = slabviz("run", scenario)
    assert said.code == 1
    assert f"{scenario}:14:" in said.out


def test_run_does_not_overwrite_unless_asked(slabviz: Command, scenario: Path) -> None:
    saved = scenario.with_name("mine.slabviz")
    saved.write_bytes(b"dear")
    said = slabviz("run", scenario, "-o", saved)
    assert (said.code, said.out) == (3, "")
    assert saved.read_bytes() == b"dear"
    assert slabviz("run", scenario, "-o", saved, "--overwrite").code == 0
    assert saved.read_bytes().startswith(b"SLABVIZ")


def test_verify_says_what_is_equal_and_what_not_a_recording(slabviz: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    said = slabviz("verify", tmp_path)
    assert said.code == 0
    assert "skipped" in said.out
    (tmp_path / "broken.jsonl.gz").write_bytes(b"\x1f\x8bnothing")
    assert slabviz("verify", tmp_path).code == 3
    total = json.loads(slabviz("verify", "--json", tmp_path).out.splitlines()[-1])
    assert total["total"] == {"equal": 0, "different": 0, "unreadable": 1, "skipped": 1}


def test_a_verb_imports_only_what_it_needs() -> None:
    script = "import sys; from slabviz.cli.play import command; import slabviz.app.no_display, slabviz.library"
    script += "; print(*sorted({'av', 'PIL', 'rich', 'pygame', 'csv'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == []
