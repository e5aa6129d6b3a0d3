"""One line of text as a mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slabviz.render.fonts import FINE, Fonts
from slabviz.render.ink import Mask
from slabviz.render.pieces import Sums

_HALF_CAPITAL = 0.364
"""Half the height of a capital letter, of the font's size: the same in Inter and JetBrains Mono."""
_AREA = FINE * FINE


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
    rows = base + -(-below // FINE) + 1
    cut = [(font, piece, width) for font, run in runs for piece, width in fonts.pieces(font).cut(run)]
    sums: Sums = np.zeros((rows, -(-sum(width for _, _, width in cut) // FINE)), np.uint16)
    left = 0
    for font, piece, width in cut:
        if width:
            column, phase = divmod(left, FINE)
            drawn = fonts.pieces(font).sums(piece, phase, rows, base * FINE - font.get_ascent())
            room = sums[:, column : column + drawn.shape[1]]
            room += drawn[:, : room.shape[1]]
        left += width
    mask: Mask = (np.minimum(sums, 255 * _AREA) + _AREA // 2) // _AREA
    return Lettering(mask.astype(np.uint8), base - int(_HALF_CAPITAL * pixels + 0.5))
