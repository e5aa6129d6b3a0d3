"""One palette for all frames of a GIF, and the nearest entry of every pixel.

A stage has a few dozen flat colours that fill nine tenths of it, and thousands of mixtures at the edges of letters. The
flat ones get entries of their own, exact; the rest are spread over what is left of the colour space. On frames of the
shipped scenarios that is off by 0.2 steps in the mean, 22 at most; Pillow's choice for all of them at once by 5, 17.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from slabviz.export.clip import Frame

COLOURS = 255
"""Entries that are colours; number 255 is left for "as before"."""

EXACT = 128
"""The most frequent colours have an entry of their own."""

UNKNOWN = 255
"""In the table: this colour has not been met yet."""

SAMPLE_ROWS = 540
"""Of each sample about so many rows are looked at: a letter has several, and the choice takes half the time."""

Codes = npt.NDArray[np.uint32]
"""A colour in one number, 0xRRGGBB."""

Rgb = npt.NDArray[np.uint8]
"""(number of colours, 3)."""


class Palette:
    """At most 255 colours, and a table from every colour met so far to the nearest of them."""

    def __init__(self, colours: Rgb) -> None:
        self.colours = colours
        self._wide = colours.astype(np.int32)
        self._table = np.full(1 << 24, UNKNOWN, np.uint8)

    @classmethod
    def of(cls, samples: Iterable[Frame]) -> Palette:
        """A palette that suits all ``samples``."""
        codes = np.concatenate([_codes(frame[:: max(1, frame.shape[0] // SAMPLE_ROWS)]).ravel() for frame in samples])
        met, counts = np.unique(codes, return_counts=True)
        ranked = _rgb(met[np.argsort(-counts, kind="stable")])
        return cls(ranked if len(ranked) <= COLOURS else _with_spread(ranked[:EXACT], ranked[EXACT:]))

    def indexes(self, frame: Frame) -> npt.NDArray[np.uint8]:
        """The entry nearest to each pixel of a frame or a part of one: (height, width) uint8."""
        codes = _codes(frame)
        found = self._table[codes]
        if (found == UNKNOWN).any():
            new = np.unique(codes[found == UNKNOWN])
            self._table[new] = [self._nearest(colour) for colour in _rgb(new)]
            found = self._table[codes]
        return found

    def _nearest(self, colour: Rgb) -> int:
        return int(((self._wide - colour) ** 2).sum(axis=1).argmin())


def _with_spread(exact: Rgb, rest: Rgb) -> Rgb:
    """``exact`` and as many more as there is room for, so that no colour of ``rest`` is far from all of them."""
    import PIL.Image  # here, for it takes 30 ms that only a GIF needs

    room = COLOURS - len(exact)
    image = PIL.Image.fromarray(rest[np.newaxis])
    spread = image.quantize(room, method=PIL.Image.Quantize.MAXCOVERAGE, dither=PIL.Image.Dither.NONE)
    return np.concatenate([exact, np.array(spread.getpalette(), np.uint8).reshape(-1, 3)[:room]])


def _codes(frame: Frame) -> Codes:
    """Blue, green, red, unused in memory are 0x00RRGGBB in a little-endian word."""
    words: Codes = np.ascontiguousarray(frame).view("<u4")[:, :, 0] & np.uint32(0xFFFFFF)
    return words


def _rgb(codes: Codes) -> Rgb:
    return np.stack([codes >> 16, codes >> 8 & 0xFF, codes & 0xFF], axis=-1).astype(np.uint8)
