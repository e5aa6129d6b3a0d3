"""The head of a scenario file is what the whole file says; what it includes is found without reading it whole."""

from pathlib import Path

import pytest

from slabviz.errors import SourceError
from slabviz.resources import lesson_files, scenario_folder
from slabviz.scenario.head import Head, files_of, read_head
from slabviz.scenario.loader import load_scenarios

REST = "\ncaches: {a: {size: 64 B}}\ntasks: {t: {program: [{alloc: {cache: a, as: x}}, {free: x}]}}\n"


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
def test_a_head_says_what_the_checked_scenario_says(path: Path) -> None:
    head, scenarios = read_head(path), load_scenarios(path)
    whole = next(iter(scenarios.values()))
    assert (head.id, head.about) == (whole.id, whole.about)
    titles = {scenario.title for scenario in scenarios.values()}
    assert head.title == whole.title or len(titles) > 1  # variants may have titles of their own


@pytest.mark.parametrize(
    ("written", "head"),
    [
        ("slabviz: 1\ntitle: Only", Head("", (("en", "Only"),), ())),
        (
            "slabviz: 1\nid: X1\ntitle: {en: A, zh: B}\nabout: 'yes'",
            Head("X1", (("en", "A"), ("zh", "B")), (("en", "yes"),)),
        ),
        ("\ufeffslabviz: 1\r\nmachine: {pages: {kernel: 10 %}}\r\ntitle: 'Late'", Head("", (("en", "Late"),), ())),
    ],
)
def test_texts_are_read_as_the_loader_reads_them(written: str, head: Head, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(written + REST, encoding="utf-8")
    assert read_head(path) == head
    whole = next(iter(load_scenarios(path).values()))
    assert (whole.id, whole.title, whole.about) == (head.id, head.title, head.about)


@pytest.mark.parametrize("data", [b"title: [", b"\xff\xfe", b"title: \x00"])
def test_what_is_no_yaml_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="cannot be read"):
        read_head(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_head(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words", "title: {en: [a, b]}"])
def test_other_yaml_has_an_empty_head(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_head(path) == Head()


def test_all_files_that_a_scenario_is_read_from_are_found(tmp_path: Path) -> None:
    top, parts = tmp_path / "top.yaml", tmp_path / "parts"
    parts.mkdir()
    top.write_text("slabviz: 1\ntitle: x\ninclude: [parts/a.yaml, library/fork.yaml]" + REST, encoding="utf-8")
    (parts / "a.yaml").write_text("slabviz: 1\ninclude: b.yaml\n", encoding="utf-8")
    (parts / "b.yaml").write_text("slabviz: 1\ninclude: [a.yaml, gone.yaml]\n", encoding="utf-8")
    library = scenario_folder() / "library" / "fork.yaml"
    assert set(files_of(top)) == {top, parts / "a.yaml", parts / "b.yaml", parts / "gone.yaml", library}
