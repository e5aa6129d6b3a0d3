"""What expectations and chapters can measure: numbers of the machine at one tick, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slabviz.model.colouring import colouring
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine


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
}
"""The measures by name; the last two are of the whole machine."""
