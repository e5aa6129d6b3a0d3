"""One slab: 2^order pages cut into equal objects, and the free pointers that lie in them.

A place in a slab is a byte *offset* from the slab's start, as in the kernel's reports (``@offset=``); ``NULL`` ends
a chain. A chain is what it is in memory: a head, and in each free object a pointer to the next (``links``). So a
chain can hold an interior pointer or run in a circle when somebody frees wrongly, and whoever walks one is bounded. A
pointer that leads out of the slab is *wild*: it is kept as its distance from the slab's start, whatever number that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slabviz.model.sizing import PAGE_SIZE

if TYPE_CHECKING:
    from slabviz.model.kmem_cache import KmemCache

NULL = -1
"""The end of a chain, and the freelist of whoever has none (the kernel's NULL)."""


@dataclass(slots=True, eq=False)
class Slab:
    """``struct slab``: who takes objects out of it, and what is left in it.

    Invariant: ``inuse == objects - length of the chain at freelist``. While the slab is a CPU's, the objects on that
    CPU's own freelist count as in use.
    """

    id: int
    cache: KmemCache
    address: int
    """Kernel virtual address of its first byte (``slab_address``)."""
    pfn: int
    order: int
    objects: int
    freelist: int = NULL
    inuse: int = 0
    frozen: bool = False
    slabs: int = 0
    """Distance from the bottom of a CPU partial stack, fixed when it was pushed (only meaningful there)."""
    links: dict[int, int] = field(default_factory=dict)
    """Free pointers: offset of a free object -> offset of the next one, or NULL."""
    owners: dict[int, int] = field(default_factory=dict)
    """Objects somebody holds: offset -> id of the holder."""
    memory: bytearray | None = None
    """All its bytes, once somebody has looked (``model/memory.py``): from then on ``links`` says what they say."""

    @property
    def bytes(self) -> int:
        """Size of the slab in bytes."""
        return PAGE_SIZE << self.order

    def object_at(self, index: int) -> int:
        """Offset of the object with this index (0 … objects - 1)."""
        cache = self.cache
        return index * cache.size + cache.red_left_pad

    def index_of(self, offset: int) -> int:
        """Index of the slot that an offset lies in (``__obj_to_index``); an interior pointer gives its slot."""
        cache = self.cache
        return (offset - cache.red_left_pad) // cache.size

    def is_object(self, offset: int) -> bool:
        """Whether an offset is the start of one of the slab's objects (``check_valid_pointer``)."""
        cache = self.cache
        place = offset - cache.red_left_pad
        return 0 <= place < self.objects * cache.size and place % cache.size == 0

    def walk(self, head: int) -> Iterator[int]:
        """The offsets of a chain from ``head`` on, at most ``objects + 1`` of them: a circle must not hang anybody."""
        links, end = self.links, PAGE_SIZE << self.order
        for _ in range(self.objects + 1):
            if not 0 <= head < end:  # NULL, or wild
                return
            yield head
            head = links.get(head, NULL)

    def is_wild(self, offset: int) -> bool:
        """Whether a free pointer points nowhere in this slab and is not NULL: following it is a fault."""
        return offset != NULL and not 0 <= offset < PAGE_SIZE << self.order

    def length(self, head: int) -> int:
        """Number of objects on the chain from ``head`` on; ``objects + 1`` means a circle."""
        return sum(1 for _ in self.walk(head))

    def chain(self, offsets: list[int]) -> int:
        """Link ``offsets`` in this order, end the chain, and return its head."""
        links = self.links
        after = NULL
        for offset in reversed(offsets):
            links[offset] = after
            after = offset
        return after

    def image(self) -> SlabImage:
        """All that can change, as plain values: equal images, equal slabs."""
        return (
            self.cache.id, self.pfn, self.order, self.objects, self.freelist, self.inuse, self.frozen, self.slabs,
            dict(self.links), dict(self.owners), None if self.memory is None else bytes(self.memory),
        )  # fmt: skip


SlabImage = tuple[int, int, int, int, int, int, bool, int, dict[int, int], dict[int, int], bytes | None]
