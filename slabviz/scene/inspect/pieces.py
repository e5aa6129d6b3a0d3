"""A slot cut into named fields: what the rows of the table are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.poison import TRACK_CPU, TRACK_PID, TRACK_WHEN
from slabviz.scene.inspect.header import Header
from slabviz.scene.inspect.slot import Region, Span, spans

_TRACK = (
    ("addr", 0, 8), ("handle", 8, 4), ("cpu", TRACK_CPU, 4), ("pid", TRACK_PID, 4), ("", TRACK_PID + 4, 4),
    ("when", TRACK_WHEN, 8),
)  # fmt: skip
"""``struct track``."""


@dataclass(slots=True, frozen=True)
class Piece:
    """``length`` bytes from ``start`` on, counted from the object; ``name`` is the field's C name, "" for filler."""

    region: Region
    start: int
    length: int
    name: str = ""

    @property
    def end(self) -> int:
        """The first offset behind it."""
        return self.start + self.length


def pieces(cache: KmemCache, *, free: bool, header: Header | None) -> tuple[Piece, ...]:
    """The fields of a slot in order, without gaps."""
    found: list[Piece] = []
    for span in spans(cache, free=free, header=header.length if header is not None else 0):
        found += _fields(span, header)
    return tuple(found)


def _fields(span: Span, header: Header | None) -> Iterator[Piece]:
    if span.region is Region.HEADER and header is not None:
        for name, start, length in header.fields:
            yield Piece(Region.HEADER, start, length, name)
    elif span.region in (Region.TRACK_ALLOC, Region.TRACK_FREE):
        for name, start, length in _TRACK:
            yield Piece(span.region, span.start + start, length, name)
    else:
        yield Piece(span.region, span.start, span.length)
