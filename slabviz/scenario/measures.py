"""What expectations and chapters can measure: numbers of the machine at one tick, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slabviz.model.colouring import colouring
from slabviz.model.kmem_cache import TID_STEP, KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import NULL, Slab


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the machine; ``of`` gets the machine and the caches that are asked about."""

    help: str
    of: Callable[[Machine, list[KmemCache]], int]


def _objects(machine: Machine, caches: list[KmemCache]) -> int:
    wanted = {cache.id for cache in caches}
    return sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id in wanted)


def _parked(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(1 for cache in caches for _ in cache.parked())


def _free_pages(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(zone.nr_free for zone in machine.zones)


def _page_sets(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(zone.pcp_pages() for zone in machine.zones)


def _active(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(part.slab is not None for cache in caches for part in cache.cpu_slab)


def _transactions(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(part.tid // TID_STEP for cache in caches for part in cache.cpu_slab)


def _slabs_of(machine: Machine, caches: list[KmemCache]) -> Iterator[Slab]:
    wanted = {cache.id for cache in caches}
    return (slab for slab in machine.slabs.values() if slab.cache.id in wanted)


def _empty(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(slab.inuse == 0 for slab in _slabs_of(machine, caches))


def _full(machine: Machine, caches: list[KmemCache]) -> int:
    """``inuse == objects`` alone does not tell: what lies on a CPU's freelist counts as in use."""
    loaded = {part.slab.id for cache in caches for part in cache.cpu_slab if part.slab and part.freelist != NULL}
    return sum(slab.inuse == slab.objects and slab.id not in loaded for slab in _slabs_of(machine, caches))


def _shape(help: str, of: Callable[[KmemCache], int]) -> Measure:
    """A number of a cache's layout, which stays as it is; for several caches their sum."""
    return Measure(help, lambda _, caches: sum(map(of, caches)))


def _sets(caches: list[KmemCache], machine: Machine, *, coloured: bool) -> int:
    found = (colouring(machine, cache, 0) for cache in caches)
    return len({slab.coloured_set if coloured else slab.set for each in found for slab in each.slabs})


MEASURES: dict[str, Measure] = {
    "objects": Measure("objects that somebody holds", _objects),
    "slabs": Measure("slabs of the cache (nr_slabs)", lambda _, caches: sum(cache.node.nr_slabs for cache in caches)),
    "partial": Measure("slabs on the node's list", lambda _, caches: sum(cache.node.nr_partial for cache in caches)),
    "parked": Measure("slabs on CPU partial lists", _parked),
    "cache_sets": Measure(
        "sets of the CPU's cache (64) in which the first objects of the slabs begin",
        lambda machine, caches: _sets(caches, machine, coloured=False),
    ),
    "coloured_sets": Measure(
        "the same if the older SLAB's colouring had shifted each slab",
        lambda machine, caches: _sets(caches, machine, coloured=True),
    ),
    "free_pages": Measure("pages on the lists of the buddy system", _free_pages),
    "page_sets": Measure("pages in the page sets of all CPUs", _page_sets),
    "active": Measure("slabs that CPUs allocate from", _active),
    "empty": Measure("slabs with inuse 0", _empty),
    "full": Measure("slabs without any free object", _full),
    "transactions": Measure("how often the CPUs' chains have changed, as their `tid` count it", _transactions),
    "object_size": _shape("bytes of an object", lambda cache: cache.geometry.object_size),
    "size": _shape("bytes from one object to the next", lambda cache: cache.size),
    "offset": _shape("where in a free object its free pointer lies", lambda cache: cache.geometry.offset),
    "order": _shape("a normal slab has 2^order pages", lambda cache: cache.geometry.oo_order),
    "per_slab": _shape("objects of a normal slab", lambda cache: cache.geometry.oo_objects),
    "waste": _shape("bytes left over at the end of a normal slab",
                    lambda cache: (PAGE_SIZE << cache.geometry.oo_order) - cache.geometry.oo_objects * cache.size),
    "min_partial": _shape("so many partial slabs the node keeps, even empty", lambda cache: cache.min_partial),
}  # fmt: skip
"""The measures by name; ``free_pages`` and ``page_sets`` are of the whole machine."""
