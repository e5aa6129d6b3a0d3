"""What lies over the stage for a moment: the tooltip, and a note over the transport."""

from __future__ import annotations

from slabviz.scene.display import Measure, Node
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG
from slabviz.scene.view import Tip, ViewState

_LINE = 18
_PAD = 10
_FROM_POINTER = 16
_WIDEST = 420


def overlay_nodes(desk: Desk, view: ViewState) -> list[Node]:
    """Return the tooltip and the note that the view asks for."""
    sketch = Sketch(desk.measure)
    if view.message:
        _message(sketch, desk, view.message)
    if view.tip is not None and view.tip.text:
        _tip(sketch, desk.regions.page, view.tip)
    return sketch.nodes


def _tip(sketch: Sketch, page: tuple[int, int], tip: Tip) -> None:
    """Below right of the pointer, or on the other side where the page ends."""
    lines = [line for text in tip.text.split("\n") for line in wrapped(text, _WIDEST, sketch.measure)]
    wide = max(sketch.measure(line, LABEL_STRONG) for line in lines) + 2 * _PAD
    tall = len(lines) * _LINE + 12
    x = min(tip.x + 12, page[0] - wide - 4)
    y = tip.y + _FROM_POINTER if tip.y + _FROM_POINTER + tall <= page[1] else tip.y - tall - 8
    sketch.box((x, y, wide, tall), "s3", "line2", radius=6)
    for number, line in enumerate(lines):
        style, colour = (LABEL_STRONG, "t1") if number == 0 else (LABEL, "t2")
        sketch.text(x + _PAD, y + 6 + number * _LINE + _LINE // 2, line, style, colour)


def wrapped(text: str, room: int, measure: Measure) -> list[str]:
    """Break a text into lines of at most ``room`` px; where it has no spaces, between any two characters."""
    lines = [""]
    for piece in text.split(" ") if " " in text else list(text):
        joint = " " if " " in text and lines[-1] else ""
        if lines[-1] and measure(lines[-1] + joint + piece, LABEL_STRONG) > room:
            lines.append(piece)
        else:
            lines[-1] += joint + piece
    return lines


def _message(sketch: Sketch, desk: Desk, text: str) -> None:
    x, y, w, _ = desk.regions.transport
    room = min(sketch.measure(text, BODY), w - 120)
    wide = room + 32
    left = x + (w - wide) // 2
    sketch.box((left, y - 44, wide, 36), "s3", "cache", radius=6)
    sketch.text(x + w // 2, y - 26, text, BODY, "t1", "m", room=room)
