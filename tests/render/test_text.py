from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from slabviz.errors import SourceError
from slabviz.render.cache import BoundedCache
from slabviz.render.cmap import covered
from slabviz.render.fonts import Fonts, TextMeasure, font_pixels
from slabviz.render.sprites import Sprites
from slabviz.render.text import lettering
from slabviz.resources import asset
from slabviz.scene.display import Style, Text
from slabviz.scene.theme import Theme

letters = st.text("abcWij 0123→·_()部分板空中，\n\0\ud800\u200b", max_size=30)
styles = st.builds(Style, st.sampled_from(["ui", "mono"]), st.integers(12, 22), st.sampled_from([400, 500, 600, 700]))


@given(letters, styles, st.sampled_from([0.9, 1.0, 1.25, 2.0]))
def test_text_is_never_wider_than_measured(text: str, style: Style, scale: float) -> None:
    fonts = Fonts()
    mask = lettering(fonts, text, style.face, style.weight, font_pixels(style.size, scale)).mask
    measure = TextMeasure(fonts, scale)
    assert mask.shape[1] == measure.pixels(text, style) <= measure(text, style) * scale + 1e-6
    inked = np.flatnonzero(mask.any(axis=0))
    assert inked.size or not set(text) & set("abcWij0123部分板空中")


def test_a_text_that_was_cut_would_be_seen(fonts: Fonts) -> None:
    """Negative control: the last letter reaches the last columns of what was measured."""
    mask = lettering(fonts, "slab W", "ui", 400, 16).mask
    assert mask[:, -2:].any()


@pytest.mark.parametrize("face", ["ui", "mono"])
def test_chinese_is_drawn_with_the_chinese_face(face: str, fonts: Fonts) -> None:
    runs = fonts.runs("slab 部分 07", face, 400, 13)
    assert [piece for _, piece in runs] == ["slab ", "部分", " 07"]
    first, second = (lettering(fonts, character, face, 400, 24).mask for character in "部分")
    assert not np.array_equal(first, second)


def test_latin_keeps_its_place_beside_chinese(fonts: Fonts) -> None:
    alone, mixed = lettering(fonts, "HH", "ui", 400, 13), lettering(fonts, "HH部", "ui", 400, 13)
    width = 16
    top_alone = np.flatnonzero(alone.mask[:, :width].any(axis=1))[0] - alone.above
    top_mixed = np.flatnonzero(mixed.mask[:, :width].any(axis=1))[0] - mixed.above
    assert top_alone == top_mixed


def test_capitals_stand_in_the_middle_of_the_line(fonts: Fonts) -> None:
    for face in ("ui", "mono"):
        for size in (12, 13, 16, 18):
            letter = lettering(fonts, "H", face, 600, size)
            rows = np.flatnonzero(letter.mask.max(axis=1) > 100) - letter.above
            assert abs(rows[0] + rows[-1] + 1) <= 1


def test_anchors_set_the_left_end_the_middle_and_the_right_end(fonts: Fonts, theme: Theme) -> None:
    sprites, style = Sprites(theme, fonts), Style("ui", 13)
    width = TextMeasure(fonts)("slab 07", style)
    lefts = [sprites.place(Text(100, 50, "slab 07", style, "t1", anchor))[0].pieces[0][1] for anchor in "lmr"]
    assert lefts == [0, -(width // 2), -width]


def test_a_missing_weight_is_drawn_with_the_next_heavier_one(fonts: Fonts) -> None:
    assert fonts.file("mono", 500) == fonts.file("mono", 600)
    assert fonts.file("cjk", 900) == fonts.file("cjk", 700)


@pytest.mark.parametrize("file", sorted(path.name for path in asset("fonts").glob("*.?tf")))
def test_the_character_map_is_read_as_fonttools_reads_it(file: str) -> None:
    path = asset("fonts", file)
    assert covered(path) == frozenset(TTFont(path).getBestCmap())


def test_faulty_font_folders_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"faces\.yaml"):
        Fonts(tmp_path)
    (tmp_path / "faces.yaml").write_text("ui: {400: a.otf}\ncjk: {400: a.otf}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"a\.otf: this font cannot be opened"):
        Fonts(tmp_path).runs("a", "ui", 400, 13)
    (tmp_path / "a.otf").write_bytes(b"\0" * 40)
    with pytest.raises(SourceError, match=r"a\.otf: this font has no readable character map"):
        Fonts(tmp_path).runs("部", "ui", 400, 13)
    with pytest.raises(SourceError, match="no face 'serif'"):
        Fonts(tmp_path).runs("a", "serif", 400, 13)


def test_an_empty_text_draws_nothing(fonts: Fonts, theme: Theme) -> None:
    assert not Sprites(theme, fonts).place(Text(5, 5, "", Style("ui", 13), "t1"))[0].pieces
    assert TextMeasure(fonts)("", Style("ui", 13)) == 0


def test_a_bounded_cache_drops_what_was_not_used_for_longest() -> None:
    cache: BoundedCache[str] = BoundedCache(100)
    cache.put("a", "A", 40)
    cache.put("b", "B", 40)
    assert cache.get("a") == "A"
    cache.put("c", "C", 40)
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]
    assert cache.report().size == 80
    cache.put("huge", "H", 1000)
    assert cache.get("huge") == "H"
    assert cache.report().entries == 1
