"""Physical memory: a buddy system of orders 0 … 10 by migrate type behind per-CPU page sets, and who owns each frame.

Who may touch what: the lists under the zone's lock; a page set only by its own CPU, with interrupts off.
Source: ``slub-semantics.md`` section 5 (mm/page_alloc.c of 6.1).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from slabviz.model.lock import ZONE_LOCK, Lock
from slabviz.model.migrate import MOVABLE, PAGEBLOCK_ORDER, PCP_TYPES, TYPES, UNMOVABLE
from slabviz.model.sizing import MAX_ORDER
from slabviz.model.watermarks import Watermarks

PCP_ORDERS = 4
"""Orders 0 … 3 pass through the per-CPU page sets (``PAGE_ALLOC_COSTLY_ORDER``)."""
PCP_LISTS = PCP_ORDERS * PCP_TYPES

Block = tuple[int, int]
"""(pfn, order)."""

FRAME_FREE = 0
FRAME_PCP = 1
FRAME_HAND = 2
"""Taken by a path, not yet given to anybody."""
FRAME_OTHER = 8
"""FRAME_OTHER + class: kernel, user, file."""
FRAME_SLAB = 16
"""FRAME_SLAB + cache id; caches beyond a byte share the last value."""
PAGE_CLASSES = ("kernel", "user", "file")
KERNEL_PAGES, USER_PAGES, FILE_PAGES = range(3)


def frame_of_cache(cache: int) -> int:
    """The frame byte of a cache's slabs."""
    return min(FRAME_SLAB + cache, 255)


def pcp_list(order: int, migrate: int) -> int:
    """Which list of a page set keeps blocks of this order and type (``order_to_pindex``)."""
    return order * PCP_TYPES + (migrate if migrate < PCP_TYPES else MOVABLE)


@dataclass(slots=True)
class PerCpuPages:
    """``struct per_cpu_pages`` of one CPU: a list of free blocks for each order and type (``pcp_list``), head first."""

    lists: list[list[int]] = field(default_factory=lambda: [[] for _ in range(PCP_LISTS)])
    count: int = 0
    """Pages in all lists."""
    free_factor: int = 0

    def blocks(self) -> int:
        """Number of blocks in all lists."""
        return sum(map(len, self.lists))


