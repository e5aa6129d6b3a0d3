"""The shipped fonts: which file draws a character, and how wide a text is.

Fonts are opened ``FINE`` times larger than they are shown and averaged down (``text.py``): letters then stand where
the design wants them instead of on whole pixels, at every size, and hinting has no say in it.
"""

from __future__ import annotations

import bisect
import re
from pathlib import Path

import pygame

from slabviz.errors import SourceError
from slabviz.render.cmap import covered
from slabviz.render.pieces import Pieces
from slabviz.resources import asset, table
from slabviz.scene.display import Style

FINE = 4
"""How many times larger than shown a text is drawn before it is averaged down."""

_FALLBACK = "cjk"

_UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Fonts:
    """The faces named in ``faces.yaml`` of a folder, opened when first needed.

    Raises SourceError: the folder has no readable ``faces.yaml``, or it names a weight or a file that is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        pygame.font.init()
        self._folder = folder or asset("fonts")
        self._files = _read_faces(self._folder / "faces.yaml")
        self._open: dict[tuple[str, int], pygame.font.Font] = {}
        self._covered: dict[str, frozenset[int]] = {}
        self._pieces: dict[pygame.font.Font, Pieces] = {}

    def file(self, face: str, weight: int) -> str:
        """Return the file of a face at a weight: the nearest heavier one there is, else the heaviest."""
        weights = self._files.get(face)
        if weights is None:
            where, known_faces = self._folder / "faces.yaml", ", ".join(self._files)
            raise SourceError(f"{where}: there is no face {face!r}; there are {known_faces}")
        known = sorted(weights)
        return weights[known[min(bisect.bisect_left(known, weight), len(known) - 1)]]

    def runs(self, text: str, face: str, weight: int, pixels: int) -> list[tuple[pygame.font.Font, str]]:
        """Cut ``text`` into pieces drawn by one font each; the fonts are ``FINE`` times ``pixels`` high.

        A control character or half of a surrogate pair, which no font draws, becomes a space.
        """
        own, text = self.file(face, weight), _UNDRAWABLE.sub(" ", text)
        if text.isascii():
            return [(self._font(own, pixels * FINE), text)] if text else []
        other = self.file(_FALLBACK, weight)
        found: list[tuple[str, str]] = []
        for character in text:
            file = own if character.isascii() or self._has(own, character) else other
            if found and found[-1][0] == file:
                found[-1] = (file, found[-1][1] + character)
            else:
                found.append((file, character))
        return [(self._font(file, pixels * FINE), piece) for file, piece in found]

    def pieces(self, font: pygame.font.Font) -> Pieces:
        """Return the words and digits that have been drawn with an open font."""
        found = self._pieces.get(font)
        if found is None:
            found = self._pieces[font] = Pieces(font, FINE)
        return found

    def opened(self) -> int:
        """Return the number of fonts held open (one for each file and size)."""
        return len(self._open)

    def _has(self, file: str, character: str) -> bool:
        codes = self._covered.get(file)
        if codes is None:
            codes = self._covered[file] = covered(self._folder / file)
        return ord(character) in codes

    def _font(self, file: str, height: int) -> pygame.font.Font:
        font = self._open.get((file, height))
        if font is None:
            try:
                font = pygame.font.Font(self._folder / file, height)
            except (OSError, pygame.error) as problem:
                raise SourceError(f"{self._folder / file}: this font cannot be opened: {problem}") from problem
            self._open[file, height] = font
        return font


class TextMeasure:
    """Answers how wide a text is, in unscaled pixels rounded up, when it is drawn at ``scale`` (a ``Measure``)."""

    _KEPT = 20_000

    def __init__(self, fonts: Fonts, scale: float = 1.0) -> None:
        self._fonts = fonts
        self._scale = scale
        self._widths: dict[tuple[str, Style], int] = {}

    def __call__(self, text: str, style: Style) -> int:
        """Return the width of ``text`` in ``style``; it is never drawn wider than this."""
        width = self._widths.get((text, style))
        if width is None:
            if len(self._widths) >= self._KEPT:
                self._widths.clear()
            pixels = self.pixels(text, style)
            width = self._widths[text, style] = -int(-pixels // self._scale)
        return width

    def pixels(self, text: str, style: Style) -> int:
        """Return the width in pixels of the screen, as the text is drawn."""
        runs = self._fonts.runs(text, style.face, style.weight, font_pixels(style.size, self._scale))
        return -(-sum(font.size(piece)[0] for font, piece in runs) // FINE)


def font_pixels(size: int, scale: float) -> int:
    """Return the height in screen pixels of a font of ``size`` unscaled pixels; never less than one."""
    return max(1, int(size * scale + 0.5))


def _read_faces(path: Path) -> dict[str, dict[int, str]]:
    faces: dict[str, dict[int, str]] = {}
    for key, file in table(path).items():
        face, _, weight = key.rpartition(".")
        if not face or not weight.isdecimal():
            raise SourceError(f"{path}: {key!r} is no face and weight such as ui.400")
        faces.setdefault(face, {})[int(weight)] = file
    if _FALLBACK not in faces:
        raise SourceError(f"{path}: the face {_FALLBACK!r} is missing: it draws what the others have no glyph for")
    return faces
