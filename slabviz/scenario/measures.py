"""What expectations and chapters can measure: numbers of the machine at one tick, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slabviz.devmem.dev_kmalloc import MAGIC, blocks_of, header_at
from slabviz.model.colouring import colouring
from slabviz.model.kmem_cache import TID_STEP, KmemCache, KmemCacheCpu
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import NULL, Slab


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the machine; ``of`` gets the machine and the caches that are asked about.

    ``on`` is the same for one CPU, where the number has a part of each.
    """

    help: str
    of: Callable[[Machine, list[KmemCache]], int]
    on: Callable[[Machine, list[KmemCache], int], int] | None = None


def _each_cpu(help: str, part: Callable[[KmemCacheCpu], int]) -> Measure:
    """A number that is the sum of what the CPUs' parts of the caches have."""
    return Measure(
        help,
        lambda _, caches: sum(part(each) for cache in caches for each in cache.cpu_slab),
        lambda _, caches, cpu: sum(part(cache.cpu_slab[cpu]) for cache in caches),
    )


def _objects(machine: Machine, caches: list[KmemCache]) -> int:
    wanted = {cache.id for cache in caches}
    return sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id in wanted)


def _free_pages(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(zone.nr_free for zone in machine.zones)


def _page_sets(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(zone.pcp_pages() for zone in machine.zones)


def _page_set(machine: Machine, caches: list[KmemCache], cpu: int) -> int:
    return sum(zone.pcp[cpu].count for zone in machine.zones)


def _free_dma(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(zone.nr_free for zone in machine.zones if zone.name == "DMA")


def _pages(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(1 << slab.order for slab in _slabs_of(machine, caches))


def _device_blocks(machine: Machine, caches: list[KmemCache]) -> int:
    return sum(len(blocks_of(machine, device)) for device in range(len(machine.config.devices)))


def _bad_headers(machine: Machine, caches: list[KmemCache]) -> int:
    blocks = (each for device in range(len(machine.config.devices)) for each in blocks_of(machine, device))
    return sum(header_at(machine, each).magic != MAGIC for each in blocks)


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
    "parked": _each_cpu("slabs on CPU partial lists", lambda part: len(part.partial)),
    "cache_sets": Measure(
        "sets of the CPU's cache (64) in which the first objects of the slabs begin",
        lambda machine, caches: _sets(caches, machine, coloured=False),
    ),
    "coloured_sets": Measure(
        "the same if the older SLAB's colouring had shifted each slab",
        lambda machine, caches: _sets(caches, machine, coloured=True),
    ),
    "free_pages": Measure("pages on the lists of the buddy system", _free_pages),
    "page_sets": Measure("pages in the page sets of all CPUs", _page_sets, _page_set),
    "free_dma": Measure("pages of ZONE_DMA on the lists of the buddy system", _free_dma),
    "below_low": Measure("zones with fewer free pages than their low mark, which wakes kswapd",
                         lambda machine, _: sum(zone.nr_free < zone.watermarks.low for zone in machine.zones)),
    "below_min": Measure("zones with fewer than their min mark, which only GFP_ATOMIC and the like may take from",
                         lambda machine, _: sum(zone.nr_free < zone.watermarks.min for zone in machine.zones)),
    "large_pages": Measure("pages in blocks that kmalloc gave without a cache", lambda machine, _: machine.large_pages),
    "device_blocks": Measure("dev_kmalloc blocks on the lists of the devices, as memory has them", _device_blocks),
    "bad_headers": Measure("blocks on those lists whose header has lost its magic number", _bad_headers),
    "active": _each_cpu("slabs that CPUs allocate from", lambda part: int(part.slab is not None)),
    "cpu_free": _each_cpu("objects on the CPUs' own freelists", lambda part: len(part.free_objects())),
    "total_objects": Measure("objects of all slabs, held or free",
                             lambda _, caches: sum(cache.node.total_objects for cache in caches)),
    "pages": Measure("pages of the slabs", _pages),
    "empty": Measure("slabs with inuse 0", _empty),
    "full": Measure("slabs without any free object", _full),
    "transactions": _each_cpu("how often the CPUs' chains have changed, as their `tid` count it",
                              lambda part: part.tid // TID_STEP),
    "object_size": _shape("bytes of an object", lambda cache: cache.geometry.object_size),
    "size": _shape("bytes from one object to the next", lambda cache: cache.size),
    "offset": _shape("where in a free object its free pointer lies", lambda cache: cache.geometry.offset),
    "order": _shape("a normal slab has 2^order pages", lambda cache: cache.geometry.oo_order),
    "per_slab": _shape("objects of a normal slab", lambda cache: cache.geometry.oo_objects),
    "waste": _shape("bytes left over at the end of a normal slab",
                    lambda cache: (PAGE_SIZE << cache.geometry.oo_order) - cache.geometry.oo_objects * cache.size),
    "min_partial": _shape("so many partial slabs the node keeps, even empty", lambda cache: cache.min_partial),
    "cpu_partial": _shape("so many free objects a CPU parks", lambda cache: cache.cpu_partial),
    "align": _shape("what the addresses of objects are a multiple of", lambda cache: cache.geometry.align),
}  # fmt: skip
"""The measures by name; those of pages, page sets and devices are of the whole machine."""

OF_CPUS = tuple(name for name, measure in MEASURES.items() if measure.on is not None)
"""The measures that can be asked of one CPU."""
