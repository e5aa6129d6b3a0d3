"""A number that is put together looks as if it had been drawn at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.render import text as lettered
from slabviz.render.fonts import Fonts
from slabviz.render.numerals import CHARACTERS, Numerals

FONTS = Fonts()


def drawn_at_once(text: str, face: str, weight: int, pixels: int) -> lettered.Lettering:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Numerals, "line", lambda self, text: None)
        return lettered.lettering(FONTS, text, face, weight, pixels)


@settings(max_examples=300, deadline=None)
@given(
    st.text("".join(sorted(CHARACTERS)), min_size=1, max_size=12), st.sampled_from(["mono", "ui"]),
    st.sampled_from([400, 600, 700]), st.integers(9, 40),
)  # fmt: skip
def test_it_equals_the_text_drawn_at_once(text: str, face: str, weight: int, pixels: int) -> None:
    one, other = lettered.lettering(FONTS, text, face, weight, pixels), drawn_at_once(text, face, weight, pixels)
    assert one.above == other.above
    assert np.array_equal(one.mask, other.mask)


def test_the_short_way_is_taken_for_numbers_and_for_nothing_else() -> None:
    font = FONTS.runs("0", "mono", 400, 12)[0][0]
    numerals = FONTS.numerals(font, 18, 0)
    assert numerals.line("1 284") is not None
    assert numerals.line("29.2k") is not None
    assert numerals.line("kfree") is None
    assert numerals.line("0123456789012") is None


def test_a_shifted_digit_would_be_noticed() -> None:
    one, other = (lettered.lettering(FONTS, text, "mono", 400, 12).mask for text in ("1284", "1 284"))
    assert one.shape != other.shape
