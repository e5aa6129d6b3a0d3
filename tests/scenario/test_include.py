"""`include` and `parameters`: one file is enough, but several may share what they have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.errors import RuntimeStepError, ScenarioError, UsageError
from slabviz.scenario.include import DEEPEST
from slabviz.scenario.loader import load_scenario, load_scenarios, read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import SIZE_LIMIT, decode
from slabviz.timeline import runfile

MAIN = """slabviz: 1
title: {en: Main}
include: [common/one.yaml]
parameters: {children: 3}
run: {for: 60 ticks, at_most: 200 ticks}
tasks: {a: {program: [{repeat: children, do: [{call: work}]}]}}
"""
ONE = """slabviz: 1
parameters: {children: 1, bytes: 100 B, life: 10 ticks}
caches: {thing: {size: bytes}}
programs: {work: [{alloc: {cache: thing, as: it}}, {use: {object: it, for: life / 2}}, {free: it}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "common").mkdir()
    write(tmp_path, "main.yaml", MAIN)
    write(tmp_path, "common/one.yaml", ONE)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def problem(folder: Path) -> str:
    with pytest.raises(ScenarioError) as found:
        load_scenario(folder / "main.yaml", "main.yaml")
    return str(found.value)


def test_what_is_included_is_there_and_what_the_file_says_itself_comes_first(folder: Path) -> None:
    scenario = load_scenario(folder / "main.yaml")
    assert scenario.caches["thing"].size == 100
    assert scenario.parameters == {"children": "3", "bytes": "100 B", "life": "10 ticks"}
    write(folder, "main.yaml", MAIN + "caches: {thing: {size: 8 B}}\n")
    assert load_scenario(folder / "main.yaml").caches["thing"].size == 8


def test_a_mistake_in_an_included_file_is_shown_there(folder: Path) -> None:
    write(folder, "common/one.yaml", ONE.replace("free: it", "fre: it"))
    found = problem(folder).splitlines()
    assert found[0] == "common/one.yaml:4:89: error[unknown-step]: there is no step `fre`"
    assert found[1].index("fre: it") == found[2].index("^")
    assert found[3:] == ["  help: did you mean `free`?"]


def test_a_step_that_fails_names_the_file_it_stands_in(folder: Path) -> None:
    write(folder, "common/one.yaml", ONE.replace("{free: it}", "{free: it}, {free: it}"))
    with pytest.raises(RuntimeStepError) as found:
        play(load_scenario(folder / "main.yaml", "main.yaml"))
    assert str(found.value).startswith("common/one.yaml:4:101: free: ")


@pytest.mark.parametrize(
    ("included", "said"),
    [
        ("common/on.yaml", "main.yaml:3:11: error[include]: common/on.yaml: cannot be read: No such file or directory"),
        ("library/nothing.yaml", "main.yaml:3:11: error[include]: library/nothing.yaml: cannot be read"),
        ("/etc/hosts", "main.yaml:3:11: error[include]: `/etc/hosts` is not a path from this file's folder"),
        ("common", "main.yaml:3:11: error[include]: common: is a folder, not a scenario file"),
        ("main.yaml", "`main.yaml` cannot"),
    ],
)
def test_what_cannot_be_included_is_said(folder: Path, included: str, said: str) -> None:
    write(folder, "main.yaml", MAIN.replace("common/one.yaml", included))
    if included == "main.yaml":
        said = "main.yaml:3:11: error[include]: main.yaml includes itself, directly or through others"
    assert said in problem(folder)


def test_a_circle_of_files_ends(folder: Path) -> None:
    write(folder, "common/one.yaml", ONE + "include: two.yaml\n")
    write(folder, "common/two.yaml", "slabviz: 1\ninclude: one.yaml\n")
    said = "common/two.yaml:2:10: error[include]: one.yaml includes itself, directly or through others"
    assert said in problem(folder)


def test_too_many_in_a_row_and_too_much_text_are_refused(folder: Path) -> None:
    for number in range(DEEPEST + 1):
        write(folder, f"common/{number}.yaml", f"slabviz: 1\ninclude: {number + 1}.yaml\n")
    write(folder, "main.yaml", MAIN.replace("one.yaml", "0.yaml"))
    assert f"more than {DEEPEST} files include each other in a row" in problem(folder)
    write(folder, "common/0.yaml", "slabviz: 1\n# " + "x" * (SIZE_LIMIT - 100) + "\n")
    assert "a scenario and all that it includes have at most 1 MiB" in problem(folder)


def test_two_files_may_not_define_the_same_unless_the_scenario_does(folder: Path) -> None:
    write(folder, "common/two.yaml", ONE.partition("programs")[0])
    write(folder, "main.yaml", MAIN.replace("one.yaml]", "one.yaml, common/two.yaml]"))
    assert "common/two.yaml:3:10: error[name-taken]: two included files have `thing` in `caches`" in problem(folder)
    assert "note: common/one.yaml:3:10: first given here" in problem(folder)
    own = "caches: {thing: {size: 8 B}}\n"
    both = MAIN.replace("one.yaml]", "one.yaml, common/two.yaml]")
    write(folder, "main.yaml", both.replace("children: 3", "children: 3, bytes: 8 B, life: 2 ticks") + own)
    assert load_scenario(folder / "main.yaml").caches["thing"].size == 8


def test_what_two_files_include_together_comes_once(folder: Path) -> None:
    for name in ("two", "three"):
        write(folder, f"common/{name}.yaml", "slabviz: 1\ninclude: [one.yaml]\n")
    write(folder, "main.yaml", MAIN.replace("common/one.yaml", "common/two.yaml, common/three.yaml"))
    assert load_scenario(folder / "main.yaml").caches["thing"].size == 100


def test_an_included_file_tells_no_story(folder: Path) -> None:
    write(folder, "common/one.yaml", ONE + "expect: [{at: end, objects: 0}]\n")
    assert "common/one.yaml:5:1: error[include]: an included file cannot have `expect`" in problem(folder)


def test_a_text_can_include_the_library_only() -> None:
    with pytest.raises(ScenarioError, match="a text that is no file can only include what lies in `library/`"):
        read_scenario(decode(MAIN.encode(), "s.yaml"))


def test_a_setting_takes_the_place_of_the_files_own_value_and_the_run_says_so(folder: Path, tmp_path: Path) -> None:
    settings = (("children", "5"), ("life", "40 ticks"))
    runs = [play(load_scenario(folder / "main.yaml", "main.yaml", settings=each)) for each in ((), settings)]
    assert runs[1].last_tick > 2 * runs[0].last_tick
    assert runs[1].about.called == "main.yaml · children=5 life=40 ticks"
    runfile.write(runs[1], tmp_path / "r.slabviz")
    assert runfile.load(tmp_path / "r.slabviz").about.settings == settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("childen", "5", "there is no parameter 'childen'; did you mean children?"),
        ("children", "5 B", "children is a number, as 3, not a size"),
        ("bytes", "5", "bytes is a size, as 100 B, not a number"),
        ("life", "5 tick s", "life is a time, as 10 ticks, not a word"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(folder: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(UsageError) as found:
        load_scenario(folder / "main.yaml", settings=((name, value),))
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("children: 3", "work: 3"), "error[name-taken]: `work` is a program; a parameter needs another name"),
        (("children: 3", "children: 3, cpu: 3"), "error[name-taken]: `cpu` is a number that every program knows"),
        (("children: 3", "children: [3]"), "error[wrong-kind]: parameter `children` needs one value"),
        (("children: 3", "children: no"), "YAML reads it as false"),
        (("do: [{call", "do: [{let: {children: 4}}, {call"), "error[name-taken]: `children` is a parameter"),
        (("repeat: children", "repeat: childen"), "error[unknown-name]: nothing in this program names a number"),
        (("children: 3", "children: word"), "error[expression]: parameter `children` is `word`"),
    ],
)
def test_a_parameter_that_is_wrong_is_explained(folder: Path, change: tuple[str, str], said: str) -> None:
    write(folder, "main.yaml", MAIN.replace(*change))
    assert said in problem(folder)


def test_a_matrix_may_run_through_the_values_of_a_parameter(folder: Path) -> None:
    write(folder, "main.yaml", MAIN + "matrix: {children: [1, 6], hardened: [true]}\n")
    found = load_scenarios(folder / "main.yaml")
    assert {name: each.parameters["children"] for name, each in found.items()} == {
        "children=1 hardened=true": "1", "children=6 hardened=true": "6",
    }  # fmt: skip
