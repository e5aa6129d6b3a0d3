"""Physical memory: a buddy system of orders 0 … 10 behind per-CPU page sets, and who owns each page frame.

Who may touch what: ``free`` under the zone's lock; a page set only by its own CPU, with interrupts off.
Source: ``slub-semantics.md`` section 5 (mm/page_alloc.c of 6.1).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from math import isqrt

from slabviz.model.lock import ZONE_LOCK, Lock
from slabviz.model.sizing import MAX_ORDER, PAGE_SIZE

PCP_ORDERS = 4
"""Orders 0 … 3 pass through the per-CPU page sets (``PAGE_ALLOC_COSTLY_ORDER``)."""

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


def frame_of_cache(cache: int) -> int:
    """The frame byte of a cache's slabs."""
    return min(FRAME_SLAB + cache, 255)


@dataclass(slots=True)
class PerCpuPages:
    """``struct per_cpu_pages`` of one CPU: lists of free blocks by order, list head = first element."""

    lists: list[list[int]] = field(default_factory=lambda: [[] for _ in range(PCP_ORDERS)])
    count: int = 0
    """Pages in all lists."""
    free_factor: int = 0

    def blocks(self) -> int:
        """Number of blocks in all lists."""
        return sum(map(len, self.lists))


@dataclass(slots=True)
class Watermarks:
    """min, low, high in pages (``__setup_per_zone_wmarks``)."""

    min: int
    low: int
    high: int

    @classmethod
    def of(cls, managed: int) -> Watermarks:
        """The marks of a machine with one zone of ``managed`` pages (huge pages not counted in)."""
        min_free_kbytes = min(max(isqrt(16 * managed * (PAGE_SIZE // 1024)), 128), 262144)
        floor = min_free_kbytes // (PAGE_SIZE // 1024)
        gap = max(floor // 4, managed * 10 // 10000)
        return cls(floor, floor + gap, floor + 2 * gap)


def zone_batchsize(managed: int) -> int:
    """Pages moved at a time between a page set and the buddy system (``zone_batchsize``)."""
    batch = max(min(managed // 1024, 256) // 4, 1)
    return max((1 << ((batch + batch // 2).bit_length() - 1)) - 1, 1)


@dataclass(slots=True, eq=False)
class Zone:
    """One memory zone of ``managed`` page frames, from ``first_pfn`` on."""

    managed: int
    first_pfn: int
    cpus: int
    watermarks: Watermarks = field(init=False)
    batch: int = field(init=False)
    pcp_high: int = field(init=False)
    lock: Lock = field(default_factory=lambda: Lock(ZONE_LOCK))
    free: list[OrderedDict[int, None]] = field(init=False)
    """Per order the pfns of free blocks, list head first."""
    pcp: list[PerCpuPages] = field(init=False, default_factory=list)
    others: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Blocks that are no slabs: pfn -> (order, page class)."""
    frames: bytearray = field(init=False)
    """One byte a frame: who has it (FRAME_…); what the physical-memory picture shows."""
    nr_free: int = 0
    """Pages on the buddy lists (page sets excluded), NR_FREE_PAGES."""

    def __post_init__(self) -> None:
        self.watermarks = Watermarks.of(self.managed)
        self.batch = zone_batchsize(self.managed)
        self.pcp_high = max(self.watermarks.low // self.cpus, 4 * self.batch)
        self.free = [OrderedDict() for _ in range(MAX_ORDER)]
        self.pcp = [PerCpuPages() for _ in range(self.cpus)]
        self.frames = bytearray(self.managed)
        self._release_all_memory()

    def _release_all_memory(self) -> None:
        """At boot all memory becomes free in the largest aligned blocks (``memblock_free_all``)."""
        pfn, end = self.first_pfn, self.first_pfn + self.managed
        while pfn < end:
            order = MAX_ORDER - 1
            while order and (pfn % (1 << order) or pfn + (1 << order) > end):
                order -= 1
            self.free[order][pfn] = None
            pfn += 1 << order
        self.nr_free = self.managed

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
