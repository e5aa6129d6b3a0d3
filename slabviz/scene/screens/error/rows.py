"""The same bytes after each call: aligned rows at one scale under a ruler of objects and offsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slabviz.scene.display import Colour, Rect, Style
from slabviz.scene.errors.paint import Look, Piece
from slabviz.scene.errors.state import Brace, ByteRow, ErrorState, Label, Ruler
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CODE, LABEL, LABEL_STRONG, MARK, MARK_STRONG, PANEL
from slabviz.scene.screens.error.paint import hatch

_SIDE = 6
"""Percent of the width for the neighbours at each end."""
_HIGHEST = 42
_PLATE = 18
_ROOMY = 28
"""A row of this height has room for a second outline around its text."""
_LINE = 20
_LEAST_LINES = 3

Across = Callable[[int], int]
"""x of an offset."""


def bytes_part(desk: Desk, rect: Rect, bands: Sequence[tuple[int, int]], error: ErrorState) -> Part:
    """The panel; ``bands`` are upper edge and height of each row."""

    def draw(sketch: Sketch) -> None:
        sketch.box(rect, "s1", "line", radius=8)
        if error.ruler is None:
            _printed(sketch, desk, rect, error.printed or (desk.tr("error.silent"),))
            return
        across = _scale(rect, error.ruler)
        _ruler(sketch, desk, rect, error.ruler, across)
        for (top, height), row in zip(bands, error.rows, strict=False):
            _row(sketch, rect, top, height, row, across, error.ruler)
        foot = bands[-1][0] + bands[-1][1] + 12
        left = rect[1] + rect[3] - foot
        if error.printed and left >= 40 + _LEAST_LINES * _LINE:
            below = (rect[0], foot, rect[2], left)
            sketch.box((rect[0] + 3, foot, rect[2] - 6, left - 4), "s1")
            sketch.line(((rect[0] + 16, foot), (rect[0] + rect[2] - 16, foot)), "line")
            _printed(sketch, desk, below, error.printed, error.banner.title)

    def make(part: Part) -> None:
        desk.memo.block(part, ("error", "bytes"), rect, (tuple(bands), error), draw)

    return desk.memo.part(("error", "bytes"), (rect, tuple(bands), error), make)


def _printed(sketch: Sketch, desk: Desk, rect: Rect, lines: tuple[str, ...], first: str = "") -> None:
    """The kernel's own words, under the bytes or in their place; from the line ``first`` on where not all fit."""
    x, y, w, h = rect
    sketch.text(x + 16, y + 20, desk.tr("error.printed"), PANEL, "t1", room=w - 32)
    most = max((h - 44) // _LINE, 0)
    if len(lines) > most and first in lines:
        lines = lines[lines.index(first) :]
    shown = lines if len(lines) <= most else (*lines[: most - 1], "…")
    for number, line in enumerate(shown):
        sketch.text(x + 16, y + 48 + number * _LINE, line, CODE, "t2", room=w - 32)


def _scale(rect: Rect, ruler: Ruler) -> Across:
    x, _, w, _ = rect
    side = w * _SIDE // 100 + 12
    room, count = w - 2 * side, max(ruler.end - ruler.start, 1)
    return lambda offset: x + side + room * (min(max(offset, ruler.start), ruler.end) - ruler.start) // count


def _ruler(sketch: Sketch, desk: Desk, rect: Rect, ruler: Ruler, across: Across) -> None:
    """Objects as braces with their size; under them the offsets, those of pointers first."""
    x, y, _, h = rect
    sketch.text(x + 12, y + 14, ruler.slab, LABEL_STRONG, "t1", room=across(ruler.start) - x - 14)
    for each in ruler.objects:
        left, right = across(each.start), across(each.end)
        sketch.line(((left + 1, y + 25), (right - 1, y + 25)), "slab", width=2)
        if sketch.measure(each.text, LABEL) <= right - left - 8:
            sketch.text((left + right) // 2, y + 14, each.text, LABEL, "t2", "m")
    taken: list[tuple[int, int]] = []
    for at, text, strong in sorted(ruler.marks, key=lambda mark: not mark[2]):
        style: Style = MARK_STRONG if strong else MARK
        middle, wide = across(at), sketch.measure(text, style)
        left = min(max(middle - wide // 2, x + 6), x + rect[2] - 6 - wide)
        sketch.line(((middle, y + 46), (middle, y + h - 6)), "line", dash=(2, 4))
        if all(left + wide + 6 <= low or left >= high + 6 for low, high in taken):
            sketch.text(left, y + 37, text, style, "t1" if strong else "t2")
            taken.append((left, left + wide))


def _row(
    sketch: Sketch, rect: Rect, top: int, height: int, row: ByteRow, across: Across, ruler: Ruler
) -> None:  # fmt: skip
    high = max(min(height - 44, _HIGHEST), 20)
    y = top + (height - high) // 2
    x, _, w, _ = rect
    for left, right in ((x + 14, across(ruler.start) - 1), (across(ruler.end) + 1, x + w - 14)):
        sketch.box((left, y, right - left, high), "slabF*60+s1", radius=2)
    for label in sorted(row.labels, key=lambda each: each.piece.look in (Look.LEAKED, Look.DAMAGE)):
        piece = label.piece
        left, right = across(piece.start), across(piece.end)
        _piece(sketch, (left, y, max(right - left - 1, 1), high), label)
    if row.above is not None:
        _above(sketch, rect, y, row.above, across)
    if row.below is not None:
        _below(sketch, rect, y + high, row.below, across)


_LOOKS: dict[Look, tuple[Colour | None, Colour, Colour]] = {
    Look.FREE: ("freeF", "free", "t1"), Look.HEADER: ("cacheF", "cache", "t1"), Look.SLACK: (None, "line2", "t2"),
    Look.META: (None, "line2", "t2"), Look.RED: ("errF", "err", "t1"), Look.LEAKED: ("errF", "err", "t1"),
    Look.DAMAGE: ("errF", "err", "t1"),
}  # fmt: skip
"""Fill, outline and text; data has its owner's colour."""


def _piece(sketch: Sketch, rect: Rect, label: Label) -> None:
    piece = label.piece
    fill, stroke, ink = _LOOKS.get(piece.look, (f"owner{label.colour}", f"edge{label.colour}", "ink"))
    hurt = piece.look in (Look.LEAKED, Look.DAMAGE)
    dash = (4, 3) if piece.look in (Look.SLACK, Look.META) else None
    sketch.box(rect, fill, stroke, width=2 if piece.look is Look.DAMAGE else 1, radius=3, dash=dash)
    if hurt:
        hatch(sketch, rect)
    elif piece.look is Look.RED:
        _ticks(sketch, rect)
    if piece.claimed and rect[2] > 8:
        x, y, w, h = rect
        inset = 2 if h >= _ROOMY else 0
        inner = (x + inset, y + inset, w - 2 * inset, h - 2 * inset)
        sketch.box(inner, None, "free", width=2, radius=2, dash=(4, 3))
    _write(sketch, rect, label.texts, ink, plate=hurt, piece=piece)


def _ticks(sketch: Sketch, rect: Rect) -> None:
    x, y, w, h = rect
    for left in range(x + 3, x + w - 4, 6):
        sketch.line(((left, y + h - 2), (left + 3, y + h - 5)), "err")


def _write(sketch: Sketch, rect: Rect, texts: tuple[str, ...], ink: Colour, *, plate: bool, piece: Piece) -> None:
    """The longest text that fits; what says nothing has a tooltip."""
    x, y, w, h = rect
    spare = 20 if plate else 10
    text = next((each for each in texts if sketch.measure(each, LABEL_STRONG) + spare <= w), "")
    style = MARK_STRONG if piece.look is Look.DATA and text == texts[-1] else LABEL_STRONG
    if text != texts[0]:
        sketch.tip(rect, texts[0])
    if not text:
        return
    wide = sketch.measure(text, style)
    if plate:
        sketch.box((x + (w - wide) // 2 - 6, y + (h - _PLATE) // 2, wide + 12, _PLATE), "bg", radius=3)
    sketch.text(x + w // 2, y + h // 2, text, style, "t1" if plate else ink, "m")


def _role(role: str) -> tuple[Colour, Colour]:
    """Line and text of a brace."""
    return (f"{role}*60+t1", "t1") if role.startswith("owner") else (role, role)


def _above(sketch: Sketch, rect: Rect, y: int, brace: Brace, across: Across) -> None:
    """A bracket over the bytes, its text in the middle on a plate."""
    line, ink = _role(brace.role)
    left, right = across(brace.start), max(across(brace.end) - 1, across(brace.start) + 2)
    level = y - 13
    sketch.line(((left, y - 4), (left, level), (right, level), (right, y - 4)), line, width=1.5)
    wide = sketch.measure(brace.text, LABEL_STRONG)
    if wide + 24 <= right - left:
        _plate(sketch, rect, (left + right) // 2, level, brace.text, ink)
    else:
        _beside(sketch, rect, (left, right), level, brace.text, ink)


def _below(sketch: Sketch, rect: Rect, foot: int, brace: Brace, across: Across) -> None:
    """A bracket under the bytes; its text is beside it where that has room, else below it."""
    left, right = across(brace.start), max(across(brace.end) - 1, across(brace.start) + 2)
    level = foot + 8
    sketch.line(((left, foot + 3), (left, level), (right, level), (right, foot + 3)), "err", width=1.5)
    _beside(sketch, rect, (left, right), level + 2, brace.text, "err")


def _beside(sketch: Sketch, rect: Rect, ends: tuple[int, int], level: int, text: str, ink: Colour) -> None:
    """A text to the right of a bracket, or to its left where the panel ends."""
    x, _, w, _ = rect
    wide = sketch.measure(text, LABEL_STRONG)
    fits = ends[1] + 10 + wide <= x + w - 16
    _plate(sketch, rect, ends[1] + 12 + wide // 2 if fits else ends[0] - 12 - wide // 2, level, text, ink)


def _plate(sketch: Sketch, rect: Rect, middle: int, level: int, text: str, ink: Colour) -> None:
    """A text on a ground of its own, kept inside the panel."""
    x, _, w, _ = rect
    wide = min(sketch.measure(text, LABEL_STRONG), w - 40)
    left = min(max(middle - wide // 2, x + 16), x + w - 16 - wide)
    sketch.box((left - 6, level - 8, wide + 12, 16), "s1")
    sketch.text(left, level, text, LABEL_STRONG, ink, room=wide)
