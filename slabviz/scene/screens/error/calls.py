"""The column of calls: one card each, the cause and the failure marked."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect, Style
from slabviz.scene.errors.state import CallCard, ErrorState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, MARK, MARK_STRONG, PANEL
from slabviz.scene.screens.error.paint import LOW_TAG, TAG, cause_tag
from slabviz.scene.widgets.lane_head import draw_badge

_CALL = Style("mono", 14, 600)
_PAD = 14
_BADGE = 18
_CHIP = 18
_FOUR_LINES = 96
"""Cards from this height on have a line of their own for who it was."""
_THREE_LINES = 70
"""Cards from this height on have some air above and below three lines."""
_OCTAGON = 20


def calls_part(desk: Desk, head: Rect, cards: list[Rect], error: ErrorState) -> Part:
    """Heading and cards."""

    def make(part: Part) -> None:
        inputs = (error.pointers, error.left_out)
        desk.memo.block(part, ("error", "head"), head, inputs, lambda sketch: _head(sketch, desk, head, error))
        for number, (rect, card) in enumerate(zip(cards, error.calls, strict=True)):
            _card_part(desk, part, number, rect, card, last=number == len(cards) - 1)

    return desk.memo.part(("error", "calls"), (head, tuple(cards), error), make)


def _head(sketch: Sketch, desk: Desk, rect: Rect, error: ErrorState) -> None:
    x, y, w, _ = rect
    left = x + sketch.text(x, y + 12, desk.tr("error.calls"), PANEL, "t1") + 12
    if error.left_out:
        sketch.text(x + w, y + 12, desk.tr("error.left_out", count=error.left_out), LABEL, "t2", "r", room=x + w - left)
    sketch.text(x, y + 32, error.pointers, MARK, "t2", room=w)


def _card_part(desk: Desk, part: Part, number: int, rect: Rect, card: CallCard, *, last: bool) -> None:
    x, y, w, h = rect
    area = (x - 2, y - 2, w + 4, h + (12 if not last else 4))
    desk.memo.block(part, ("error", "call", number), area, (card, last, desk.compact),
                    lambda sketch: _draw(sketch, desk, rect, card, last))  # fmt: skip


def _draw(sketch: Sketch, desk: Desk, rect: Rect, card: CallCard, last: bool) -> None:
    x, y, w, h = rect
    if not last:
        sketch.line(((x + 26, y + h), (x + 26, y + h + 8)), "line2", width=2)
    stroke: Colour = "err" if card.failure else "t1" if card.cause else "line"
    sketch.box(rect, "s2", stroke, width=2 if card.cause or card.failure else 1, radius=6)
    four = h >= _FOUR_LINES
    edge = 16 if h >= _THREE_LINES else 13
    lines = (18, 42, 64, 86) if four else (edge, h // 2 + 1, h - edge + 1, h - edge + 1)
    left, right = x + _PAD, x + w - _PAD
    if card.failure:
        sketch.icon(right - _OCTAGON, y + lines[0 if four else 1], "octagon", _OCTAGON, "err", "onalert")
    end = _first(sketch, desk, left, y + lines[0], card, right - (_OCTAGON + 8 if four and card.failure else 0), four)
    tag = right - (_OCTAGON + 8 if card.failure and not four else 0)
    if card.cause:
        tag = cause_tag(sketch, tag, y + lines[1], desk.tr("error.cause"), TAG if four else LOW_TAG) - 8
    sketch.text(left, y + lines[1], card.call, _CALL, "t1", room=tag - left)
    if four:
        sketch.text(left, y + lines[2], card.note, BODY, "t2", room=right - left)
        _owner(sketch, left, y + lines[3], card, right)
    else:
        room = right - left
        said = sketch.text(left, y + lines[2], card.note, LABEL, "t2", room=room)
        if card.aside and sketch.measure(card.aside, LABEL) + said + 12 <= room:
            sketch.text(right, y + lines[2], card.aside, LABEL, "t2", "r")
        elif card.aside:
            sketch.tip(rect, f"{card.note}\n{card.aside}")
    assert end <= x + w


def _first(sketch: Sketch, desk: Desk, left: int, middle: int, card: CallCard, right: int, four: bool) -> int:
    """Tick and badge; in a low card who it was, too."""
    left += sketch.text(left, middle, f"{desk.tr('layout.tick')} {card.tick}", MARK, "t2") + 10
    left = draw_badge(sketch, left, middle, card.badge, _BADGE)
    if four:
        return left
    room = right - left - 10
    name = sketch.measure(card.name, LABEL)
    chip = _chip_width(sketch, card) + 6 if card.mark else 0
    if chip and chip + name <= room:
        _chip(sketch, right - name - chip, middle, card)
        sketch.text(right, middle, card.name, LABEL, "t2", "r")
    elif chip and chip <= room:
        _chip(sketch, right - chip + 6, middle, card)
        sketch.tip((right - chip, middle - 12, chip, 24), card.name)
    elif room > 40:
        sketch.text(right, middle, card.name, LABEL, "t2", "r", room=room)
    else:
        sketch.tip((left, middle - 12, right - left, 24), card.name)
    return left


def _owner(sketch: Sketch, left: int, middle: int, card: CallCard, right: int) -> None:
    at = left
    if card.mark:
        at = _chip(sketch, left, middle, card) + 8
    at += sketch.text(at, middle, card.name, LABEL, "t2", room=right - at) + 12
    if card.aside:
        sketch.text(right, middle, card.aside, LABEL, "t2", "r", room=right - at)


def _chip_width(sketch: Sketch, card: CallCard) -> int:
    return max(sketch.measure(card.mark, MARK_STRONG) + 8, _CHIP)


def _chip(sketch: Sketch, x: int, middle: int, card: CallCard) -> int:
    """The owner's mark on its colour."""
    wide = _chip_width(sketch, card)
    sketch.box((x, middle - _CHIP // 2, wide, _CHIP), f"owner{card.colour}", f"edge{card.colour}", radius=3)
    sketch.text(x + wide // 2, middle, card.mark, MARK_STRONG, "ink", "m")
    return x + wide
