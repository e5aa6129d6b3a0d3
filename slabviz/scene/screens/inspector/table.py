"""The table of bytes: offset, field, value, meaning, address, the bytes themselves in boxes by field, characters."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Rows
from slabviz.scene.display import Colour, Rect
from slabviz.scene.inspect.dump import WIDTH, ByteBox, Dump, Row
from slabviz.scene.inspect.numbers import short
from slabviz.scene.inspect.slot import Region
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.screens.inspector.frame import Frame
from slabviz.scene.screens.inspector.paint import hatch, ink_of, tint
from slabviz.scene.state import Cell

_HEAD = 24
_BYTE = 23
"""Width of one byte."""


@dataclass(slots=True, frozen=True)
class Window:
    """Rows ``first`` to ``first + len(rows)`` of ``count``; ``last`` is the last row that can be the first."""

    rows: tuple[Row, ...]
    first: int
    last: int
    count: int


def window_of(at: Frame, dump: Dump, scroll: int | None) -> Window:
    """The rows that fit, from row ``scroll`` on as far as there are any.

    Without one it begins with the slot; where the object's end is not seen then, with the object.
    """
    room = max((at.rest[3] - _HEAD) // at.row, 1)
    last = max(len(dump.lines) - room, 0)
    if scroll is None:
        inuse = dump.reading.slab.cache.geometry.inuse
        whole = sum(line.offset < inuse for line in dump.lines)
        scroll = sum(line.offset < 0 for line in dump.lines) if whole > room else 0
    first = min(max(scroll, 0), last)
    return Window(dump.rows(first, room), first, last, len(dump.lines))


def table_part(desk: Desk, at: Frame, window: Window, cell: Cell) -> Part:
    """The table; the wheel over it turns its rows."""

    def make(part: Part) -> None:
        desk.memo.block(
            part, ("inspect", "table"), at.rest, (window, cell),
            lambda sketch: _draw(sketch, desk, at, window, cell), "s1",
        )  # fmt: skip

    return desk.memo.part(("inspect", "table"), (at, window, cell), make)


def _columns(rect: Rect) -> dict[str, int]:
    """Left ends; bytes and characters need a fixed width, the words share the rest."""
    x, _, w, _ = rect
    chars = x + w - 90
    bytes_at = chars - WIDTH * _BYTE - 24
    words = bytes_at - x - 84
    shares = {"offset": 14, "field": 62, "value": 62 + words * 24 // 100, "meaning": 62 + words * 55 // 100}
    found = {name: x + left for name, left in shares.items()}
    return {**found, "address": bytes_at - 76, "bytes": bytes_at, "chars": chars}


def _draw(sketch: Sketch, desk: Desk, at: Frame, window: Window, cell: Cell) -> None:
    x, y, w, h = at.rest
    columns = _columns(at.rest)
    ends = [*list(columns.values())[1:], x + w]
    for (name, left), end in zip(columns.items(), ends, strict=True):
        room = end - left - 8
        sketch.text(left, y + _HEAD // 2, desk.tr(f"inspect.col.{name}"), LABEL, "t3", room=room)
    sketch.button((x, y, w, h), Rows(window.first, window.last))
    for number, row in enumerate(window.rows):
        _row(sketch, (x, y + _HEAD + number * at.row, w, at.row), row, columns, cell, shaded=number % 2 == 0)
    if window.last:
        _bar(sketch, (x + w - 4, y + _HEAD, 4, len(window.rows) * at.row), window)


def _bar(sketch: Sketch, rect: Rect, window: Window) -> None:
    """Which part of the rows is seen."""
    x, y, w, h = rect
    tall = max(h * len(window.rows) // window.count, 12)
    top = y + (h - tall) * window.first // window.last
    sketch.box(rect, "s2", radius=2)
    sketch.box((x, top, w, tall), "line2", radius=2)


def _row(sketch: Sketch, rect: Rect, row: Row, columns: dict[str, int], cell: Cell, *, shaded: bool) -> None:
    x, y, w, h = rect
    middle = y + h // 2
    if shaded:
        sketch.box((x, y, w - 6, h), "s2")
    region = row.boxes[0].region
    ink = ink_of(region, cell)
    sketch.box((x, y + 1, 4, h - 2), ink.stroke)
    if row.rule:
        sketch.box((x, y - 1, w - 6, 2), "t1")
    offset = "" if row.alike else f"{row.offset:+d}".replace("-", "−")
    _cell(sketch, columns, "offset", middle, offset, "t3")
    _cell(sketch, columns, "field", middle, row.field, "t1", strong=True)
    _cell(sketch, columns, "value", middle, row.value, "t1", strong=row.alike > 0)
    sketch.text(columns["meaning"], middle, row.meaning, LABEL, "t2", room=columns["address"] - columns["meaning"] - 8)
    if row.alike:
        for dot in (-5, 0, 5):
            sketch.box((columns["field"] + 4, middle + dot - 1, 2, 2), "t2")
        return _alike(sketch, columns, middle, row)
    sketch.text(columns["address"], middle, short(row.address), MARK, "t3")
    for box in row.boxes:
        _bytes(sketch, (columns["bytes"], y + 2, WIDTH * _BYTE, h - 4), box, cell)
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for box in row.boxes for byte in box.data)
    sketch.text(columns["chars"], middle, text, MARK, "t2")
    return None


def _cell(
    sketch: Sketch, columns: dict[str, int], name: str, middle: int, text: str, colour: Colour, *, strong: bool = False
) -> None:  # fmt: skip
    end = {"offset": "field", "field": "value", "value": "meaning"}[name]
    room = columns[end] - columns[name] - 8
    style = MARK_STRONG if strong else MARK
    sketch.text(columns[name], middle, text, style, colour, room=room)


def _alike(sketch: Sketch, columns: dict[str, int], middle: int, row: Row) -> None:
    first = f"{row.boxes[0].data[0]:02X}"
    text = f"{first} {first} … {first}" if len(set(row.boxes[0].data)) == 1 else "…"
    sketch.text(columns["bytes"] + 6, middle, text, MARK, "t2")


def _bytes(sketch: Sketch, area: Rect, box: ByteBox, cell: Cell) -> None:
    """One field's bytes; filler between fields has only an outline, zeros are quiet."""
    x, y, _, h = area
    rect = (x + box.column * _BYTE + 1, y, len(box.data) * _BYTE - 2, h)
    ink = tint(box.region, cell)
    sketch.box(rect, None if box.filler else ink.fill, ink.stroke, radius=3, dash=ink.dash)
    for place in sorted(box.hot):
        spot = (x + (box.column + place) * _BYTE + 1, y + 1, _BYTE - 2, h - 2)
        sketch.box(spot, "errF")
        hatch(sketch, spot)
        sketch.box((spot[0] + 2, y + h // 2 - 8, _BYTE - 6, 16), "bg", radius=2)
    for place, byte in enumerate(box.data):
        quiet = (byte == 0 or box.filler) and place not in box.hot and box.region is not Region.PADDING
        middle = x + (box.column + place) * _BYTE + _BYTE // 2
        sketch.text(middle, y + h // 2, f"{byte:02X}", MARK, "t2" if quiet else "t1", "m")
