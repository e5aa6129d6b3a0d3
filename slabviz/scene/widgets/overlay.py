"""What lies over the stage for a moment: the tooltip, and a note over the transport."""

from __future__ import annotations

from slabviz.scene.display import Node
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG
from slabviz.scene.profiles import Profile
from slabviz.scene.view import Tip, ViewState
from slabviz.scene.widgets.profile_card import LINE, WIDEST, beside, card_size, draw_card, wrapped

_PAD = 10


def overlay_nodes(desk: Desk, view: ViewState, about: Profile | None = None) -> list[Node]:
    """Return the tooltip and the note that the view asks for; ``about`` is the card of the tooltip's thing."""
    sketch = Sketch(desk.measure)
    if view.message:
        _message(sketch, desk, view.message)
    if view.tip is not None and (about is not None or view.tip.text):
        _tip(sketch, desk.regions.page, view.tip, about)
    return sketch.nodes


def _tip(sketch: Sketch, page: tuple[int, int], tip: Tip, about: Profile | None) -> None:
    """The thing's card, or the text alone; a text that was cut on the stage stands whole over the card's fields."""
    if about is None:
        _text_tip(sketch, page, tip)
        return
    if tip.text:
        about = Profile(about.name, f"{about.state} · {tip.text}" if about.state else tip.text, about.fields)
    draw_card(sketch, beside(tip.x, tip.y, card_size(about, sketch.measure), page), about)


def _text_tip(sketch: Sketch, page: tuple[int, int], tip: Tip) -> None:
    lines = [line for text in tip.text.split("\n") for line in wrapped(text, WIDEST, sketch.measure)]
    wide = max(sketch.measure(line, LABEL_STRONG) for line in lines) + 2 * _PAD
    x, y, w, h = beside(tip.x, tip.y, (wide, len(lines) * LINE + 12), page)
    sketch.box((x, y, w, h), "s3", "t3", radius=6)
    for number, line in enumerate(lines):
        style, colour = (LABEL_STRONG, "t1") if number == 0 else (LABEL, "t2")
        sketch.text(x + _PAD, y + 6 + number * LINE + LINE // 2, line, style, colour)


def _message(sketch: Sketch, desk: Desk, text: str) -> None:
    x, y, w, _ = desk.regions.transport
    room = min(sketch.measure(text, BODY), w - 120)
    wide = room + 32
    left = x + (w - wide) // 2
    sketch.box((left, y - 44, wide, 36), "s3", "cache", radius=6)
    sketch.text(x + w // 2, y - 26, text, BODY, "t1", "m", room=room)
