"""What all views for lessons have in common: the room they take, the tabs over it, cards with headings."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.metrics import CAPTION_GAP
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, PANEL, STRONG
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.tabs import lesson_tabs_part

_CHINESE = 0x2E80
"""From this sign on a line may be broken anywhere."""
HEAD = 40
"""Height of the tabs with the gap under them."""
_TABS = 28
GAP = 8
PAD = 12
TITLE = 36
"""Height of a card's heading."""


def room_of(desk: Desk) -> Rect:
    """Everything between caption and timeline."""
    at = desk.regions
    top, margin = at.lanes[1], at.metrics.margin
    return margin, top, at.page[0] - 2 * margin, at.timeline[1] - CAPTION_GAP - top


def body_of(desk: Desk) -> Rect:
    """The room under the tabs."""
    x, y, w, h = room_of(desk)
    return x, y + HEAD, w, h - HEAD


def head_parts(desk: Desk, view: ViewState) -> list[Part]:
    """The tabs, and beside them in one sentence what the open view is for."""
    x, y, w, _ = room_of(desk)
    tabs = lesson_tabs_part(desk, x, y, view)
    left = tabs.blocks[0].rect[0] + tabs.blocks[0].rect[2] + 8
    rect = (left, y, x + w - left, _TABS)
    text = desk.tr(f"views.about.{view.panel.value}")

    def make(part: Part) -> None:
        desk.memo.block(part, ("lesson about",), rect, text, lambda sketch: _about(sketch, rect, text))

    return [tabs, desk.memo.part(("lesson about",), (rect, text), make)]


def _about(sketch: Sketch, rect: Rect, text: str) -> None:
    x, y, w, h = rect
    sketch.text(x, y + h // 2, text, BODY, "t2", room=w)


def card(sketch: Sketch, rect: Rect, title: str, note: str = "", *, fill: Colour = "s1") -> int:
    """Draw a panel with a heading and return where its content begins (y)."""
    x, y, w, _ = rect
    sketch.box(rect, fill, "line", radius=8)
    left = x + PAD + sketch.text(x + PAD, y + TITLE // 2, title, PANEL, "t1", room=w - 2 * PAD) + 12
    if note:
        sketch.text(left, y + TITLE // 2, note, LABEL, "t3", room=x + w - PAD - left)
    return y + TITLE


def paragraph(sketch: Sketch, rect: Rect, text: str, colour: Colour = "t2", *, pitch: int = 18) -> int:
    """Write a text in lines as wide as the rectangle, as many as fit, and return where the next may begin (y)."""
    x, y, w, h = rect
    lines = broken(sketch, text, w)
    room = max(h // pitch, 1)
    for number, line in enumerate(lines[:room]):
        last = number == room - 1 and len(lines) > room
        sketch.text(x, y + pitch // 2, ("".join(lines[number:]) if last else line).rstrip(), LABEL, colour, room=w)
        y += pitch
    return y


def broken(sketch: Sketch, text: str, width: int) -> list[str]:
    """Break a text into lines: between words, and anywhere between Chinese signs."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and sketch.measure((line + piece).rstrip(), LABEL) > width:
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line] if line else lines


_ENDS = "，。；：、）？！”"
"""Signs that do not begin a line."""


def _pieces(text: str) -> list[str]:
    """What stays on one line: a word with the blank after it, a Chinese sign with what must not begin a line."""
    pieces: list[str] = []
    for sign in text:
        last = pieces[-1][-1] if pieces else ""
        in_word = ord(sign) < _CHINESE and last and ord(last) < _CHINESE and last != " "
        if last and (sign == " " or sign in _ENDS or in_word):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def meanings(
    sketch: Sketch, rect: Rect, pairs: list[tuple[str, str]], *, columns: int = 1, pitch: int = 20
) -> None:  # fmt: skip
    """Words with their meanings, in columns read downwards; those without room are left out."""
    x, y, w, h = rect
    rows = -(-len(pairs) // columns)
    wide = w // columns
    for column in range(columns):
        own = pairs[column * rows : (column + 1) * rows]
        start = max((sketch.measure(word, STRONG) for word, _ in own), default=0) + 10
        for row, (word, meaning) in enumerate(own[: h // pitch]):
            left, middle = x + column * wide, y + row * pitch + pitch // 2
            sketch.text(left, middle, word, STRONG, "cache", room=wide - 12)
            sketch.text(left + start, middle, meaning, LABEL, "t2", room=wide - start - 16)
