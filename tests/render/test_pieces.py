"""A line that is put together from pieces looks as if it had been drawn at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.i18n import Catalogue
from slabviz.render.fonts import FINE, Fonts
from slabviz.render.pieces import Pieces
from slabviz.render.text import Lettering, lettering

FONTS = Fonts()
WORDS = sorted({word for text in Catalogue("en").texts.values() for word in text.split()})


def drawn_at_once(text: str, face: str, weight: int, pixels: int) -> Lettering:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pieces, "cut", lambda self, text: [(text, self._font.size(text)[0])])
        return lettering(FONTS, text, face, weight, pixels)


def is_as_drawn_at_once(text: str, face: str, weight: int, pixels: int) -> bool:
    one, other = lettering(FONTS, text, face, weight, pixels), drawn_at_once(text, face, weight, pixels)
    return one.above == other.above and np.array_equal(one.mask, other.mask)


FACES = st.sampled_from(["mono", "ui"]), st.sampled_from([400, 600, 700]), st.integers(9, 40)


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789 .,%kM+-×/()\u2009", min_size=1, max_size=16), *FACES)
def test_a_number_equals_itself_drawn_at_once(text: str, face: str, weight: int, pixels: int) -> None:
    assert is_as_drawn_at_once(text, face, weight, pixels)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.integers(0, 9999).map(str), min_size=1, max_size=9).map(" ".join), *FACES)
def test_a_sentence_equals_itself_drawn_at_once(text: str, face: str, weight: int, pixels: int) -> None:
    assert is_as_drawn_at_once(text, face, weight, pixels)


@pytest.mark.parametrize("text", sorted(Catalogue("zh_CN").texts.values())[::40])
def test_chinese_equals_itself_drawn_at_once(text: str) -> None:
    assert is_as_drawn_at_once(text, "ui", 400, 13)


def test_most_lines_are_cut_and_long_words_are_not() -> None:
    pieces = FONTS.pieces(FONTS.runs("0", "mono", 400, 12)[0][0])
    assert [piece for piece, _ in pieces.cut("12.0k of 7")] == ["1", "2", ".", "0", "k", " ", "of", " ", "7"]
    assert len(pieces.cut("kmalloc" * 9)) == 1


def test_a_piece_in_another_phase_is_another_picture() -> None:
    pieces = FONTS.pieces(FONTS.runs("0", "mono", 400, 12)[0][0])
    drawn = [pieces.sums("8", phase, 16, 0) for phase in range(FINE)]
    assert len({one.tobytes() for one in drawn}) == FINE