def zone_batchsize(managed: int) -> int:
    """Pages moved at a time between a page set and the buddy system (``zone_batchsize``)."""
    batch = max(min(managed // 1024, 256) // 4, 1)
    return max((1 << ((batch + batch // 2).bit_length() - 1)) - 1, 1)


@dataclass(slots=True, frozen=True)
class PageSets:
    """How the page sets were set up; None: as the kernel computes it. ``high`` 0 with ``on`` False: nothing is kept."""

    on: bool = True
    batch: int | None = None
    high: int | None = None


@dataclass(slots=True, eq=False)
class Zone:
    """One memory zone of ``managed`` page frames, from ``first_pfn`` on; alone in its machine unless said otherwise."""

    managed: int
    first_pfn: int
    cpus: int
    name: str = "Normal"
    index: int = 0
    """Its place among the zones, the lowest first."""
    marks: Watermarks | None = None
    lowmem_reserve: list[int] = field(default_factory=lambda: [0])
    """Pages kept from requests that prefer zone number …"""
    sets: PageSets = field(default_factory=PageSets)
    grouping: bool = True
    """Whether pages are grouped by mobility; not in the smallest machines."""
    boost_factor: int = 0
    watermarks: Watermarks = field(init=False)
    batch: int = field(init=False)
    pcp_high: int = field(init=False)
    lock: Lock = field(init=False)
    lists: list[list[OrderedDict[int, None]]] = field(init=False)
    """``free_area``: by migrate type and order, the pfns of free blocks, list head first."""
    free: list[dict[int, int]] = field(init=False)
    """The same blocks by order: pfn -> the type whose list has it."""
    pageblocks: bytearray = field(init=False)
    """The migrate type of each pageblock."""
    pcp: list[PerCpuPages] = field(init=False, default_factory=list)
    others: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Blocks that are no slabs: pfn -> (order, page class)."""
    frames: bytearray = field(init=False)
    """One byte a frame: who has it (FRAME_…); what the physical-memory picture shows."""
    nr_free: int = 0
    """Pages on the buddy lists (page sets excluded), NR_FREE_PAGES."""
    boost: int = 0
    """``watermark_boost``: added to every mark until kswapd has reclaimed so much."""
    highatomic: int = 0
    """``nr_reserved_highatomic``: pages of the pageblocks kept for GFP_ATOMIC of order > 0."""
    reclaim_active: bool = False
    """``ZONE_RECLAIM_ACTIVE``: kswapd is at work, so page sets are kept small."""

    def __post_init__(self) -> None:
        self.watermarks = self.marks or Watermarks.of(self.managed)
        self.batch = self.sets.batch or zone_batchsize(self.managed)
        self.pcp_high = self.sets.high or max(self.watermarks.low // self.cpus, 4 * self.batch)
        self.lock = Lock(ZONE_LOCK - self.index)
        self.lists = [[OrderedDict() for _ in range(MAX_ORDER)] for _ in range(TYPES)]
        self.free = [{} for _ in range(MAX_ORDER)]
        self.pcp = [PerCpuPages() for _ in range(self.cpus)]
        self.frames = bytearray(self.managed)
        first, last = self.first_pfn >> PAGEBLOCK_ORDER, self.first_pfn + self.managed - 1 >> PAGEBLOCK_ORDER
        self.pageblocks = bytearray((MOVABLE,)) * (last - first + 1)
        if self.first_pfn % (1 << PAGEBLOCK_ORDER) and not self.index:
            self.pageblocks[0] = UNMOVABLE  # its first part is the kernel's own, which was there before
        self._release_all_memory()

    def _release_all_memory(self) -> None:
        """At boot all memory becomes free in the largest aligned blocks, all of it movable (``memblock_free_all``), but
        for a pageblock that this memory has only a part of."""
        pfn, end = self.first_pfn, self.first_pfn + self.managed
        while pfn < end:
            order = MAX_ORDER - 1
            while order and (pfn % (1 << order) or pfn + (1 << order) > end):
                order -= 1
            kind = self.pageblocks[self.pageblock(pfn)]
            self.lists[kind][order][pfn] = None
            self.free[order][pfn] = kind
            pfn += 1 << order
        self.nr_free = self.managed

    def has(self, pfn: int) -> bool:
        """Whether a page frame lies in this zone."""
        return self.first_pfn <= pfn < self.first_pfn + self.managed

    def pageblock(self, pfn: int) -> int:
        """The number of a page's pageblock in ``pageblocks``."""
        return (pfn >> PAGEBLOCK_ORDER) - (self.first_pfn >> PAGEBLOCK_ORDER)

    def migrate_type(self, pfn: int) -> int:
        """The type of a page's pageblock (``get_pfnblock_migratetype``)."""
        return self.pageblocks[self.pageblock(pfn)]

    def put(self, pfn: int, order: int, migrate: int, head: bool) -> None:
        """A block comes to the head or the tail of a list."""
        chosen = self.lists[migrate][order]
        chosen[pfn] = None
        if head:
            chosen.move_to_end(pfn, last=False)
        self.free[order][pfn] = migrate
        self.nr_free += 1 << order

    def unlink(self, pfn: int, order: int) -> None:
        """A free block leaves its list."""
        del self.lists[self.free[order].pop(pfn)][order][pfn]
        self.nr_free -= 1 << order

    def mark(self, pfn: int, order: int, frame: int) -> None:
        """Note who has the frames of a block."""
        start = pfn - self.first_pfn
        self.frames[start : start + (1 << order)] = bytes((frame,)) * (1 << order)

    def free_counts(self) -> list[int]:
        """Free blocks per order, as /proc/buddyinfo shows them."""
        return [len(blocks) for blocks in self.free]

    def pcp_pages(self) -> int:
        """Pages in all page sets."""
        return sum(pcp.count for pcp in self.pcp)
