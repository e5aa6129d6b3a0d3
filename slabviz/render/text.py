"""One line of text as a mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.render.fonts import FINE, Fonts
from slabviz.render.ink import Mask
from slabviz.render.numerals import alpha_of

_HALF_CAPITAL = 0.364
"""Half the height of a capital letter, of the font's size: the same in Inter and JetBrains Mono."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """A drawn line of text: its mask, and how many rows of it are above the middle of the line."""

    mask: Mask
    above: int


def lettering(fonts: Fonts, text: str, face: str, weight: int, pixels: int) -> Lettering:
    """Draw ``text`` with a font ``pixels`` high. The middle of the line is the middle of its capitals.

    The base line lies on a whole pixel, whichever fonts the text needs. An empty text gives an empty mask.
    """
    runs = fonts.runs(text, face, weight, pixels)
    ascent = max((font.get_ascent() for font, _ in runs), default=0)
    base = -(-ascent // FINE)
    below = max((font.get_height() - font.get_ascent() for font, _ in runs), default=0)
    rows, above = base + -(-below // FINE) + 1, base - int(_HALF_CAPITAL * pixels + 0.5)
    if len(runs) == 1:
        number = fonts.numerals(runs[0][0], rows, base * FINE - ascent).line(runs[0][1])
        if number is not None:
            return Lettering(number, above)
    widths = [font.size(piece)[0] for font, piece in runs]
    columns = -(-sum(widths) // FINE)
    canvas = np.zeros((rows * FINE, columns * FINE), np.uint8)
    left = 0
    for (font, piece), width in zip(runs, widths, strict=True):
        if width:  # pygame refuses to draw a text of zero-width characters only
            _lay(canvas, alpha_of(font.render(piece, True, (255, 255, 255))), base * FINE - font.get_ascent(), left)
        left += width
    return Lettering(_average(canvas), above)


def _lay(canvas: Mask, letters: Mask, top: int, left: int) -> None:
    """Put letters on the canvas; what would stand over its edge is cut."""
    part = letters[: canvas.shape[0] - top, : canvas.shape[1] - left]
    room = canvas[top : top + part.shape[0], left : left + part.shape[1]]
    np.maximum(room, part, out=room)


def _average(fine: Mask) -> Mask:
    """Average blocks of FINE x FINE pixels."""
    wide: NDArray[np.uint16] = fine.astype(np.uint16)
    rows = sum((wide[step::FINE] for step in range(1, FINE)), wide[0::FINE])
    cells = sum((rows[:, step::FINE] for step in range(1, FINE)), rows[:, 0::FINE])
    return ((cells + FINE * FINE // 2) // (FINE * FINE)).astype(np.uint8)
