"""The machine: caches, slabs, CPUs and memory. Plain data; only applying an event changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from slabviz.model.cpu import Context, Cpu
from slabviz.model.era import LINUX_6_1, Era, era_named
from slabviz.model.flags import DEBUG_METADATA_FLAGS, SlabFlags, requested
from slabviz.model.kmalloc_classes import KMALLOC_ROWS, kmalloc_class_of
from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.model.lock import NAMED_LOCKS, ZONE_LOCK, Lock
from slabviz.model.sizing import (
    DEFAULT_PARAMETERS,
    MAX_ORDER,
    PAGE_SHIFT,
    PAGE_SIZE,
    POINTER_SIZE,
    Geometry,
    SlubParameters,
    geometry,
    get_order,
    round_up,
)
from slabviz.model.slab import Slab
from slabviz.model.slub_debug import kmem_cache_flags, parse
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
    at_boot: bool = True
    """Whether it is there from the start; else CACHE_OPEN … CACHE_READY make it."""
    random: int = 0
    """64 bits that scramble its free pointers (``kmem_cache.random``)."""
    usercopy: bool = False
    """Whether a part of its objects may be copied to user space: such a cache is never merged."""
    aliases: tuple[tuple[str, int], ...] = ()
    """(name, object size) of caches that were merged into this one (``model/merging.py``)."""


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
    kernel: str = LINUX_6_1.name
    """Whose allocator: a name in ``model.era.ERAS``."""
    hardened: bool = True
    """``CONFIG_SLAB_FREELIST_HARDENED``: free pointers are stored scrambled, some wrong frees are found."""
    init_on_alloc: bool = True
    """Objects are zeroed when they are handed out (Debian's default)."""
    slub_debug: str = ""
    """As on the kernel's command line (``model/slub_debug.py``); empty: off."""
    panic_on_oops: bool = False
    slub_max_order: int = DEFAULT_PARAMETERS.max_order
    """The largest order that a normal slab may have (boot parameter of that name)."""
    locks: tuple[str, ...] = ()
    """Names of spinlocks that are none of the allocator's."""
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    """Zones, reserves and page sets."""
    devices: tuple[str, ...] = ()
    """Devices that drivers allocate memory for (``devmem``), by name."""


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
    era: Era = field(init=False)
    """The kernel that it runs, by ``config.kernel``."""
    parked: dict[int, Context] = field(default_factory=dict)
    """Tasks that are not on a CPU, by actor id: sleeping or waiting for their CPU."""
    rcu_slabs: dict[int, Slab] = field(default_factory=dict)
    """Slabs of TYPESAFE_BY_RCU caches that wait for a grace period before their pages go back."""
    large: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Blocks of pages that kmalloc gave without a cache: pfn -> (order, holder)."""
    kmalloc_caches: tuple[dict[int, KmemCache], ...] = ()
    """``kmalloc_caches[row][index]`` of ``model/kmalloc_classes.py``, as far as this machine has them."""

    contents: dict[int, bytearray] = field(default_factory=dict)
    """Bytes of page frames that are no slab's, where somebody has written; all others read as zeros."""
    named_locks: list[Lock] = field(default_factory=list)
    """The spinlocks with names, in the order of ``MachineConfig.locks``."""

    def __post_init__(self) -> None:
        self.era = era_named(self.config.kernel)
        self.named_locks = [Lock(NAMED_LOCKS + number) for number in range(len(self.config.locks))]
        self.kmalloc_caches = tuple({} for _ in KMALLOC_ROWS)
        for cache in self.caches:
            place = kmalloc_class_of(cache.name)
            if place is not None:
                self.kmalloc_caches[place[0]][place[1]] = cache

    @property
    def large_pages(self) -> int:
        """Pages in large kmalloc blocks: they count as unreclaimable slab memory, though no cache has them."""
        return sum(1 << order for order, _ in self.large.values())

    @classmethod
    def boot(cls, config: MachineConfig) -> Machine:
        """A machine on which nothing has happened yet: all memory free, caches without slabs.

        Raises UsageError (from ``sizing``) when a cache cannot be laid out, or for a kernel that is not known.
        """
        possible = config.possible_cpus or config.cpus
        caches = [_create(number, cache, config, possible) for number, cache in enumerate(config.caches)]
        cpus = [Cpu.idle(number) for number in range(config.cpus)]
        return cls(config, caches, cpus, make_zones(config.memory, config.pages, config.first_pfn, config.cpus))

    def lock(self, lock: int) -> Lock:
        """A lock by id: a zone's, a cache's ``list_lock``, or one with a name."""
        if lock <= ZONE_LOCK:
            return self.zones[ZONE_LOCK - lock].lock
        return self.caches[lock].node.list_lock if lock < NAMED_LOCKS else self.named_locks[lock - NAMED_LOCKS]

    @property
    def zone(self) -> Zone:
        """The zone that ordinary requests prefer: the only one of most machines."""
        return self.zones[-1]

    def zone_of(self, pfn: int) -> Zone:
        """The zone that a page frame lies in (``page_zone``)."""
        for zone in self.zones:
            if zone.has(pfn):
                return zone
        raise ValueError(f"page frame {pfn:#x} lies in no zone")

    def named_lock(self, name: str) -> Lock:
        """A lock of ``MachineConfig.locks``. Raises ValueError for a name that is not there."""
        return self.named_locks[self.config.locks.index(name)]

    def lock_name(self, lock: Lock) -> str:
        """What a lock is called in messages."""
        if lock.id >= NAMED_LOCKS:
            return f"spinlock {self.config.locks[lock.id - NAMED_LOCKS]}"
        if lock.id <= ZONE_LOCK:
            return f"the lock of zone {self.zones[ZONE_LOCK - lock.id].name}"
        return f"list_lock of {self.caches[lock.id].name}"

    def locks(self) -> Iterator[Lock]:
        """The zone's, those with names, and the caches'."""
        yield from (zone.lock for zone in self.zones)
        yield from self.named_locks
        yield from (cache.node.list_lock for cache in self.caches)

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

    def page(self, pfn: int) -> bytearray:
        """The bytes of a page frame that is no slab's, to be written."""
        return self.contents.setdefault(pfn, bytearray(PAGE_SIZE))

    def forget(self, pfn: int, order: int) -> None:
        """What lay in these frames is gone: they are zeroed, or a slab's from now on."""
        if self.contents:
            for frame in range(pfn, pfn + (1 << order)):
                self.contents.pop(frame, None)

    def virt_to_large(self, address: int) -> int | None:
        """First frame of the large kmalloc block that an address lies in (``virt_to_folio``), or None."""
        pfn = (address - self.config.page_offset) >> PAGE_SHIFT
        for order in range(MAX_ORDER):  # a block is aligned to its size
            head = pfn & ~((1 << order) - 1)
            if head in self.large and self.large[head][0] >= order:
                return head
        return None

    def contexts(self) -> Iterator[Context]:
        """Everything that runs or waits to run."""
        for cpu in self.cpus:
            yield from cpu.stack
        yield from self.parked.values()

    def in_flight(self) -> Iterable[Slab]:
        """Slabs that some path holds in its hands."""
        return (slab for context in self.contexts() for slab in context.hand.slabs())


def cache_geometry(
    config: CacheConfig, cpus: int, possible: int, slub_debug: str = "", era: Era = LINUX_6_1,
    max_order: int = DEFAULT_PARAMETERS.max_order,
) -> Geometry:  # fmt: skip
    """How a cache is laid out on a machine, with the flags that ``slub_debug`` gives it."""
    debug, parameters = parse(slub_debug), SlubParameters(max_order=max_order)

    def lay_out(flags: SlabFlags) -> Geometry:
        return geometry(
            config.object_size, config.align, flags, config.ctor, era=era, present_cpus=cpus, possible_cpus=possible,
            parameters=parameters,
        )  # fmt: skip

    made = lay_out(kmem_cache_flags(debug, config.name, config.flags))
    if debug.no_higher_order and made.min_order > get_order(config.object_size):
        made = lay_out(requested(made.flags) & ~DEBUG_METADATA_FLAGS)
    for _, size in config.aliases:  # __kmem_cache_alias()
        inuse = max(made.inuse, round_up(size, POINTER_SIZE))
        made = replace(made, object_size=max(made.object_size, size), inuse=inuse)
    return made


def _create(id: int, config: CacheConfig, machine: MachineConfig, possible: int) -> KmemCache:
    era = era_named(machine.kernel)
    shape = cache_geometry(config, machine.cpus, possible, machine.slub_debug, era, machine.slub_max_order)
    cache = KmemCache.create(
        id, config.name, shape, machine.cpus, flags=requested(shape.flags), ctor=config.ctor,
        random_seq=config.random_seq, owner=config.owner, hardened=machine.hardened, random=config.random,
        init_on_alloc=machine.init_on_alloc,
    )  # fmt: skip
    cache.aliases = tuple(name for name, _ in config.aliases)
    cache.tune(min_partial=config.min_partial, cpu_partial=config.cpu_partial)
    cache.state = CacheState.READY if config.at_boot else CacheState.NONE
    return cache
