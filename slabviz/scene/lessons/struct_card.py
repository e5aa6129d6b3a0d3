"""A structure as a card: a heading with its type, and a row for each field."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.lessons.anatomy import Field, Struct

HEAD = 22
SMALL = 108
"""Width of a slab's card in a list."""
_PAD = 10
_PITCHES = (14, 20)
"""The least and the most height of a field's row."""


def card_head(
    sketch: Sketch, rect: Rect, kind: str, note: str, fill: Colour, stroke: Colour, *, strong: bool = False
) -> int:  # fmt: skip
    """Draw the card and its heading, and return where the fields begin (y)."""
    x, y, w, _ = rect
    sketch.box(rect, "s1", stroke, width=2 if strong else 1, radius=6)
    sketch.box((x + 1, y + 1, w - 2, HEAD - 1), fill, radius=5)
    wide = sketch.text(x + _PAD, y + HEAD // 2, kind, MARK_STRONG, "t1", room=w - 2 * _PAD)
    sketch.text(x + w - _PAD, y + HEAD // 2, note, LABEL, "t2", "r", room=w - 2 * _PAD - wide - 8)
    return y + HEAD + 2


def field_pitch(room: int, rows: int) -> int:
    """Height of a row when so many stand in so much room."""
    return min(max(room // max(rows, 1), _PITCHES[0]), _PITCHES[1])


def field_row(top: int, pitch: int, row: int) -> int:
    """The middle of a field's row in a card that begins at ``top``."""
    return top + HEAD + 2 + row * pitch + pitch // 2


def draw_fields(sketch: Sketch, rect: Rect, fields: Sequence[Field], pitch: int) -> None:
    """One row a field: name, value, and a word about it where there is room."""
    x, y, w, _ = rect
    names = max((sketch.measure(field.name, MARK) for field in fields), default=0)
    left = x + _PAD + names + 8
    for row, field in enumerate(fields):
        middle = y + row * pitch + pitch // 2
        sketch.text(x + _PAD, middle, field.name, MARK, "t3", room=w - 2 * _PAD)
        room = x + w - _PAD - left
        wide = min(sketch.measure(field.value, MARK_STRONG), room)
        if field.before:
            place = (left - 4, middle - pitch // 2, wide + 8, pitch)
            sketch.box(place, "cacheF", "cache", radius=3)
            sketch.tip(place, f"{field.name}\n{field.before} → {field.value}")
        sketch.text(left, middle, field.value, MARK_STRONG, "t1", room=room)
        if field.note and sketch.measure(field.note, LABEL) <= room - wide - 10:
            sketch.text(left + wide + 10, middle, field.note, LABEL, "t3")
        elif field.note:
            sketch.tip((x + _PAD, middle - pitch // 2, w - 2 * _PAD, pitch), f"{field.name}: {field.note}")


def draw_small(sketch: Sketch, rect: Rect, struct: Struct) -> None:
    """A slab in a list: its number, and of its fields inuse/objects, and what links it."""
    x, y, w, h = rect
    values = {field.name: field for field in struct.fields}
    sketch.box(rect, "s1", "slab", radius=6)
    sketch.box((x + 1, y + 1, w - 2, HEAD - 1), "slabF", radius=5)
    sketch.text(x + w // 2, y + HEAD // 2, struct.key, MARK_STRONG, "t1", "m")
    rows = [("inuse", f"{values['inuse'].value}/{values['objects'].value}")]
    rows += [(name, values[name].value) for name in ("slabs", "frozen") if name in values]
    pitch = field_pitch(h - HEAD - 6, 3)
    for row, (name, value) in enumerate(rows):
        middle = y + HEAD + 2 + row * pitch + pitch // 2
        wide = sketch.text(x + w - 8, middle, value, MARK_STRONG, "t1", "r", room=w - 16)
        sketch.text(x + 8, middle, name, MARK, "t3", room=w - 20 - wide)
    sketch.tip(rect, "\n".join(f"{field.name} = {field.value}" for field in struct.fields))
