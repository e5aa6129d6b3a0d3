"""The inspector as a panel of the stage: fields, objects and slot of what is chosen, in a narrow column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slabviz.scene.commands import SetLevel
from slabviz.scene.display import Rect
from slabviz.scene.inspect.inspected import inspected
from slabviz.scene.inspect.state import Field, Inspected, SlabState, SlotState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG, MARK, MARK_STRONG, PANEL, STRONG
from slabviz.scene.levels import Level
from slabviz.scene.screens.inspector.head import draw_fields
from slabviz.scene.screens.inspector.pages import draw_ribbon, ribbon_of
from slabviz.scene.screens.inspector.paint import draw_part, ink_of
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.button import Pointing, draw_button, pointing

_PAD = 12
_LEVELS = (Level.SLAB, Level.OBJECT, Level.BYTES)
_BUTTON = 28
_LINE = 18
_ROW = 16
"""Height of a field's line."""
_PART = 14
"""Height of a part of the slot, at least."""


@dataclass(slots=True, frozen=True)
class _Heights:
    """Of the fields' rows and the objects."""

    fields: int
    objects: int


def inspector_panel(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """One card, and under it what opens the levels of the inspector."""
    seen = inspected(sight, desk.tr)
    commands = frozenset(SetLevel(level) for level in _LEVELS)
    at = pointing(sight.view, commands)
    inputs = (rect, seen.slab, seen.slot, seen.message, at)

    def make(part: Part) -> None:
        desk.memo.block(part, ("inspector",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, seen, at))

    return [desk.memo.part(("inspector",), inputs, make)]


def _draw(sketch: Sketch, desk: Desk, rect: Rect, seen: Inspected, at: Pointing) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    if seen.slab is None or seen.slot is None:
        for number, line in enumerate(seen.message):
            style, colour = (STRONG, "t1") if number == 0 else (LABEL, "t2")
            sketch.text(x + w // 2, y + h // 3 + number * 24, line, style, colour, "m", room=w - 2 * _PAD)
        return
    inner, room = x + _PAD, w - 2 * _PAD
    high = _Heights(6 * _ROW, 44) if desk.compact else _Heights(172, 64)
    sketch.text(inner, y + 18, seen.slab.title, PANEL, "t1")
    sketch.text(x + w - _PAD, y + 18, seen.side.cache.title, MARK, "cache", "r", room=room - 80)
    if desk.compact:
        _fields(sketch, (inner, y + 34, room, high.fields), seen.slab.fields)
    else:
        draw_fields(sketch, (inner, y + 34, room, high.fields), seen.slab.fields, 2)
    top = y + 34 + high.fields + 16
    top = _objects(sketch, desk, (inner, top, room, high.objects), seen.slab, seen.slot)
    foot = y + h - _PAD - _BUTTON
    _slot(sketch, desk, (inner, top + 8, room, foot - 12 - top), seen.slot, seen.slab)
    _buttons(sketch, desk, (inner, foot, room, _BUTTON), at)


def _fields(sketch: Sketch, rect: Rect, fields: tuple[Field, ...]) -> None:
    """Where there is little room a field is one line."""
    x, y, w, _ = rect
    names = max(sketch.measure(field.name, MARK) for field in fields) + 8
    for number, field in enumerate(fields):
        middle = y + number * _ROW + _ROW // 2
        sketch.text(x, middle, field.name, MARK, "t3")
        left = x + names
        left += sketch.text(left, middle, field.value, MARK_STRONG, "t1", room=x + w - left) + 8
        sketch.text(left, middle, field.note, LABEL, "t2", room=max(x + w - left, 0))


def _objects(sketch: Sketch, desk: Desk, rect: Rect, slab: SlabState, slot: SlotState) -> int:
    """The page ribbon; returns where it ends."""
    x, y, w, h = rect
    sketch.text(x, y, slab.layout, LABEL, "t2", room=w)
    area = (x, y + 28, w, h - 20)
    draw_ribbon(sketch, desk, area, slab, ribbon_of(area, slab.objects, slab.size, slab.waste), slot.index)
    return y + h + 12


def _slot(sketch: Sketch, desk: Desk, rect: Rect, slot: SlotState, slab: SlabState) -> None:
    """The parts of the slot below each other, with offset and length; then the addresses."""
    x, y, w, h = rect
    cell = slab.cells[slot.index]
    left = x + sketch.text(x, y + 8, slot.title, LABEL_STRONG, "t1") + 8
    sketch.text(left, y + 8, slot.note, LABEL, "t2", room=x + w - left)
    sums = _sums(slot)
    room = h - 24 - len(sums) * _LINE - 8
    tall = max(min(room // len(slot.parts), 32), _PART)
    top = y + 22
    for part in slot.parts[: max(room // tall, 0)]:
        sketch.text(x + 36, top + tall // 2, f"{part.start:+d}".replace("-", "−"), MARK, "t3", "r")
        place = (x + 44, top + 1, w - 44, tall - 2)
        draw_part(sketch, place, part.region, cell, hot=part.hot)
        _label(sketch, place, part.name, part.note, "t1" if part.hot else ink_of(part.region, cell).text, hot=part.hot)
        top += tall
    middle = y + h - len(sums) * _LINE + _LINE // 2
    for text, value, colour in sums:
        sketch.text(x, middle, text, LABEL, "t2", room=w - 140)
        sketch.text(x + w, middle, value, MARK_STRONG, colour, "r")
        middle += _LINE


def _label(sketch: Sketch, rect: Rect, name: str, note: str, ink: str, *, hot: bool) -> None:
    x, y, w, h = rect
    end = sketch.measure(note, LABEL)
    if hot:
        wide = min(sketch.measure(name, LABEL_STRONG), w - end - 30)
        sketch.box((x + 6, y + 2, wide + 8, h - 4), "bg", radius=2)
        sketch.box((x + w - end - 14, y + 2, end + 8, h - 4), "bg", radius=2)
    sketch.text(x + w - 10, y + h // 2, note, LABEL, ink, "r")
    sketch.text(x + 10, y + h // 2, name, LABEL_STRONG, ink, room=w - end - 28)


_ASIDE = re.compile(r"\s*[(（].*[)）]")
"""What the wide page says in brackets."""


def _sums(slot: SlotState) -> list[tuple[str, str, str]]:
    """The address arithmetic in lines: what is added, the address it gives, its colour."""
    lines: list[tuple[str, str, str]] = []
    words: list[str] = []
    for text, colour in slot.sum:
        if text.startswith("0x"):
            lines.append((" ".join(words), text, colour))
            words = []
        else:
            words.append(_ASIDE.sub("", text.lstrip(";； ")))
    return lines


def _buttons(sketch: Sketch, desk: Desk, rect: Rect, at: Pointing) -> None:
    """The levels that show more."""
    x, y, w, h = rect
    wide = (w - 8 * (len(_LEVELS) - 1)) // len(_LEVELS)
    for number, level in enumerate(_LEVELS):
        place = (x + number * (wide + 8), y, wide, h)
        draw_button(sketch, place, SetLevel(level), at)
        text = f"{desk.tr(f'layout.level.{level.name.lower()}')} ({level.value})"
        sketch.text(place[0] + wide // 2, y + h // 2, text, BODY, "t1", "m", room=wide - 8)
