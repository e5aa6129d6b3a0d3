"""The same bytes from call to call: whose they are, what was left behind, what was written over.

Followed from the calls alone, byte by byte, over the few slots that an incident is about; what the bytes then are is
read from memory by whoever tells of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.scene.errors.calls import NOWHERE, WRITE, Deed


class Look(Enum):
    """What a byte is."""

    FREE = "free"
    DATA = "data"
    HEADER = "header"
    SLACK = "slack"  # of an object, behind what was asked for
    RED = "red"
    META = "meta"  # free pointer, tracks, padding of a debugged slot
    LEAKED = "leaked"
    DAMAGE = "damage"


@dataclass(slots=True, frozen=True)
class Piece:
    """Bytes ``start`` … ``end`` - 1 of a slab that are alike. ``claimed``: a freelist or another owner has them too."""

    start: int
    end: int
    look: Look
    owner: int = 0
    claimed: bool = False

    @property
    def length(self) -> int:
        """Bytes."""
        return self.end - self.start


Byte = tuple[Look, int, bool]


class Canvas:
    """The bytes ``start`` … ``end`` - 1 of a slab."""

    def __init__(self, slab: Slab, start: int, end: int) -> None:
        self._cache, self.start, self.end = slab.cache, start, end
        self._slots = [slot for index in range(slab.objects)
                       if start <= (slot := slab.object_at(index)) < end]  # fmt: skip
        self._bytes: list[Byte] = [(Look.META, 0, False)] * (end - start)
        self._extents: list[tuple[int, int, int]] = []
        """(offset, end of what may be written, owner) of what is allocated, the newest last."""
        for slot in self._slots:
            self._base(slot, slab.owners.get(slot))

    def _base(self, slot: int, owner: int | None) -> None:
        """A slot as it is before the story: free, or somebody's."""
        s, size = self._cache, self._cache.geometry.object_size
        if s.geometry.flags & SlabFlags.RED_ZONE:
            self._lay(slot - s.red_left_pad, slot, Look.RED)
            self._lay(slot + size, slot + s.geometry.inuse, Look.RED)
        if owner is None:
            self._lay(slot, slot + size, Look.FREE)
        else:
            self._lay(slot, slot + size, Look.DATA, owner)
            self._extents.append((slot, slot + size, owner))

    def apply(self, deed: Deed) -> None:
        """A call happens."""
        if deed.slab == NOWHERE or deed.offset == NOWHERE:
            return
        if deed.is_alloc:
            self._alloc(deed)
        elif deed.name == WRITE:
            self._write(deed)
        elif deed.name.endswith("free"):
            self._free(deed.offset)

    def _alloc(self, deed: Deed) -> None:
        at, size = deed.offset, self._cache.geometry.object_size
        data = at + deed.header
        end = data + deed.size if deed.size else at + size
        border = self._border(at)
        self._extents.append((at, end, deed.owner))
        self._lay(at, min(data, border), Look.HEADER, deed.owner)
        self._lay(data, min(end, border), Look.DATA, deed.owner)
        self._lay(max(end, at), min(at + size, border), Look.SLACK, deed.owner)
        self._claim(border, at + size)

    def _free(self, at: int) -> None:
        size, border, slot = self._cache.geometry.object_size, self._border(at), self._slot(at)
        self._extents = [each for each in self._extents if not slot <= each[0] <= at]
        if at != slot:  # no object begins here: what lies in front is nobody's
            self._lay(slot, at, Look.LEAKED)
        self._lay(at, min(at + size, border), Look.FREE)
        self._claim(border, at + size)

    def _write(self, deed: Deed) -> None:
        """What its owner may not write is damaged."""
        start, end = deed.offset, deed.offset + deed.size
        mine = next((each for each in reversed(self._extents) if each[0] <= start < each[1]), None)
        if mine is None:
            self._lay(start, end, Look.DAMAGE)
            return
        limit = min(mine[1], self._border(mine[0]))
        self._lay(limit, end, Look.DAMAGE)

    def _border(self, at: int) -> int:
        """Where the objects of the slot end that an offset lies in."""
        return self._slot(at) + self._cache.geometry.object_size

    def _slot(self, at: int) -> int:
        return max((slot for slot in self._slots if slot <= at), default=at)

    def _lay(self, start: int, end: int, look: Look, owner: int = 0) -> None:
        for place in self._places(start, end):
            self._bytes[place] = (look, owner, False)

    def _claim(self, start: int, end: int) -> None:
        for place in self._places(start, end):
            look, owner, _ = self._bytes[place]
            self._bytes[place] = (look, owner, True)

    def _places(self, start: int, end: int) -> range:
        return range(max(start, self.start) - self.start, min(end, self.end) - self.start)

    def pieces(self) -> tuple[Piece, ...]:
        """Runs of bytes that are alike, within a slot."""
        return tuple(self._runs())

    def _runs(self) -> Iterator[Piece]:
        borders = {slot - self._cache.red_left_pad for slot in self._slots}
        begin = self.start
        for at in range(self.start + 1, self.end + 1):
            here = self._bytes[begin - self.start]
            if at == self.end or self._bytes[at - self.start] != here or at in borders:
                yield Piece(begin, at, *here)
                begin = at


def window(cache: KmemCache, slab: Slab, cause: Deed, deed: Deed, most: int = 3) -> tuple[int, int]:
    """The bytes that an incident is about: the slots that the cause touches, and those of the failure beside them."""
    size = cache.geometry.object_size
    spans = [(each.offset, each.offset + (each.size if each.name == WRITE else size))
             for each in (cause, deed) if each.slab == slab.id and each.offset != NOWHERE]  # fmt: skip
    first, last = slab.index_of(spans[0][0]), slab.index_of(spans[0][1] - 1)
    last = min(last, first + most - 1)
    for start, end in spans[1:]:
        low, high = min(first, slab.index_of(start)), max(last, slab.index_of(end - 1))
        if high - low < most:
            first, last = low, high
    first, last = max(first, 0), min(last, slab.objects - 1)
    left = first * cache.size
    return left, max((last + 1) * cache.size, left + cache.size)
