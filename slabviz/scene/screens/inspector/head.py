"""The head of the right panel: which slab, its six fields; or why there is nothing to show."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.inspect.state import Field, SlabState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, MARK_STRONG, SCENARIO, STRONG
from slabviz.scene.screens.inspector.frame import Frame

_GAP = 8


def panel_part(desk: Desk, at: Frame) -> Part:
    """The ground of the right panel."""

    def make(part: Part) -> None:
        desk.memo.block(part, ("inspect", "panel"), at.panel, None, lambda sketch: _ground(sketch, at.panel))

    return desk.memo.part(("inspect", "panel"), at.panel, make)


def _ground(sketch: Sketch, rect: Rect) -> None:
    sketch.box(rect, "s1", "line", radius=8)


def head_part(desk: Desk, at: Frame, slab: SlabState) -> Part:
    """Title and field cards."""

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "title"), at.title, (slab.title, slab.subtitle),
            lambda sketch: _title(sketch, at.title, slab), "s1",
        )  # fmt: skip
        desk.memo.block(
            part, ("inspect", "fields"), at.fields, slab.fields,
            lambda sketch: draw_fields(sketch, at.fields, slab.fields, len(slab.fields)), "s1",
        )  # fmt: skip

    return desk.memo.part(("inspect", "head"), (at, slab), make)


def _title(sketch: Sketch, rect: Rect, slab: SlabState) -> None:
    x, y, w, h = rect
    left = x + sketch.text(x, y + h // 2, slab.title, SCENARIO, "t1") + 12
    sketch.text(left, y + h // 2, slab.subtitle, LABEL, "t2", room=x + w - left)


def draw_fields(sketch: Sketch, rect: Rect, fields: tuple[Field, ...], columns: int) -> None:
    """Cards in rows of ``columns``: name, value, what it means."""
    x, y, w, h = rect
    rows = -(-len(fields) // columns)
    wide, tall = (w - _GAP * (columns - 1)) // columns, (h - _GAP * (rows - 1)) // rows
    for number, field in enumerate(fields):
        row, column = divmod(number, columns)
        _card(sketch, (x + column * (wide + _GAP), y + row * (tall + _GAP), wide, tall), field)


def _card(sketch: Sketch, rect: Rect, field: Field) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s2", None, radius=6)
    step = h * 30 // 100
    first = y + h // 2 - step
    room = w - 16
    sketch.text(x + 8, first, field.name, MARK, "t3", room=room)
    sketch.text(x + 8, first + step, field.value, MARK_STRONG, "t1", room=room)
    sketch.text(x + 8, first + 2 * step, field.note, LABEL, "t2", room=room)


def message_part(desk: Desk, at: Frame, lines: tuple[str, ...]) -> Part:
    """A dashed container that says why there is nothing to show."""
    x, y, w, h = at.panel
    rect = ((x + w // 8) & ~3, (y + h // 2 - 70) & ~3, w * 3 // 4, 140)

    def draw(sketch: Sketch) -> None:
        sketch.box(rect, None, "line2", radius=6, dash=(4, 4))
        top = rect[1] + 70 - 12 * (len(lines) - 1)
        for number, line in enumerate(lines):
            style, colour = (STRONG, "t1") if number == 0 else (LABEL, "t2")
            sketch.text(x + w // 2, top + number * 24, line, style, colour, "m", room=rect[2] - 24)

    def make(part: Part) -> None:
        desk.memo.block(part, ("inspect", "message"), rect, lines, draw, "s1")

    return desk.memo.part(("inspect", "message"), (at, lines), make)


def heading(sketch: Sketch, x: int, y: int, title: str, note: str, room: int) -> int:
    """A heading with a quiet note behind it; returns where it ends."""
    left = x + sketch.text(x, y, title, LABEL_STRONG, "t1", room=room) + 10
    return left + sketch.text(left, y, note, LABEL, "t2", room=max(x + room - left, 0))
