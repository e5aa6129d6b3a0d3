"""Numbers put together from characters that have been drawn once: what changes in every frame is mostly numbers.

Law: the picture is that of the whole text drawn at once, pixel by pixel. It holds where a text is as wide as its
characters are one by one (no kerning, no rounding in between); for any other text there is no short way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pygame
from numpy.typing import NDArray

from slabviz.render.ink import Mask

CHARACTERS = frozenset("0123456789 .,%kM+-×")
"""What short texts of numbers consist of; others are seldom new."""

_LONGEST = 12

Sums = NDArray[np.uint16]
"""For each pixel the sum of its FINE x FINE fine ones."""


@dataclass(slots=True)
class Numerals:
    """The characters of one font that has been opened ``fine`` times larger than it is shown."""

    font: pygame.font.Font
    fine: int
    rows: int
    """Pixels from the top of a line of text to its end."""
    top: int
    """Fine rows above the font's own top."""
    _widths: dict[str, int] = field(default_factory=dict)
    _sums: dict[tuple[str, int], Sums] = field(default_factory=dict)

    def line(self, text: str) -> Mask | None:
        """The mask of a short text of numbers; None where only the font itself can draw it."""
        if len(text) > _LONGEST or not CHARACTERS.issuperset(text):
            return None
        widths = [self._width(character) for character in text]
        whole = sum(widths)
        if not whole or min(widths) < 0 or self.font.size(text)[0] != whole:
            return None
        sums: Sums = np.zeros((self.rows, -(-whole // self.fine)), np.uint16)
        left = 0
        for character, width in zip(text, widths, strict=True):
            column, phase = divmod(left, self.fine)
            drawn = self._drawn(character, phase)
            sums[:, column : column + drawn.shape[1]] += drawn
            left += width
        area = self.fine * self.fine
        mask: Mask = ((sums + area // 2) // area).astype(np.uint8)
        return mask

    def _width(self, character: str) -> int:
        """Fine pixels that it takes, -1 if its picture is wider than that."""
        if character not in self._widths:
            width = self.font.size(character)[0]
            fits = self.font.render(character, True, (255, 255, 255)).get_width() == width
            self._widths[character] = width if fits else -1
        return self._widths[character]

    def _drawn(self, character: str, phase: int) -> Sums:
        """A character that begins ``phase`` fine pixels behind the left edge of a pixel."""
        key = character, phase
        if key not in self._sums:
            letters = alpha_of(self.font.render(character, True, (255, 255, 255)))
            wide = -(-(phase + letters.shape[1]) // self.fine)
            fine = np.zeros((self.rows * self.fine, wide * self.fine), np.uint16)
            part = letters[: fine.shape[0] - self.top]
            fine[self.top : self.top + part.shape[0], phase : phase + part.shape[1]] = part
            cells = fine.reshape(self.rows, self.fine, wide, self.fine)
            self._sums[key] = cells.sum(axis=(1, 3), dtype=np.uint16)
        return self._sums[key]


def alpha_of(drawn: pygame.Surface) -> Mask:
    """How much of each pixel of a drawn text is covered."""
    width, height = drawn.get_size()
    rows: Mask = np.frombuffer(drawn.get_buffer().raw, np.uint8).reshape(height, drawn.get_pitch() // 4, 4)
    return rows[:, :width, 3]
