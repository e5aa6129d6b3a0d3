"""Every character that slabviz can show has a glyph in the face that draws it: no empty boxes in any language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont

from slabviz.i18n import Catalogue, languages
from slabviz.resources import asset, scenario_folder, table

FACES = table(asset("fonts", "faces.yaml"))
MAX_FONT_BYTES = 3_300_000


@cache
def characters(face: str) -> frozenset[int]:
    """Return what a face draws at every one of its weights; ui and mono borrow from cjk what they lack."""
    weights = [frozenset(TTFont(asset("fonts", file)).getBestCmap()) for key, file in FACES.items() if of(key, face)]
    own = frozenset.intersection(*weights)
    return own if face == "cjk" else own | characters("cjk")


def of(key: str, face: str) -> bool:
    return key.startswith(f"{face}.")


def missing(text: str, face: str) -> str:
    return "".join(sorted({c for c in text if c != "\n" and ord(c) not in characters(face)}))


def strings(node: yaml.Node) -> Iterator[str]:
    """Yield every key and value of a YAML document."""
    if isinstance(node, yaml.ScalarNode):
        yield node.value
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from strings(value)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from strings(key)
            yield from strings(value)


def scenarios() -> list[Path]:
    return sorted(scenario_folder().rglob("*.yaml"))


@pytest.mark.parametrize("face", ["ui", "mono"])
@pytest.mark.parametrize("language", languages())
def test_every_text_of_a_catalogue_can_be_drawn(language: str, face: str) -> None:
    texts = Catalogue(language).texts
    assert {key: lost for key, text in texts.items() if (lost := missing(text, face))} == {}


@pytest.mark.parametrize("path", scenarios(), ids=lambda path: path.stem)
def test_every_text_of_a_scenario_can_be_drawn(path: Path) -> None:
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert root is not None
    assert missing("".join(strings(root)), "ui") == ""


def test_a_character_without_a_glyph_is_seen() -> None:
    assert missing("slab 07 → 中文，½", "ui") == ""
    assert missing("a ☃ in 龘", "ui") == "☃龘"


def test_each_face_has_the_signs_of_the_pictures() -> None:
    for face in ("ui", "mono"):
        assert missing("→←↑↓·×¼½¾…–—≤≥▸▹▶≠−\u2009\u202f", face) == ""


def test_the_fonts_stay_small_and_unhinted() -> None:
    files = [asset("fonts", file) for file in FACES.values()]
    assert sum(file.stat().st_size for file in files) < MAX_FONT_BYTES
    for file in files:
        assert not {"fpgm", "prep", "cvt ", "GSUB", "GPOS"} & set(TTFont(file).keys()), file.name


def test_every_font_file_is_in_the_table_of_faces() -> None:
    assert {path.name for path in asset("fonts").glob("*.?tf")} == set(FACES.values())
