"""The funnel from an object to its slot, the ribbon of the slot's parts, and the arithmetic of its address."""

from __future__ import annotations

from math import log2

from slabviz.scene.display import Rect
from slabviz.scene.inspect.state import Part as SlotPart
from slabviz.scene.inspect.state import SlotState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG, STRONG
from slabviz.scene.screens.inspector.frame import Frame
from slabviz.scene.screens.inspector.paint import draw_part, ink_of
from slabviz.scene.state import Cell
from slabviz.scene.story.numbers import grouped

_GAP = 3
_PAD = 8
_TALL = 48
_SHARE = 13
"""Percent of the width that the heading takes."""


def slot_part(desk: Desk, at: Frame, slot: SlotState, cell: Cell, size: int, segment: Rect) -> Part:
    """``segment`` is the object's place on the page ribbon, ``size`` the slot's bytes."""
    x, y, w, _ = at.funnel
    rect = (x, y, w, at.sum[1] + at.sum[3] - y)
    inputs = (slot, cell, size, segment)

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "slot"), rect, inputs,
            lambda sketch: _draw(sketch, desk, at, slot, cell, size, segment), "s1",
        )  # fmt: skip

    return desk.memo.part(("inspect", "slot"), (at, inputs), make)


def _draw(sketch: Sketch, desk: Desk, at: Frame, slot: SlotState, cell: Cell, size: int, segment: Rect) -> None:
    x, y, w, h = at.slot
    left = x + max(w * _SHARE // 100, 132)
    ribbon = (left, y, x + w - left, h)
    _funnel(sketch, at.funnel, segment, ribbon)
    room = left - x - 8
    sketch.text(x, y + h // 2 - 10, slot.title, STRONG, "t1", room=room)
    sketch.text(x, y + h // 2 + 10, desk.tr("inspect.slot.scale", size=grouped(size)), LABEL, "t2", room=room)
    sketch.text(x, at.offsets[1] + at.offsets[3] // 2, desk.tr("inspect.slot.offsets"), LABEL_STRONG, "t2", room=room)
    _parts(sketch, at, ribbon, slot, cell)
    _sum(sketch, desk, at.sum, slot)


def _funnel(sketch: Sketch, rect: Rect, segment: Rect, ribbon: Rect) -> None:
    """From the segment's lower edge to the ribbon's upper one."""
    top, foot = max(segment[1] + segment[3] + 4, rect[1]), rect[1] + rect[3]
    if foot - top >= 4:
        corners = (
            (segment[0], top), (segment[0] + segment[2], top), (ribbon[0] + ribbon[2], foot), (ribbon[0], foot),
        )  # fmt: skip
        sketch.shape(corners, "cacheF")


def part_places(sketch: Sketch, rect: Rect, parts: tuple[SlotPart, ...]) -> tuple[Rect, ...]:
    """Not to scale: every part has room for its words, what is left goes to the larger ones."""
    x, y, w, h = rect
    needs = [_need(sketch, part) + 2 * _PAD for part in parts]
    spare = w - sum(needs) - _GAP * (len(parts) - 1)
    if spare < 0:
        needs = [need * (w - _GAP * (len(parts) - 1)) // sum(needs) for need in needs]
        spare = 0
    weights = [log2(part.length + 1) ** 2 for part in parts]
    places, left = [], x
    for number, (need, weight) in enumerate(zip(needs, weights, strict=True)):
        wide = need + int(spare * weight / sum(weights)) if number < len(parts) - 1 else x + w - left
        places.append((left, y, wide, h))
        left += wide + _GAP
    return tuple(places)


def _need(sketch: Sketch, part: SlotPart) -> int:
    return max(sketch.measure(part.name, LABEL_STRONG), sketch.measure(part.note, LABEL))


def _parts(sketch: Sketch, at: Frame, ribbon: Rect, slot: SlotState, cell: Cell) -> None:
    places = part_places(sketch, ribbon, slot.parts)
    middle = at.offsets[1] + at.offsets[3] // 2
    last = ribbon[0]
    for part, (x, y, w, h) in zip(slot.parts, places, strict=True):
        draw_part(sketch, (x, y, w, h), part.region, cell, hot=part.hot)
        ink = ink_of(part.region, cell).text
        if part.hot:
            wide = min(_need(sketch, part) + 8, w - 4)
            sketch.box((x + (w - wide) // 2, y + h // 2 - 18, wide, 36), "bg", radius=3)
            ink = "t1"
        middle_of = y + h // 2 - (2 if h < _TALL else 0)  # the ticks of red zones stand under the text
        sketch.text(x + w // 2, middle_of - 8, part.name, LABEL_STRONG, ink, "m", room=w - 6)
        sketch.text(x + w // 2, middle_of + 8, part.note, LABEL, ink, "m", room=w - 6)
        if x >= last:
            mark = MARK_STRONG if part.start == 0 else MARK
            last = x + 8 + sketch.text(x, middle, f"{part.start:+d}".replace("-", "−"), mark, "t2")


def _sum(sketch: Sketch, desk: Desk, rect: Rect, slot: SlotState) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s2", None, radius=6)
    left = x + 12
    left += sketch.text(left, y + h // 2, desk.tr("inspect.slot.arithmetic"), LABEL_STRONG, "t1") + 14
    for text, colour in slot.sum:
        style = MARK_STRONG if text.startswith("0x") else LABEL
        left += sketch.text(left, y + h // 2, text, style, colour, room=max(x + w - 8 - left, 0)) + 7
    end = sketch.measure(slot.note, LABEL)
    if left + 24 + end <= x + w - 12:
        sketch.text(x + w - 12, y + h // 2, slot.note, LABEL, "t2", "r")
