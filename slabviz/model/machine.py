"""The machine: caches, slabs, CPUs and memory. Plain data; only applying an event changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from slabviz.model.cpu import Context, Cpu
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.lock import ZONE_LOCK, Lock
from slabviz.model.sizing import PAGE_SHIFT, geometry
from slabviz.model.slab import Slab
from slabviz.model.zone import Zone
from slabviz.model.zones import MemoryConfig, make_zones

PAGE_OFFSET = 0xFFFF888000000000
"""Start of the kernel's direct map of physical memory (x86-64, since 4.20, without KASLR)."""


@dataclass(slots=True, frozen=True)
class CacheConfig:
    """What ``kmem_cache_create`` was asked for, and what was tuned right after."""

    name: str
    object_size: int
    align: int = 0
    flags: SlabFlags = SlabFlags(0)
    ctor: bool = False
    random_seq: tuple[int, ...] = ()
    """Permutation of the object indexes of a normal slab; empty: address order."""
    owner: str = ""
    min_partial: int | None = None
    cpu_partial: int | None = None


@dataclass(slots=True, frozen=True)
class MachineConfig:
    """Everything a machine is made from: the same config, the same machine."""

    cpus: int
    """Present CPUs."""
    pages: int
    """Page frames of all zones."""
    caches: tuple[CacheConfig, ...]
    possible_cpus: int = 0
    """``nr_cpu_ids``; 0: as many as are present."""
    first_pfn: int = 0
    page_offset: int = PAGE_OFFSET
    kernel: str = "6.1"
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    """Zones, reserves and page sets."""


@dataclass(slots=True, eq=False)
class Machine:
    """All that the events change. ``slabs`` holds the live ones by id; ids are never used again."""

    config: MachineConfig
    caches: list[KmemCache]
    cpus: list[Cpu]
    zones: list[Zone]
    """Memory zones, the lowest first."""
    slabs: dict[int, Slab] = field(default_factory=dict)
    slab_of_page: dict[int, Slab] = field(default_factory=dict)
    """Page frame number -> the slab it belongs to (``virt_to_slab`` looks here)."""
    next_slab: int = 0
    parked: dict[int, Context] = field(default_factory=dict)
    """Tasks that are not on a CPU, by actor id: sleeping or waiting for their CPU."""
    rcu_slabs: dict[int, Slab] = field(default_factory=dict)
    """Slabs of TYPESAFE_BY_RCU caches that wait for a grace period before their pages go back."""

    @classmethod
    def boot(cls, config: MachineConfig) -> Machine:
        """A machine on which nothing has happened yet: all memory free, caches without slabs.

        Raises UsageError (from ``sizing``) when a cache cannot be laid out.
        """
        possible = config.possible_cpus or config.cpus
        caches = [_create(number, cache, config.cpus, possible) for number, cache in enumerate(config.caches)]
        cpus = [Cpu.idle(number) for number in range(config.cpus)]
        return cls(config, caches, cpus, make_zones(config.memory, config.pages, config.first_pfn, config.cpus))

    def lock(self, lock: int) -> Lock:
        """A lock by id: a zone's, or a cache's ``list_lock``."""
        return self.zones[ZONE_LOCK - lock].lock if lock <= ZONE_LOCK else self.caches[lock].node.list_lock

    @property
    def zone(self) -> Zone:
        """The zone that ordinary requests prefer: the only one of most machines."""
        return self.zones[-1]

    def zone_of(self, pfn: int) -> Zone:
        """The zone that a page frame lies in (``page_zone``)."""
        return next(zone for zone in self.zones if zone.has(pfn))

    def address(self, slab: Slab, offset: int) -> int:
        """Kernel virtual address of a place in a slab."""
        return slab.address + offset

    def page_address(self, pfn: int) -> int:
        """Kernel virtual address of a page (``page_address``)."""
        return self.config.page_offset + (pfn << PAGE_SHIFT)

    def virt_to_slab(self, address: int) -> tuple[Slab, int] | None:
        """The slab an address lies in and the offset there, or None when its page is no slab page."""
        slab = self.slab_of_page.get((address - self.config.page_offset) >> PAGE_SHIFT)
        return None if slab is None else (slab, address - slab.address)

    def contexts(self) -> Iterator[Context]:
        """Everything that runs or waits to run."""
        for cpu in self.cpus:
            yield from cpu.stack
        yield from self.parked.values()

    def in_flight(self) -> Iterable[Slab]:
        """Slabs that some path holds in its hands."""
        return (slab for context in self.contexts() for slab in context.hand.slabs())


def _create(id: int, config: CacheConfig, cpus: int, possible: int) -> KmemCache:
    shape = geometry(
        config.object_size, config.align, config.flags, config.ctor, present_cpus=cpus, possible_cpus=possible
    )
    cache = KmemCache.create(
        id, config.name, shape, cpus, flags=config.flags, ctor=config.ctor, random_seq=config.random_seq,
        owner=config.owner,
    )  # fmt: skip
    cache.tune(min_partial=config.min_partial, cpu_partial=config.cpu_partial)
    return cache
