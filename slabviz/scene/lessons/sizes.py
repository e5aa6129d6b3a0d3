"""What a cache's slabs are like: sizes, how many objects, what is left over (syllabus E2)."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE

COURSE: dict[str, int] = {
    "task_struct": 1536, "inode_cache": 512, "dentry": 192, "filp": 224, "skbuff_head_cache": 256, "mm_struct": 896,
    "vm_area_struct": 96,
}  # fmt: skip
"""Object sizes in bytes that textbooks give, of older kernels."""


@dataclass(slots=True, frozen=True)
class Sizes:
    """One cache; sizes in bytes. ``waste`` is what is left over at the end of a normal slab."""

    cache: int
    name: str
    object_size: int
    size: int
    order: int
    objects: int
    waste: int
    slabs: int
    total_objects: int
    held: int
    """Objects that somebody holds."""
    state: CacheState

    @property
    def pages(self) -> int:
        """Pages of a normal slab."""
        return 1 << self.order

    @property
    def bytes(self) -> int:
        """Bytes of a normal slab."""
        return self.pages * PAGE_SIZE

    @property
    def share(self) -> float:
        """How much of a slab is left over at its end, 0 to 1."""
        return self.waste / self.bytes

    @property
    def padding(self) -> int:
        """Bytes of each object that nobody asked for: alignment, and what debugging keeps."""
        return self.size - self.object_size

    @property
    def course(self) -> int:
        """The size that textbooks give, 0 if they do not name it."""
        return COURSE.get(self.name, 0)


def sizes_of(machine: Machine) -> tuple[Sizes, ...]:
    """Every cache that there is at this tick, in the order in which they were made."""
    held = [0] * len(machine.caches)
    for slab in machine.slabs.values():
        held[slab.cache.id] += len(slab.owners)
    gone = (CacheState.NONE, CacheState.GONE)
    return tuple(_sizes(cache, held[cache.id]) for cache in machine.caches if cache.state not in gone)


def _sizes(cache: KmemCache, held: int) -> Sizes:
    shape, node = cache.geometry, cache.node
    waste = (PAGE_SIZE << shape.oo_order) - shape.oo_objects * cache.size
    return Sizes(
        cache.id, cache.name, shape.object_size, cache.size, shape.oo_order, shape.oo_objects, waste, node.nr_slabs,
        node.total_objects, held, cache.state,
    )  # fmt: skip
