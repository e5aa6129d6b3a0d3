"""``slabviz check``, ``new`` and ``schema``: exit codes, forms, what is written and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.app.watching import PERIOD, changes, stamp
from slabviz.scenario.json_schema import json_schema

Command = Callable[..., Any]

GOOD = "slabviz: 1\ntitle: {en: Good}\ntasks: {a: {program: [exit]}}\n"
DOUBTFUL = f"{GOOD}queues: {{box: {{}}}}\n"
BAD = GOOD.replace("exit", "exitt")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {"good": GOOD, "doubtful": DOUBTFUL, "bad": BAD}
    paths = {name: tmp_path / f"{name}.yaml" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return paths


def test_warnings_fail_only_when_strict(slabviz: Command, files: dict[str, Path]) -> None:
    assert slabviz("check", files["good"]).code == 0
    said = slabviz("check", files["doubtful"])
    assert (said.code, "good, with 1 warning" in said.out) == (0, True)
    assert "warning[unused]: queue `box` is never used" in said.err
    assert slabviz("check", "--strict", files["doubtful"]).code == 1
    assert slabviz("check", "--strict", files["good"]).code == 0
    assert slabviz("check", files["bad"], files["good"]).code == 1
    assert slabviz("check", files["bad"], files["good"].with_name("none.yaml")).code == 3


@pytest.mark.parametrize(("form", "found"), [
    ("json", lambda out: json.loads(out)["problems"][0]["code"]),
    ("sarif", lambda out: json.loads(out)["runs"][0]["results"][0]["ruleId"]),
    ("github", lambda out: out.partition("title=")[2].partition("::")[0]),
])  # fmt: skip
def test_other_programs_get_the_code(
    slabviz: Command, files: dict[str, Path], form: str, found: Callable[[str], str]
) -> None:  # fmt: skip
    said = slabviz("check", "--format", form, files["bad"])
    assert (said.code, found(said.out), said.err) == (1, "wrong-kind", "")


def test_watching_tells_each_change_once() -> None:
    stamps = iter([(1, 1), (1, 1), (2, 1), (2, 1), (0, 0), (3, 4)])
    rests: list[float] = []
    seen = changes([Path("a.yaml")], lambda _: next(stamps), rests.append)
    moments = []
    for _ in range(4):
        next(seen)
        moments.append(len(rests))
    assert moments == [0, 2, 4, 5]
    assert set(rests) == {PERIOD}


def test_a_stamp_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert stamp(path) == (0, 0)
    path.write_text(GOOD, encoding="utf-8")
    first = stamp(path)
    path.write_text(DOUBTFUL, encoding="utf-8")
    assert stamp(path) != first


def test_watch_checks_again_and_ends_with_ctrl_c(
    slabviz: Command, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    from slabviz.app import watching

    def saved(watched: tuple[Path, ...]) -> Any:
        yield
        watched[0].write_text(BAD, encoding="utf-8")
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "changes", saved)
    said = slabviz("check", "--watch", files["good"])
    assert said.code == 130
    assert said.out.count("good") >= 1
    assert "error[wrong-kind]" in said.err


def test_new_writes_a_scenario_that_runs(slabviz: Command, tmp_path: Path) -> None:
    path = tmp_path / "my_first-story.yaml"
    assert slabviz("new", tmp_path / "my_first-story").code == 0
    assert slabviz("check", "--strict", path).code == 0
    assert slabviz("run", path).code == 0
    assert 'title: {en: "My first story"}' in path.read_text(encoding="utf-8")
    before = path.read_bytes()
    again = slabviz("new", path)
    assert (again.code, path.read_bytes()) == (3, before)


def test_new_copies_a_lesson_under_another_name(slabviz: Command, tmp_path: Path) -> None:
    path = tmp_path / "storm.yaml"
    assert slabviz("new", path, "--from", "D1").code == 0
    text = path.read_text(encoding="utf-8")
    assert 'title: {en: "Storm"}\n' in text
    assert "\nid:" not in text
    assert text.count("title:") > 1, "the chapters keep theirs"
    assert slabviz("check", path).code == 0
    assert slabviz("new", tmp_path / "x", "--from", "D99").code == 3
    assert not (tmp_path / "x.yaml").exists()


@pytest.mark.parametrize("name", ['a"b', "课 \\ 1", "{x: y}"])
def test_new_copes_with_any_name(slabviz: Command, tmp_path: Path, name: str) -> None:
    assert slabviz("new", tmp_path / name).code == 0
    assert slabviz("check", tmp_path / f"{name}.yaml").code == 0


def test_schema_is_printed_or_written(slabviz: Command, tmp_path: Path) -> None:
    assert json.loads(slabviz("schema").out) == json_schema()
    path = tmp_path / "s.json"
    assert slabviz("schema", "-o", path).code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()
    assert slabviz("schema", "-o", path).code == 3
