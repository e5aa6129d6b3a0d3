"""The caption: who, which path, one sentence, the steps; under it two words explained and what comes next."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect, Style
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL_STRONG, NAME, STRONG
from slabviz.scene.state import Caption

_PILLS: dict[str, tuple[Colour, Colour]] = {
    "fast": ("freeF", "free"),
    "slow": ("slowF", "slow"),
    "error": ("errF", "err"),
    "overview": ("cacheF", "cache"),
    "compare": ("cacheF", "cache"),
}
"""Fill and outline of the pill; the slow path's outline is dashed."""
_STEP = 18


def caption_part(desk: Desk, caption: Caption) -> Part:
    """Return both lines."""
    rect = desk.regions.caption

    def make(part: Part) -> None:
        part.anchors["caption",] = rect
        desk.memo.block(part, ("caption",), rect, caption, lambda sketch: _draw(sketch, desk, rect, caption))

    return desk.memo.part(("caption",), (rect, caption), make)


def _draw(sketch: Sketch, desk: Desk, rect: Rect, caption: Caption) -> None:
    x, y, w, h = rect
    left, right = x + desk.metrics.margin, x + w - desk.metrics.margin
    first, second = y + h * 36 // 100, y + h * 78 // 100
    tall = 24 if desk.compact else 28
    steps = _steps(sketch, right, first, caption)
    at = left
    if caption.who:
        at = _chip(sketch, at, first, tall, caption.who, "s3", None, "t1") + 8
    if caption.path and caption.pill:
        fill, stroke = _PILLS.get(caption.path, ("s3", "t2"))
        at = _chip(sketch, at, first, tall, caption.pill, fill, stroke, stroke, dashed=caption.path == "slow") + 8
    at += 6 if at > left else 0
    sentence = Style("ui", desk.metrics.sentence, 500)
    sketch.text(at, first, caption.sentence, sentence, "t1", room=steps - 20 - at)
    end = _next(sketch, desk, right, second, caption.next, (right - left) * 11 // 20)
    _glossary(sketch, caption.glossary[: 1 if desk.compact else 2], left, second, end - 24)


def _chip(
    sketch: Sketch, x: int, middle: int, tall: int, text: str, fill: Colour, stroke: Colour | None, colour: Colour,
    *, dashed: bool = False,
) -> int:  # fmt: skip
    """Draw a chip with text and return where it ends."""
    style = LABEL_STRONG if stroke else NAME
    width = sketch.measure(text, style) + 22
    dash = (5, 3) if dashed else None
    sketch.box((x, middle - tall // 2, width, tall), fill, stroke, width=1.5 if stroke else 1, radius=6, dash=dash)
    sketch.text(x + width // 2, middle, text, style, colour, "m")
    return x + width


def _steps(sketch: Sketch, right: int, middle: int, caption: Caption) -> int:
    """Draw the counter from the right end and return where it begins."""
    if not caption.steps:
        return right
    colour = _PILLS.get(caption.path, ("s3", "t2"))[1]
    left = right - sketch.text(right, middle, caption.step_text, STRONG, "t1", "r") - 14
    left -= caption.steps * _STEP
    for number in range(1, caption.steps + 1):
        x = left + (number - 1) * _STEP
        if number == caption.step:
            sketch.shape(_tag(x - 2, middle - 9, 17, 18), "bg", colour, width=2)
        done = number <= caption.step
        sketch.shape(_tag(x + 1, middle - 5, 11, 10), colour if done else None, None if done else "t3")
    return left


def _tag(x: int, y: int, w: int, h: int) -> tuple[tuple[int, int], ...]:
    point = h // 2
    return (x, y), (x + w - point, y), (x + w, y + h // 2), (x + w - point, y + h), (x, y + h)


def _next(sketch: Sketch, desk: Desk, right: int, middle: int, text: str, room: int) -> int:
    """Write what comes next from the right end and return where it begins."""
    if not text:
        return right
    word = desk.tr("layout.caption.next")
    wide = sketch.measure(word, BODY) + 28
    left = right - sketch.text(right, middle, text, BODY, "t1", "r", room=room - wide)
    sketch.icon(left - 20, middle, "play", 10, "t2")
    sketch.text(left - 26, middle, word, BODY, "t3", "r")
    return left - wide


def _glossary(sketch: Sketch, words: tuple[tuple[str, str], ...], left: int, middle: int, right: int) -> None:
    """Explain words; one that has no room is left out, only the first may be shortened."""
    for number, (word, meaning) in enumerate(words):
        label = f"{word}:"
        need = sketch.measure(label, STRONG) + 6 + sketch.measure(meaning, BODY)
        if number and left + need > right:
            return
        left += sketch.text(left, middle, label, STRONG, "cache", room=right - left) + 6
        left += sketch.text(left, middle, meaning, BODY, "t2", room=right - left) + 22
