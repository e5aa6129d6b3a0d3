"""Breaking a text into lines: English between words, Chinese between any two characters."""

from __future__ import annotations

import re

from slabviz.scene.display import Measure, Style
from slabviz.scene.layout.sketch import fitted

_PIECES = re.compile(r"[\u2e80-\uffef][，。；：、！？”）》]*|[^\s\u2e80-\uffef]+[，。；：、！？”）》]*|\s+")
"""A Chinese character with the marks that may not begin a line, a word, or a gap."""


def flowed(text: str, style: Style, room: int, most: int, measure: Measure) -> list[str]:
    """At most ``most`` lines of ``room`` px; what does not fit is cut off with an ellipsis."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and measure((lines[-1] + piece).rstrip(), style) > room:
            lines.append("" if piece.isspace() else piece)
        elif lines[-1] or not piece.isspace():
            lines[-1] += piece
    if len(lines) > most:
        lines[most - 1 :] = ["".join(f"{line} " if line.isascii() else line for line in lines[most - 1 :])]
    return [fitted(line.rstrip(), style, room, measure) for line in lines]
