"""A thing's card: its name, its state in words, its fields; in a tooltip or kept on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slabviz.scene.display import Colour, Measure, Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK

if TYPE_CHECKING:
    from slabviz.scene.profiles import Profile

LINE = 20
PAD = 12
_GAP = 12
"""Between label and value."""
WIDEST = 380
LEAST = 180
_EDGE = 4
"""So far everything stays from the edge of the page."""


def card_size(shown: Profile, measure: Measure) -> tuple[int, int]:
    """Width and height in px: as wide as its longest line, within limits."""
    label, value = _columns(shown, measure)
    lines = [measure(shown.name, LABEL_STRONG), *(measure(line, LABEL) for line in state_lines(shown, measure))]
    wide = min(max(*lines, label + _GAP + value, LEAST), WIDEST) + 2 * PAD
    return wide, LINE * (1 + len(state_lines(shown, measure)) + len(shown.fields)) + 12


def state_lines(shown: Profile, measure: Measure) -> list[str]:
    """The state, broken into lines."""
    return wrapped(shown.state, WIDEST, measure) if shown.state else []


def _columns(shown: Profile, measure: Measure) -> tuple[int, int]:
    label = max((measure(label, LABEL) for label, _ in shown.fields), default=0)
    return label, max((measure(value, MARK) for _, value in shown.fields), default=0)


def draw_card(sketch: Sketch, rect: Rect, shown: Profile, stroke: Colour = "t3", *, room: int = 0) -> None:
    """Draw it in its rectangle; ``room`` px at the right end of the name's line stay free."""
    x, y, w, _ = rect
    sketch.box(rect, "s3", stroke, radius=6)
    middle = y + 6 + LINE // 2
    sketch.text(x + PAD, middle, shown.name, LABEL_STRONG, "t1", room=w - 2 * PAD - room)
    for line in state_lines(shown, sketch.measure):
        middle += LINE
        sketch.text(x + PAD, middle, line, LABEL, "t2", room=w - 2 * PAD)
    column = _columns(shown, sketch.measure)[0] + _GAP
    for label, value in shown.fields:
        middle += LINE
        sketch.text(x + PAD, middle, label, LABEL, "t2")
        sketch.text(x + PAD + column, middle, value, MARK, "t1", room=w - 2 * PAD - column)


def beside(x: int, y: int, size: tuple[int, int], page: tuple[int, int]) -> Rect:
    """Below right of a pointer, above or left of it where the page ends there, and never outside the page."""
    wide, tall = size
    left = x + 12 if x + 12 + wide <= page[0] - _EDGE else x - 8 - wide
    top = y + 16 if y + 16 + tall <= page[1] - _EDGE else y - 8 - tall
    return kept_inside((left, top, wide, tall), page)


def kept_inside(rect: Rect, page: tuple[int, int]) -> Rect:
    """A rectangle moved onto the page."""
    x, y, wide, tall = rect
    return max(min(x, page[0] - wide - _EDGE), _EDGE), max(min(y, page[1] - tall - _EDGE), _EDGE), wide, tall


def wrapped(text: str, room: int, measure: Measure) -> list[str]:
    """Break a text into lines of at most ``room`` px: at spaces, and where a word alone is too long anywhere in it."""
    lines = [""]
    for piece in _pieces(text, room, measure):
        joint = " " if " " in text and lines[-1] else ""
        if lines[-1] and measure(lines[-1] + joint + piece, LABEL_STRONG) > room:
            lines.append(piece)
        else:
            lines[-1] += joint + piece
    return lines


def _pieces(text: str, room: int, measure: Measure) -> list[str]:
    if " " not in text:
        return list(text)
    pieces: list[str] = []
    for word in text.split(" "):
        rest = word
        while rest and measure(rest, LABEL_STRONG) > room:
            fits = next((n for n in range(len(rest), 1, -1) if measure(rest[:n], LABEL_STRONG) <= room), 1)
            pieces.append(rest[:fits])
            rest = rest[fits:]
        pieces.append(rest)
    return pieces
