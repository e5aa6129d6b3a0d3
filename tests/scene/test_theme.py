from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.errors import ThemeError
from slabviz.resources import asset
from slabviz.scene.theme import ROLES, Theme, names


def changed(folder: Path, before: str, after: str) -> Path:
    """Write a copy of the dark theme in which ``before`` is ``after``."""
    text = asset("themes", "dark.yaml").read_text(encoding="utf-8")
    assert before in text
    path = folder / "changed.yaml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: Theme, over: str, under: str) -> float:
    light, dark = sorted((luminance(theme.rgb(over)), luminance(theme.rgb(under))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_roles_owners_and_mixes_have_a_colour() -> None:
    dark = Theme.load("dark")
    assert dark.rgb("slab") == (0x86, 0xCB, 0xEA)
    assert dark.rgb("owner0") == (0x5A, 0xA2, 0xFF)
    assert dark.rgb("owner7") == (0xB7, 0xC4, 0xD4)
    assert dark.rgb("focus*0+bg") == dark.rgb("bg")
    assert dark.rgb("focus*100+bg") == dark.rgb("focus")
    assert dark.rgb("free*45+s1") == (74, 116, 89)
    assert dark.rgb("free*45+s1") is dark.rgb("free*45+s1")


@pytest.mark.parametrize("colour", ["sky", "owner8", "#FFFFFF", "free*45", "free*101+s1", "sky*45+s1", ""])
def test_a_colour_that_is_not_there_is_an_error(colour: str) -> None:
    with pytest.raises(ThemeError):
        Theme.load("dark").rgb(colour)


def test_an_unknown_theme_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ThemeError, match="'neon'; there are dark, light"):
        Theme.load("neon")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("slab:", "slaab:", "the colour 'slab' is missing; 'slaab' is no role"),
        ("#86CBEA", "86CBEA", "slab: '86CBEA' is not #RRGGBB"),
        ("scrim_alpha: 219", "scrim_alpha: 300", "scrim_alpha: '300' is not a number from 0 to 255"),
        ("slabF:", "slab:", "the key 'slab' is given twice"),
    ],
)
def test_a_faulty_theme_says_what_is_wrong(tmp_path: Path, before: str, after: str, fault: str) -> None:
    with pytest.raises(ThemeError, match="changed.yaml") as caught:
        Theme.read(changed(tmp_path, before, after))
    assert fault in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="none.yaml"):
        Theme.read(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", names())
def test_texts_and_outlines_stand_out_as_the_specification_asks(name: str) -> None:
    theme = Theme.load(name)
    for text in ("t1", "t2", "t3"):
        assert contrast(theme, text, "s1") >= 4.5, text
    for outline in ("line2", "cache", "part", "slab", "free", "slow", "full", "err", "proc", "focus"):
        assert contrast(theme, outline, "s1") >= 3, outline
    for fill in sorted(role for role in ROLES if role.endswith("F")):
        assert contrast(theme, "t1", fill) >= 11.5, fill
    for number in range(8):
        assert contrast(theme, "ink", f"owner{number}") >= 7.35, number  # 7.4, rounded
    for accent in ("slow", "err"):
        assert contrast(theme, "onalert", accent) >= 6.1, accent
