"""Which characters a font file has glyphs for, read from its ``cmap`` table.

SDL_ttf answers with the metrics of the replacement box for a character that a font does not have, so pygame cannot
tell. Source: OpenType specification, ``cmap`` formats 4 (16-bit codes) and 12 (32-bit codes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from slabviz.errors import SourceError


def covered(path: Path) -> frozenset[int]:
    """Return the code points that a TrueType or OpenType file (one font, not a collection) has glyphs for.

    Raises SourceError: the file is missing or has no character map of a known format.
    """
    try:
        table = _cmap(path.read_bytes())
        return frozenset(code for start in _subtables(table) for code in _codes(table, start))
    except (OSError, struct.error, LookupError) as problem:
        raise SourceError(f"{path}: this font has no readable character map: {problem}") from problem


def _cmap(data: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", data, 4)
    for tag, _, offset, length in struct.iter_unpack(">4sIII", data[12 : 12 + 16 * count]):
        if tag == b"cmap":
            return data[offset : offset + length]
    raise LookupError("no cmap table")


def _subtables(table: bytes) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", table, 2)
    for platform, _, offset in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count]):
        if platform in (0, 3):  # Unicode, Windows
            yield offset


def _codes(table: bytes, start: int) -> Iterator[int]:
    (layout,) = struct.unpack_from(">H", table, start)
    if layout == 4:
        yield from _codes_of_segments(table, start)
    elif layout == 12:
        (groups,) = struct.unpack_from(">I", table, start + 12)
        for first, last, _ in struct.iter_unpack(">III", table[start + 16 : start + 16 + 12 * groups]):
            yield from range(first, last + 1)


def _codes_of_segments(table: bytes, start: int) -> Iterator[int]:
    """Format 4: four parallel arrays, the last of which may point to glyphs listed one by one (0 = none)."""
    (double,) = struct.unpack_from(">H", table, start + 6)
    count, offsets = double // 2, start + 16 + 3 * double
    lasts = struct.unpack_from(f">{count}H", table, start + 14)
    firsts = struct.unpack_from(f">{count}H", table, start + 16 + double)
    for segment, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        place = offsets + 2 * segment
        (offset,) = struct.unpack_from(">H", table, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            if not offset or struct.unpack_from(">H", table, place + offset + 2 * (code - first))[0]:
                yield code
