from __future__ import annotations

import string
from pathlib import Path

import pytest

from slabviz.errors import CatalogueError, SourceError
from slabviz.i18n import Catalogue, languages
from slabviz.resources import asset, table


def catalogue(folder: Path, **areas: str) -> Catalogue:
    for area, text in areas.items():
        (folder / f"{area}.yaml").write_text(text, encoding="utf-8")
    return Catalogue("en", folder)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_a_text_is_found_by_its_key_and_filled(tmp_path: Path) -> None:
    found = catalogue(tmp_path, stage="stage:\n  lock: held by CPU{cpu}\n  free: not held", app="app.quit: Quit")
    assert found.tr("stage.lock", cpu=1) == "held by CPU1"
    assert found.tr("stage.free") == "not held"
    assert found.tr("app.quit") == "Quit"
    assert "app.quit" in found
    assert "app" not in found


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    found = catalogue(tmp_path, lock="lock:\n  on: no\n  off: 010\n  at: 12:30\n  none: ~")
    assert [found.tr(f"lock.{key}") for key in ("on", "off", "at", "none")] == ["no", "010", "12:30", "~"]


def test_a_missing_text_is_an_error_that_names_key_and_language(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"en has no text 'stage\.lock'"):
        catalogue(tmp_path, stage="stage: {free: x}").tr("stage.lock")


@pytest.mark.parametrize("text", ["{cpu} {slab}", "{cpu", "cpu}", "{}", "{cpu.x}"])
def test_a_placeholder_that_cannot_be_filled_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match=r"stage\.lock"):
        catalogue(tmp_path, stage=f"stage.lock: '{text}'").tr("stage.lock", cpu=1)


def test_a_key_in_the_file_of_another_area_is_an_error(tmp_path: Path) -> None:
    found = catalogue(tmp_path, app="app.quit: a", stage="app: {lock: b}")
    assert found.tr("app.quit") == "a"
    with pytest.raises(CatalogueError, match=r"stage\.yaml.*app\.lock"):
        found.tr("stage.lock")


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "a.b: 1\na: {b: 2}"])
def test_a_key_given_twice_is_an_error_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"a\.yaml:\d:\d: the key 'a(\.b)?' is given twice"):
        catalogue(tmp_path, a=text).tr("a")


@pytest.mark.parametrize("text", ["a: [1, 2]", "- a", "just words", "a: {b: 1", b"a: \xff".decode("latin-1") + "\x00"])
def test_a_file_that_is_no_table_is_an_error_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"a\.yaml"):
        catalogue(tmp_path, a=text).tr("a")


def test_an_unknown_language_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(CatalogueError, match="'tlh'; there are en, zh_CN"):
        Catalogue("tlh")


def test_all_languages_have_the_same_files_keys_and_placeholders() -> None:
    english = asset("locale", "en")
    assert languages() == ("en", "zh_CN")
    for language in languages():
        folder = asset("locale", language)
        assert [path.name for path in sorted(folder.iterdir())] == [path.name for path in sorted(english.iterdir())]
        for path in sorted(english.glob("*.yaml")):
            ours, theirs = table(path), table(folder / path.name)
            assert sorted(theirs) == sorted(ours), path.name
            assert {k: placeholders(v) for k, v in theirs.items()} == {k: placeholders(v) for k, v in ours.items()}


def test_every_key_is_dotted_lower_case() -> None:
    texts = Catalogue("en").texts
    assert texts
    assert [key for key in texts if not all(part.isidentifier() for part in key.split("."))] == []
