"""What lies over the start screen: the line for a path, and a note."""

from __future__ import annotations

from slabviz.scene.commands import Close
from slabviz.scene.display import Measure, Node, Target
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG, VALUE
from slabviz.scene.start.view import StartView
from slabviz.scene.widgets.profile_card import wrapped

_WIDE = 720
_PAD = 16
_LINE = 36
_NOTE_LINES = 8


def over_nodes(
    measure: Measure, tr: Translate, page: tuple[int, int], view: StartView
) -> tuple[list[Node], list[Target]]:
    """Nodes, and what takes the presses while something lies over the page."""
    sketch = Sketch(measure)
    if view.entry is not None:
        _entry(sketch, tr, page, view.entry)
    if view.message:
        _note(sketch, page, view.message)
    return sketch.nodes, [target for target in sketch.targets if target.command is not None]


def _entry(sketch: Sketch, tr: Translate, page: tuple[int, int], text: str) -> None:
    wide = min(_WIDE, page[0] - 32)
    x, y, h = (page[0] - wide) // 2, 120, 112
    sketch.button((0, 0, *page), Close())
    sketch.box((x, y, wide, h), "s1", "line2", radius=8)
    sketch.text(x + _PAD, y + 20, tr("course.entry.title"), LABEL_STRONG, "cache")
    line = (x + _PAD, y + 36, wide - 2 * _PAD, _LINE)
    sketch.box(line, "bg", "focus", width=2, radius=6)
    left, middle, room, shown = line[0] + 12, line[1] + _LINE // 2, line[2] - 32, text
    while shown and sketch.measure(shown, VALUE) > room:
        shown = shown[1:]  # the end that is being typed stays in sight
    if text:
        left += sketch.text(left, middle, shown, VALUE, "t1") + 1
    else:
        sketch.text(left + 8, middle, tr("course.entry.empty"), BODY, "t3", room=room)
    sketch.box((left, middle - 9, 2, 18), "focus")
    sketch.text(x + _PAD, y + h - 20, tr("course.entry.foot"), LABEL, "t2", room=wide - 2 * _PAD)


def _note(sketch: Sketch, page: tuple[int, int], message: str) -> None:
    room = min(_WIDE + 120, page[0] - 64)
    lines = [line for text in message.split("\n") for line in wrapped(text, room, sketch.measure)][:_NOTE_LINES]
    wide = max((sketch.measure(line, LABEL_STRONG) for line in lines), default=0) + 32
    tall = 18 * len(lines) + 16
    x, y = (page[0] - wide) // 2, page[1] - tall - 44
    sketch.box((x, y, wide, tall), "s3", "cache", radius=6)
    for number, line in enumerate(lines):
        sketch.text(x + 16, y + 17 + 18 * number, line, LABEL, "t1", room=wide - 16)
