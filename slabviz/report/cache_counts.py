"""What the kernel counts of one cache, as /proc/slabinfo and sysfs give it (``get_slabinfo``, ``show_slab_objects``).

The kernel does not look at objects that a CPU owns: everything on frozen slabs and full ones counts as in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slabviz.model.kmalloc_classes import KMALLOC_CLASSES, kmalloc_class_of
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab


@dataclass(slots=True, frozen=True)
class CacheCounts:
    """One row of /proc/slabinfo; sizes in bytes."""

    name: str
    active_objs: int
    num_objs: int
    objsize: int
    objperslab: int
    pagesperslab: int
    active_slabs: int
    num_slabs: int


BOOT_CACHES = ("kmem_cache", "kmem_cache_node")
"""The caches that all others are made from: the kernel's very first."""


def newest_first(machine: Machine) -> Iterator[KmemCache]:
    """The caches in the kernel's order: a new cache goes to the head of the list.

    The kmalloc caches are made at boot before all others, row by row and from the smallest on
    (``create_kmalloc_caches``); only the caches that caches are made from are older.
    """
    newest = machine.caches[::-1]
    newest.sort(key=_age)
    return iter(newest)


def _age(cache: KmemCache) -> tuple[int, int, int]:
    if cache.name in BOOT_CACHES:
        return (2, -BOOT_CACHES.index(cache.name), 0)
    place = kmalloc_class_of(cache.name)
    return (0, 0, 0) if place is None else (1, -place[0], -KMALLOC_CLASSES[place[1]])


def cache_counts(cache: KmemCache) -> CacheCounts:
    """The row of one cache (``get_slabinfo``)."""
    node, shape = cache.node, cache.geometry
    active = node.total_objects - free_objects(node.partial.values())
    return CacheCounts(
        cache.name, active, node.total_objects, cache.size, shape.oo_objects, 1 << shape.oo_order, node.nr_slabs,
        node.nr_slabs,
    )  # fmt: skip


def free_objects(slabs: Iterable[Slab]) -> int:
    """Free objects on the slabs' own freelists (``count_free``)."""
    return sum(slab.objects - slab.inuse for slab in slabs)
