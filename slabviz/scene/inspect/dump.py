"""The bytes of one slot as a table: a row is 8 bytes, runs of equal rows are folded, fields have values and meanings.

A dump is made in two steps: what stands in which row (cheap, for the whole slot), and the words of the rows that are
seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from slabviz.scene.inspect.damage import Damage, damage
from slabviz.scene.inspect.header import Header
from slabviz.scene.inspect.pieces import Piece, pieces
from slabviz.scene.inspect.slot import Region
from slabviz.scene.inspect.values import Reading, say
from slabviz.scene.story.numbers import grouped

WIDTH = 8
"""Bytes in a row."""
_FOLDED = 2
"""So many equal rows behind the first one, or more, are one row."""


@dataclass(slots=True, frozen=True)
class ByteBox:
    """Bytes of one field in a row, from column ``column`` on; ``hot`` are the places in it of damaged bytes."""

    region: Region
    column: int
    data: bytes
    filler: bool = False
    hot: frozenset[int] = frozenset()


@dataclass(slots=True, frozen=True)
class Row:
    """One row. ``alike`` > 0: it stands for so many rows like the one before. ``rule``: the user's data begins here."""

    offset: int
    field: str
    value: str
    meaning: str
    address: int
    boxes: tuple[ByteBox, ...]
    alike: int = 0
    rule: bool = False


@dataclass(slots=True, frozen=True)
class Line:
    """A row before it is put into words."""

    offset: int
    parts: tuple[tuple[Piece, int, bytes], ...]
    """(piece, offset of the first byte, the bytes)."""
    alike: int = 0


@dataclass(slots=True, frozen=True, eq=False)
class Dump:
    """All rows of one slot."""

    reading: Reading
    lines: tuple[Line, ...]
    wrong: Damage

    def rows(self, first: int, count: int) -> tuple[Row, ...]:
        """Some rows in words."""
        return tuple(self._row(line) for line in self.lines[first : first + count])

    def _row(self, line: Line) -> Row:
        reading = self.reading
        address = reading.slab.address + reading.obj + line.offset
        boxes = tuple(self._box(line.offset, part) for part in line.parts)
        if line.alike:
            return self._folded(line, address, boxes)
        named = _named(line.parts)
        said = [
            (_field(reading, piece, number > 0), *say(reading, piece, start, data))
            for number, (piece, start, data) in enumerate(named)
        ]
        fields, values, meanings = (list(dict.fromkeys(filter(None, texts))) for texts in zip(*said, strict=True))
        field, value, meaning = ", ".join(fields), ", ".join(values), " · ".join(meanings)
        rule = line.offset == reading.user > 0
        return Row(line.offset, field, value, meaning, address, boxes, rule=rule)

    def _folded(self, line: Line, address: int, boxes: tuple[ByteBox, ...]) -> Row:
        tr, data = self.reading.tr, boxes[0].data
        count = line.alike * WIDTH
        same = len(set(data)) == 1
        key = "inspect.alike_byte" if same else "inspect.alike"
        text = tr(key, bytes=grouped(count), byte=f"{data[0]:02x}")
        value = tr("inspect.rows_alike", count=grouped(line.alike))
        return Row(line.offset, "", value, text, address, boxes, alike=line.alike)

    def _box(self, offset: int, part: tuple[Piece, int, bytes]) -> ByteBox:
        piece, start, data = part
        hot = frozenset(
            place for place in range(len(data)) if any(first <= start + place <= last for first, last in self.wrong)
        )
        filler = not piece.name and piece.region in (Region.HEADER, Region.TRACK_ALLOC, Region.TRACK_FREE)
        return ByteBox(piece.region, start - offset, data, filler, hot)


def _named(parts: Sequence[tuple[Piece, int, bytes]]) -> Sequence[tuple[Piece, int, bytes]]:
    """Filler between fields is drawn but not told of."""
    told = [part for part in parts if part[0].name or part[0].region not in _OF_FIELDS]
    return told or parts


_TRACKS = {Region.TRACK_ALLOC: "alloc", Region.TRACK_FREE: "free"}
_OF_FIELDS = (Region.HEADER, Region.TRACK_ALLOC, Region.TRACK_FREE)


def _field(reading: Reading, piece: Piece, goes_on: bool) -> str:
    """The field's C name; of an object's two tracks it says which one, unless the row has said so already."""
    if piece.region in _TRACKS and not goes_on:
        return f"{_TRACKS[piece.region]}.{piece.name}"
    named = "user" if piece.region is Region.DATA and reading.user else piece.region.value
    return piece.name or reading.tr(f"inspect.region.{named}")


def dump(reading: Reading, header: Header | None) -> Dump:
    """The whole slot of an object, from its left red zone to its padding."""
    slab, obj = reading.slab, reading.obj
    cut = pieces(slab.cache, free=reading.owner is None, header=header)
    start, end = cut[0].start, cut[-1].end
    data = bytes(reading.memory[obj + start : obj + end])
    return Dump(reading, tuple(_lines(cut, start, data)), damage(slab, obj, reading.broken))


def _lines(cut: Sequence[Piece], start: int, data: bytes) -> Iterator[Line]:
    """The rows in order; where a field goes on with the same 8 bytes, the rows behind the first one are one."""
    words = np.frombuffer(data[: len(data) // WIDTH * WIDTH], "<u8")
    changes = np.flatnonzero(words[1:] != words[:-1])
    first, offset, end = 0, start, start + len(data)
    while offset < end:
        while cut[first].end <= offset:
            first += 1
        line = _line(cut[first:], offset, start, data)
        yield line
        alike = _alike(line, offset - start, changes, (cut[first].end - start) // WIDTH)
        if alike >= _FOLDED:
            offset += WIDTH
            yield replace(_line(cut[first:], offset, start, data), alike=alike)
            offset += alike * WIDTH
        else:
            offset += WIDTH


def _line(cut: Sequence[Piece], offset: int, start: int, data: bytes) -> Line:
    """The row at an offset; ``cut`` begins with the field that lies there."""
    end = min(offset + WIDTH, start + len(data))
    parts = []
    for piece in cut:
        if piece.start >= end:
            break
        low, high = max(piece.start, offset), min(piece.end, end)
        parts.append((piece, low, data[low - start : high - start]))
    return Line(offset, tuple(parts))


def _alike(line: Line, place: int, changes: npt.NDArray[np.intp], limit: int) -> int:
    """How many rows of the same field, which ends before row ``limit``, follow with the same bytes."""
    row = place // WIDTH
    if len(line.parts) > 1 or row + 1 >= limit:
        return 0
    change = int(np.searchsorted(changes, row))
    last = int(changes[change]) if change < len(changes) else limit - 1
    return min(last, limit - 1) - row
