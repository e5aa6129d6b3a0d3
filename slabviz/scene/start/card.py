"""The card of a lesson: picture, number and title, what it is about, how long it is, and where the reader stands."""

from __future__ import annotations

from slabviz.scene.commands import OpenLesson
from slabviz.scene.display import Rect
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG, MARK_STRONG, NAME
from slabviz.scene.start.course import MORE, Details, Lesson, said
from slabviz.scene.start.flow import flowed
from slabviz.scene.start.miniature import miniature
from slabviz.scene.start.places import PICTURE
from slabviz.scene.widgets.button import RING, Pointing

_PAD = 12
_LINE = 18
_LINES = 3
_TICKS_PER_SECOND = 4
"""At speed 1."""


def draw_card(sketch: Sketch, rect: Rect, lesson: Lesson, language: str, tr: Translate, at: Pointing) -> None:
    """Draw it; a press anywhere on it opens the lesson."""
    x, y, w, h = rect
    command = OpenLesson(lesson.id)
    lit = command in (at.hover, at.pressed)
    sketch.box(rect, "s2" if command == at.pressed else "s1", "t2" if lit else "line", radius=8)
    if at.focus == command:
        outer = (x - RING + 1, y - RING + 1, w + 2 * RING - 2, h + 2 * RING - 2)
        sketch.box(outer, None, "focus", width=2, radius=8 + RING)
    miniature(sketch, (x + 4, y + 4, w - 8, PICTURE), lesson.details)
    top = y + PICTURE + 22
    left = x + _PAD + _badge(sketch, x + _PAD, top, lesson)
    sketch.text(left, top, said(lesson.title, language), NAME, "t1", room=x + w - _PAD - left)
    _about(sketch, (x + _PAD, top + 24, w - 2 * _PAD, _LINES * _LINE), said(lesson.about, language))
    _foot(sketch, (x + _PAD, y + h - 30, w - 2 * _PAD, 24), lesson, tr)
    sketch.targets.clear()  # texts that were cut have no tooltip here
    sketch.button(rect, command)


def _badge(sketch: Sketch, x: int, middle: int, lesson: Lesson) -> int:
    """The number in the course, and the width it takes."""
    if lesson.group == MORE:
        return 0
    wide = sketch.measure(lesson.id, MARK_STRONG) + 12
    sketch.box((x, middle - 10, wide, 20), "cacheF", "cache", radius=4)
    sketch.text(x + wide // 2, middle, lesson.id, MARK_STRONG, "cache", "m")
    return wide + 8


def _about(sketch: Sketch, rect: Rect, text: str) -> None:
    x, y, w, _ = rect
    for number, line in enumerate(flowed(text, BODY, w, _LINES, sketch.measure)):
        sketch.text(x, y + number * _LINE, line, BODY, "t2", room=w)


def _foot(sketch: Sketch, rect: Rect, lesson: Lesson, tr: Translate) -> None:
    """Length at the right; at the left whether it was seen to its end, or where it was left."""
    x, y, w, h = rect
    middle = y + h // 2
    standing, details = lesson.standing, lesson.details
    right = 0
    if details is not None and details.ticks:
        right = sketch.text(x + w, middle, length(details, tr), LABEL, "t3", "r") + 12
    if standing.tick is not None and details is not None and details.ticks:
        share = min(standing.tick / details.ticks, 1.0)
        sketch.box((x, middle + 11, w, 3), "s3", radius=1)
        sketch.box((x, middle + 11, max(int(w * share), 3), 3), "cache", radius=1)
    if standing.tick is not None:
        text = tr("course.left", tick=grouped(standing.tick))
        sketch.text(x, middle, text, LABEL_STRONG, "cache", room=w - right)
    elif standing.done:
        sketch.line(((x + 1, middle), (x + 5, middle + 4), (x + 12, middle - 5)), "free", width=2)
        sketch.text(x + 18, middle, tr("course.done"), LABEL_STRONG, "free", room=w - right - 18)


def length(details: Details, tr: Translate) -> str:
    """Chapters, and how long it plays at speed 1 without its pauses."""
    minutes, seconds = divmod(details.ticks // _TICKS_PER_SECOND, 60)
    return tr("course.length", chapters=details.chapters, time=f"{minutes}:{seconds:02d}")
