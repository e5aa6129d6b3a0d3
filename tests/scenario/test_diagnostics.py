"""A corpus of broken scenarios: every problem of each file, word for word, with its line and caret."""

from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.errors import ScenarioError, SourceError
from slabviz.scenario.diagnostics import MOST
from slabviz.scenario.inspection import inspect, inspect_file
from slabviz.scenario.loader import load_scenario, read_scenario
from slabviz.scenario.source import SIZE_LIMIT, decode

BROKEN = Path(__file__).parent / "broken"
GOOD = "slabviz: 1\ntitle: {en: Good}\ntasks: {a: {program: [exit]}}\n"


def problems(data: bytes, name: str = "s.yaml") -> list[str]:
    """The first line of every problem of a file."""
    with pytest.raises(ScenarioError) as found:
        read_scenario(decode(data, name))
    return [str(diagnostic).partition("\n")[0] for diagnostic in found.value.diagnostics]


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_scenario_is_explained(path: Path) -> None:
    found = "".join(f"{problem}\n" for problem in inspect_file(path, path.name))
    assert found == path.with_suffix(".txt").read_text(encoding="utf-8"), "run scripts/update_broken_scenarios.py"
    assert found


def test_the_corpus_is_whole() -> None:
    files = {path.stem for path in BROKEN.glob("*.yaml")}
    assert files == {path.stem for path in BROKEN.glob("*.txt")}
    assert len(files) >= 240


def test_the_comparison_can_fail() -> None:
    """The same file with one more blank line has its problems elsewhere."""
    path = BROKEN / "unknown_step.yaml"
    found = inspect(decode(b"\n" + path.read_bytes(), path.name))
    assert "".join(f"{problem}\n" for problem in found) != path.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_long_file_is_refused_before_it_is_parsed() -> None:
    assert problems(b"[" * (SIZE_LIMIT + 1)) == [
        "s.yaml:1:1: error[file-too-long]: a scenario has at most 1 MiB; split it or shorten it"
    ]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_no_recursion(opening: str) -> None:
    found = problems((opening * 20_000).encode())
    assert len(found) == 1
    assert "nested more than 40 levels deep" in found[0]


def test_an_alias_bomb_does_not_go_off() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert problems("\n".join(lines).encode()) == [
        "s.yaml:2:10: error[alias]: aliases (*name) are not part of the language"
    ]


def test_what_is_not_text_is_refused() -> None:
    assert problems(b"\x00\x01ELF") == [
        "s.yaml:1:1: error[encoding]: character U+0000 cannot be in a text; is this a scenario file?"
    ]
    assert problems(b"slabviz: 1\ntitle: {en: caf\xe9}\n") == [
        "s.yaml:2:16: error[encoding]: byte 0xe9 is not UTF-8; save the file as UTF-8"
    ]
    assert "UTF-8" in problems(GOOD.encode("utf-16"))[0]


def test_byte_order_mark_and_other_line_ends_are_fine() -> None:
    for data in (
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
    ):
        assert read_scenario(decode(data, "s.yaml")).title == (("en", "Good"),)


def test_many_problems_are_cut_off_and_counted() -> None:
    steps = "".join(f"      - step{number}: x\n" for number in range(MOST + 20))
    found = problems(f"slabviz: 1\ntitle: {{en: Many}}\ntasks:\n  a:\n    program:\n{steps}".encode())
    assert len(found) == MOST + 1
    assert found[-1].endswith("error[many]: 20 more problems are not shown")


def test_a_long_line_is_cut_around_the_caret() -> None:
    name = "s.yaml"
    with pytest.raises(ScenarioError) as found:
        read_scenario(decode(f"slabviz: 1\ntitle: {{en: {'x' * 300}, fr: non}}\n".encode(), name))
    shown = str(found.value.diagnostics[0]).splitlines()
    assert max(map(len, shown)) <= 130
    assert shown[1][shown[2].index("^") :].startswith("fr")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        load_scenario(tmp_path / "none.yaml")
    with pytest.raises(SourceError, match="is a folder"):
        load_scenario(tmp_path)
