"""A cache of equal objects: the kernel's ``kmem_cache``, its per-CPU part and its per-node part.

Who may touch what: a CPU changes only its own ``KmemCacheCpu``, with interrupts off or by one compare-and-exchange of
(freelist, tid); ``KmemCacheNode`` is changed under its ``list_lock``; a slab's (freelist, inuse, frozen) change
together by one compare-and-exchange, by anybody.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from slabviz.model.flags import DEBUG_FLAGS, SlabFlags, is_debug
from slabviz.model.lock import Lock
from slabviz.model.sizing import Geometry, set_cpu_partial
from slabviz.model.slab import NULL, Slab

NEVER_INITIALISED = SlabFlags.TYPESAFE_BY_RCU | SlabFlags.POISON
"""Caches with these are zeroed only where the caller asks with __GFP_ZERO; so are those with a constructor."""

TID_STEP = 8192
"""Power of two >= NR_CPUS: ``tid % TID_STEP`` is the CPU, ``tid // TID_STEP`` counts changes of its freelist."""


class CacheState(IntEnum):
    """How far a cache's life is (``kmem_cache_create`` … ``kmem_cache_destroy``)."""

    NONE = 0
    """It will be created later."""
    OPENING = 1
    READY = 2
    CLOSING = 3
    ZOMBIE = 4
    """Destroyed with objects left: it stays on the list of caches, and nobody may use it."""
    GONE = 5


@dataclass(slots=True, eq=False)
class KmemCacheCpu:
    """``struct kmem_cache_cpu``: the chain one CPU takes from without a lock, its slab, and the stack of parked
    slabs."""

    tid: int
    freelist: int = NULL
    slab: Slab | None = None
    partial: list[Slab] = field(default_factory=list)
    """The CPU partial stack; its head (the newest) is the list's last element."""

    @property
    def partial_slabs(self) -> int:
        """The count kept in the head of the stack (what ``put_cpu_partial`` tests); 0 when it is empty."""
        return self.partial[-1].slabs if self.partial else 0

    def free_objects(self) -> list[int]:
        """Offsets on the CPU's own freelist, the next one to be handed out first."""
        return list(self.slab.walk(self.freelist)) if self.slab is not None else []


@dataclass(slots=True, eq=False)
class KmemCacheNode:
    """``struct kmem_cache_node``: what all CPUs of one memory node share, guarded by ``list_lock``."""

    list_lock: Lock
    partial: OrderedDict[int, Slab] = field(default_factory=OrderedDict)
    """Slabs with free objects that no CPU owns, head first, by slab id (head, tail and middle are all one step
    away)."""
    nr_slabs: int = 0
    total_objects: int = 0
    full: OrderedDict[int, Slab] = field(default_factory=OrderedDict)
    """Full slabs, head first; only of a cache with STORE_USER, all others keep them on no list."""

    @property
    def nr_partial(self) -> int:
        """Length of ``partial``."""
        return len(self.partial)

    def add_partial_head(self, slab: Slab) -> None:
        """Put a slab at the head: the first to be taken."""
        self.partial[slab.id] = slab
        self.partial.move_to_end(slab.id, last=False)

    def add_full(self, slab: Slab) -> None:
        """``add_full``: to the head of the full list, if the cache keeps one."""
        if slab.cache.flags & SlabFlags.STORE_USER:
            self.full[slab.id] = slab
            self.full.move_to_end(slab.id, last=False)


@dataclass(slots=True, eq=False)
class KmemCache:
    """``struct kmem_cache``. The limits can be tuned at run time; the geometry cannot."""

    id: int
    name: str
    geometry: Geometry
    flags: SlabFlags
    ctor: bool
    size: int
    red_left_pad: int
    min_partial: int
    cpu_partial: int
    cpu_partial_slabs: int
    random_seq: tuple[int, ...]
    """Permutation of object indexes (``SLAB_FREELIST_RANDOM``); empty: address order."""
    cpu_slab: list[KmemCacheCpu]
    node: KmemCacheNode
    owner: str = ""
    """What its objects stand for in the story: ``pid``, ``inode``, ``skb`` … (see the scenario language)."""
    hardened: bool = True
    """Free pointers are stored scrambled (``CONFIG_SLAB_FREELIST_HARDENED``), with ``random``."""
    random: int = 0
    """64 bits drawn when the cache was made."""
    init_on_alloc: bool = False
    """``slab_want_init_on_alloc``: every object is zeroed when it is handed out, whatever the caller asks for."""
    debug: bool = False
    """``kmem_cache_debug``: no CPU slabs, all work under ``list_lock``."""
    looked: bool = False
    """Its slabs have bytes from the start: debugging checks them."""
    aliases: tuple[str, ...] = ()
    """Names of caches that were merged into this one: they are the same cache, /proc/slabinfo shows ``name`` only."""

    state: CacheState = CacheState.READY

    @property
    def refcount(self) -> int:
        """How many names the cache goes by."""
        return 1 + len(self.aliases)

    @classmethod
    def create(
        cls, id: int, name: str, geometry: Geometry, cpus: int, *, flags: SlabFlags = SlabFlags(0), ctor: bool = False,
        random_seq: tuple[int, ...] = (), owner: str = "", hardened: bool = True, random: int = 0,
        init_on_alloc: bool = True,
    ) -> KmemCache:  # fmt: skip
        """A new cache without slabs (``kmem_cache_create``); the tid of each CPU starts at its number."""
        per_cpu = [KmemCacheCpu(tid=cpu) for cpu in range(cpus)]
        return cls(
            id, name, geometry, flags, ctor, geometry.size, geometry.red_left_pad, geometry.min_partial,
            geometry.cpu_partial, geometry.cpu_partial_slabs, random_seq, per_cpu, KmemCacheNode(Lock(id)), owner,
            hardened, random, init_on_alloc and not ctor and not flags & NEVER_INITIALISED, is_debug(flags),
            bool(flags & DEBUG_FLAGS & ~SlabFlags.TRACE),
        )  # fmt: skip

    @property
    def has_cpu_partial(self) -> bool:
        """``kmem_cache_has_cpu_partial``: every cache without debug flags."""
        return not self.debug

    def tune(self, *, min_partial: int | None = None, cpu_partial: int | None = None) -> None:
        """Write the sysfs files ``min_partial`` (slabs) and ``cpu_partial`` (objects); the latter sets the limit in
        slabs."""
        if min_partial is not None:
            self.min_partial = min_partial
        if cpu_partial is not None:
            self.cpu_partial = cpu_partial
            self.cpu_partial_slabs = set_cpu_partial(cpu_partial, self.geometry.oo_objects)

    def parked(self) -> Iterator[tuple[int, Slab]]:
        """(cpu, slab) of every slab on a CPU partial stack, the newest of each CPU first."""
        for cpu, c in enumerate(self.cpu_slab):
            for slab in reversed(c.partial):
                yield cpu, slab
