"""The parts of one slot: red zones, header, data, free pointer, tracks, padding. Offsets count from the object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.poison import TRACK_ALLOC, TRACK_FREE, filler_at, freeptr_outside_object, size_from_object, track_at
from slabviz.model.sizing import POINTER_SIZE, TRACK_SIZE

ASKED_SIZE = 4
"""Bytes in which a debugged kmalloc cache keeps the size that was asked for."""


class Region(Enum):
    """What a part of a slot is for; the value is its key in the catalogue."""

    LEFT_RED = "left_red"
    HEADER = "header"
    DATA = "data"
    ALIGN = "align"
    RIGHT_RED = "right_red"
    POINTER = "pointer"
    TRACK_ALLOC = "track_alloc"
    TRACK_FREE = "track_free"
    ASKED = "asked"
    PADDING = "padding"


RED = (Region.LEFT_RED, Region.RIGHT_RED)


@dataclass(slots=True, frozen=True)
class Span:
    """``length`` bytes from ``start`` on, counted from the object's start: the left red zone begins below 0."""

    region: Region
    start: int
    length: int

    @property
    def end(self) -> int:
        """The first offset behind it."""
        return self.start + self.length


def spans(cache: KmemCache, *, free: bool, header: int = 0) -> tuple[Span, ...]:
    """The parts of a slot in order, without gaps: a free pointer inside the object is one only while it is ``free``.

    ``header`` is how many bytes in front of the data an allocator above kmalloc uses.
    """
    return tuple(span for span in _parts(cache, free, header) if span.length > 0)


def _parts(cache: KmemCache, free: bool, header: int) -> Iterator[Span]:
    shape = cache.geometry
    yield Span(Region.LEFT_RED, -cache.red_left_pad, cache.red_left_pad)
    end = 0
    for span in _object(cache, free, header):
        yield span
        end = max(end, span.end)  # in objects of less than a word the free pointer reaches into what aligns them
    red = shape.flags & SlabFlags.RED_ZONE
    yield Span(Region.RIGHT_RED if red else Region.ALIGN, end, shape.inuse - end)
    if freeptr_outside_object(cache):
        yield Span(Region.POINTER, shape.offset, POINTER_SIZE)
    if shape.flags & SlabFlags.STORE_USER:
        yield Span(Region.TRACK_ALLOC, track_at(cache, TRACK_ALLOC), TRACK_SIZE)
        yield Span(Region.TRACK_FREE, track_at(cache, TRACK_FREE), TRACK_SIZE)
        if shape.flags & SlabFlags.KMALLOC:
            yield Span(Region.ASKED, track_at(cache, TRACK_FREE) + TRACK_SIZE, ASKED_SIZE)
    yield Span(Region.PADDING, filler_at(cache), size_from_object(cache) - filler_at(cache))


def _object(cache: KmemCache, free: bool, header: int) -> Iterator[Span]:
    shape = cache.geometry
    if free and not freeptr_outside_object(cache):
        end = min(shape.offset + POINTER_SIZE, shape.inuse)
        yield Span(Region.DATA, 0, shape.offset)
        yield Span(Region.POINTER, shape.offset, end - shape.offset)
        yield Span(Region.DATA, end, shape.object_size - end)
        return
    yield Span(Region.HEADER, 0, header)
    yield Span(Region.DATA, header, shape.object_size - header)
