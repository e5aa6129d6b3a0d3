"""A line of text put together from words and digits that have been drawn before: in most new lines one number is new.

Law: the picture is that of the whole line drawn at once, pixel by pixel. It holds where a line is as wide as its pieces
are one by one (no kerning and no rounding between them) and no piece reaches beyond its width; any other line is one
piece.
"""

from __future__ import annotations

import re

import numpy as np
import pygame
from numpy.typing import NDArray

from slabviz.render.cache import BoundedCache
from slabviz.render.ink import Mask

KEPT_BYTES = 4 << 20
"""What the drawn pieces of one font may take."""

_PIECES = re.compile(r"[0-9]|[^\s0-9]+|\s")
_LONGEST = 24
"""Characters of a piece that is kept; Chinese has no spaces, and whole sentences of it seldom come again."""

Sums = NDArray[np.uint16]
"""For each pixel the sum of the fine ones in it."""


class Pieces:
    """The pieces of one font that has been opened ``fine`` times larger than it is shown."""

    def __init__(self, font: pygame.font.Font, fine: int) -> None:
        self._font = font
        self._fine = fine
        self._widths: dict[str, int] = {}
        self._sums: BoundedCache[Sums] = BoundedCache(KEPT_BYTES)

    def cut(self, text: str) -> list[tuple[str, int]]:
        """Cut a text into pieces, each with the fine pixels that it takes; into one where it cannot be cut."""
        whole = self._font.size(text)[0]
        pieces = [(piece, self._width(piece)) for piece in _PIECES.findall(text)]
        if min((width for _, width in pieces), default=-1) < 0 or sum(width for _, width in pieces) != whole:
            return [(text, whole)]
        return pieces

    def sums(self, piece: str, phase: int, rows: int, top: int) -> Sums:
        """A piece that begins ``phase`` fine pixels behind the left edge of a pixel and ``top`` fine rows down; of a
        line that is ``rows`` pixels high."""
        key = piece, phase, rows, top
        drawn = self._sums.get(key)
        if drawn is None:
            drawn = self._draw(piece, phase, rows, top)
            if len(piece) <= _LONGEST:
                self._sums.put(key, drawn, drawn.nbytes + 200)
        return drawn

    def _width(self, piece: str) -> int:
        """Fine pixels that a piece takes, -1 if its picture reaches beyond them or it is too long to be kept."""
        width = self._widths.get(piece)
        if width is None:
            width = self._font.size(piece)[0]
            if len(piece) > _LONGEST or (width and self._render(piece).get_width() != width):
                width = -1
            if len(self._widths) > 10_000:
                self._widths.clear()
            self._widths[piece] = width
        return width

    def _draw(self, piece: str, phase: int, rows: int, top: int) -> Sums:
        fine = self._fine
        letters = _alpha(self._render(piece)) if self._font.size(piece)[0] else np.zeros((0, 0), np.uint8)
        wide = -(-(phase + letters.shape[1]) // fine)
        room = np.zeros((rows * fine, wide * fine), np.uint16)
        part = letters[: room.shape[0] - top]
        room[top : top + part.shape[0], phase : phase + part.shape[1]] = part
        across = room[:, 0::fine].copy()
        for step in range(1, fine):
            across += room[:, step::fine]
        sums: Sums = across[0::fine].copy()
        for step in range(1, fine):
            sums += across[step::fine]
        return sums

    def _render(self, piece: str) -> pygame.Surface:
        return self._font.render(piece, True, (255, 255, 255))  # it refuses a text of zero-width characters only


def _alpha(drawn: pygame.Surface) -> Mask:
    """How much of each pixel of a drawn text is covered."""
    width, height = drawn.get_size()
    rows: Mask = np.frombuffer(drawn.get_buffer().raw, np.uint8).reshape(height, drawn.get_pitch() // 4, 4)
    return rows[:, :width, 3]
