"""The help over the stage: what the shapes mean, and the keys. It names only what exists."""

from __future__ import annotations

from slabviz.scene.commands import Close
from slabviz.scene.display import Node, Rect, Target
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, DIALOG, LABEL, MARK_STRONG, PANEL, STRONG
from slabviz.scene.widgets.help_keys import KEYS, MOUSE
from slabviz.scene.widgets.help_shapes import SHAPES, WIDTH, Shapes, shapes
from slabviz.scene.widgets.profile_card import wrapped

_WIDEST = 1440
_TITLE, _GAP, _WORDS, _KEYS_HEAD, _MOUSE = 64, 14, 54, 38, 132
"""Heights of the parts of the dialog, in px; between them the rows of shapes and keys."""
_PAD = 28
_CAP = 22


def help_nodes(desk: Desk, scrim_alpha: int, parked_are_frozen: bool) -> list[Node]:
    """Return the dialog, with the scrim that dims the stage; what is parked looks as the era has it."""
    sketch = Sketch(desk.measure)
    page = desk.regions.page
    sketch.box((0, 0, *page), "scrim", alpha=scrim_alpha)
    x, y, w, h = rect = _panel(desk)
    sketch.box(rect, "s1", "line2", radius=12)
    _title(sketch, desk, rect)
    row = _row(desk)
    top = y + _TITLE
    _shapes(sketch, desk, (x + _PAD, top, w - 2 * _PAD, 0), row, shapes(parked_are_frozen))
    top += max(len(column) for column in SHAPES) * row + _GAP
    _words(sketch, desk, (x + _PAD, top, w - 2 * _PAD, 0))
    top += _WORDS
    _keys(sketch, desk, (x + _PAD, top, w - 2 * _PAD, 0), row)
    _mouse(sketch, desk, (x + _PAD, y + h - _MOUSE, w - 2 * _PAD, 0))
    return sketch.nodes


def help_targets(desk: Desk) -> list[Target]:
    """Return what can be pressed while the help is open: a click anywhere closes it."""
    return [Target((0, 0, *desk.regions.page), Close(), "")]


def _row(desk: Desk) -> int:
    return 24 if desk.compact else 28


def _panel(desk: Desk) -> Rect:
    page = desk.regions.page
    rows = max(len(column) for column in SHAPES) + max(len(keys) for _, keys in KEYS)
    w = min(page[0] - 32, _WIDEST)
    h = _TITLE + _GAP + _WORDS + _KEYS_HEAD + rows * _row(desk) + _GAP + _MOUSE
    return (page[0] - w) // 2, (page[1] - h) // 2, w, h


def _title(sketch: Sketch, desk: Desk, rect: Rect) -> None:
    x, y, w, _ = rect
    left = x + _PAD + sketch.text(x + _PAD, y + 33, desk.tr("help.title"), DIALOG, "t1") + 18
    right = x + w - _PAD
    right -= _cap(sketch, right - 44, y + 33, "Esc", 44) + 10
    right -= sketch.text(right, y + 33, desk.tr("help.close"), BODY, "t2", "r") + 12
    sketch.text(left, y + 34, desk.tr("help.rule"), BODY, "t2", room=right - left)


def _cap(sketch: Sketch, x: int, middle: int, text: str, least: int = _CAP) -> int:
    """Draw a key and return its width."""
    width = max(sketch.measure(text, MARK_STRONG) + 12, least)
    sketch.box((x, middle - 11, width, 22), "s3", "line2", radius=4)
    sketch.text(x + width // 2, middle, text, MARK_STRONG, "t1", "m")
    return width


def _shapes(sketch: Sketch, desk: Desk, rect: Rect, row: int, columns: Shapes) -> None:
    x, y, w, _ = rect
    wide = w // len(columns)
    for number, column in enumerate(columns):
        left = x + number * wide
        names = [desk.tr(f"help.shape.{key}.name") for key, _ in column]
        name_wide = max(desk.measure(name, STRONG) for name in names) + 12
        for line, ((key, draw), name) in enumerate(zip(column, names, strict=True)):
            middle = y + line * row + row // 2
            draw(sketch, left, middle)
            sketch.text(left + WIDTH + 12, middle, name, STRONG, "t1")
            start = left + WIDTH + 12 + name_wide
            room = left + wide - 12 - start
            sketch.text(start, middle, desk.tr(f"help.shape.{key}.text"), LABEL, "t2", room=room)


def _words(sketch: Sketch, desk: Desk, rect: Rect) -> None:
    """What a tick and an event are."""
    x, y, w, _ = rect
    sketch.line(((x, y), (x + w, y)), "line")
    left = x
    for word in ("tick", "event"):
        left += sketch.text(left, y + 20, desk.tr(f"help.word.{word}.name"), STRONG, "cache") + 6
        left += sketch.text(left, y + 20, desk.tr(f"help.word.{word}.text"), LABEL, "t2", room=x + w - left) + 28
    sketch.line(((x, y + 40), (x + w, y + 40)), "line")


def _keys(sketch: Sketch, desk: Desk, rect: Rect, row: int) -> None:
    x, y, w, _ = rect
    lefts = _columns(sketch, desk, x, w)
    for (group, keys), (left, wide) in zip(KEYS, lefts, strict=True):
        sketch.text(left, y + 8, desk.tr(f"help.group.{group}"), PANEL, "cache")
        for line, (caps, key) in enumerate(keys):
            middle, at = y + _KEYS_HEAD + line * row, left
            for cap in caps:
                at += _cap(sketch, at, middle, cap) + 6
            start = at + 6
            sketch.text(start, middle, desk.tr(f"help.key.{key}"), BODY, "t1", room=left + wide - 8 - start)


def _columns(sketch: Sketch, desk: Desk, x: int, w: int) -> list[tuple[int, int]]:
    """(left, width) of each group: as wide as its longest row, and the rest shared out."""
    needs = [max(_row_width(sketch, desk, caps, key) for caps, key in keys) for _, keys in KEYS]
    spare = max((w - sum(needs)) // max(len(needs) - 1, 1), 12)
    lefts = [x + sum(needs[:number]) + spare * number for number in range(len(needs))]
    return [(left, need + 12) for left, need in zip(lefts, needs, strict=True)]


def _row_width(sketch: Sketch, desk: Desk, caps: tuple[str, ...], key: str) -> int:
    wide = sum(max(sketch.measure(cap, MARK_STRONG) + 12, _CAP) + 6 for cap in caps)
    return wide + 6 + sketch.measure(desk.tr(f"help.key.{key}"), BODY)


def _mouse(sketch: Sketch, desk: Desk, rect: Rect) -> None:
    x, y, w, _ = rect
    sketch.line(((x, y), (x + w, y)), "line")
    sketch.text(x, y + 22, desk.tr("help.group.mouse"), PANEL, "cache")
    wide = w // len(MOUSE)
    for number, (icon, key) in enumerate(MOUSE):
        left, middle = x + number * wide, y + 70
        sketch.icon(left, middle, icon, 44, "cache", "line2")
        sketch.text(left + 56, middle - 13, desk.tr(f"help.mouse.{key}.name"), STRONG, "t1", room=wide - 68)
        for line, words in enumerate(wrapped(desk.tr(f"help.mouse.{key}.text"), wide - 72, sketch.measure)):
            sketch.text(left + 56, middle + 8 + 17 * line, words, LABEL, "t2", room=wide - 64)
    sketch.text(x + w, y + 22, desk.tr("help.foot"), LABEL, "t3", "r")
