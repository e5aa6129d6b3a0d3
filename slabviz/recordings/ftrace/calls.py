"""The lines of a trace, sorted by cache: which call is about which cache, and which pages it took.

kmem_cache_alloc and kfree do not name a cache. The page that an object lies on does: pages of the slabs that were there
when the trace began, and pages that were allocated since and then gave an object of the cache's sizes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import gfp_of_text
from slabviz.model.kmalloc_classes import KMALLOC_ROWS, ZERO_SIZE_PTR, kmalloc_type
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE, PAGE_SHIFT
from slabviz.model.zone import Block
from slabviz.recordings.ftrace.reader import TraceOp
from slabviz.recordings.ftrace.schedule import Key, Made

LEVELS = {".": 0, "s": 1, "h": 2, "H": 2, "z": 3, "Z": 3}
"""What the third flag of a line says: a task, and what may break into it."""
SHORTEST_BREAK = 2
"""Steps of a handler before the line of its call, at least: it begins, and so does its call …"""
PAGES_BREAK = 8
"""… and before pages come: it has looked for objects, and taken pages from the buddy system."""


@dataclass(slots=True, eq=False)
class Call:
    """One call. It ran between two places among its cache's lines: after ``earliest``, before ``latest`` (positions).

    ``block`` are pages that it took, if it made a new slab.
    """

    op: TraceOp
    number: int = 0
    """The position of its line among its cache's."""
    earliest: int = 0
    latest: int = 0
    block: Block | None = None
    begin: int = 0
    """The time of the line of its pages."""
    broken: list[tuple[int, int]] = field(default_factory=list)
    """Times (first, last) in which something else ran on its CPU, between its pages and its line."""

    @property
    def level(self) -> int:
        """0 for a task; a higher one breaks into a lower one."""
        return LEVELS[self.op.flags[2]]


@dataclass(slots=True, frozen=True)
class Line:
    """A line of a cache's: that of a call, or before it that of the pages that it takes.

    Without a call it is about pages of a slab of RCU's, at ``pfn``, that are given back.
    """

    op: TraceOp
    call: Call | None = None
    pages: bool = False


@dataclass(slots=True)
class Sorted:
    """The lines of each cache (by its number), in order, and what is of no cache (counted by reason)."""

    lines: dict[int, list[Line]] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    strays: list[int] = field(default_factory=list)
    """Numbers of the lines that free what lies in no slab."""


def sort_by_cache(machine: Machine, operations: Iterable[TraceOp], slabs: Mapping[Key, Made]) -> Sorted:
    """Sort a trace that begins with the machine as it is now. The machine does not change.

    Where caches have the same sizes, ``slabs`` say for which of them a call made a slab.
    """
    sorting = _Sorting(machine, slabs)
    for op in operations:
        sorting.take(op)
    sorting.finish()
    return sorting.sorted


class _Sorting:
    def __init__(self, machine: Machine, slabs: Mapping[Key, Made]) -> None:
        self.machine, self.slabs = machine, slabs
        self.sorted = Sorted()
        self._cache_of = {pfn: slab.cache.id for pfn, slab in machine.slab_of_page.items()}
        self._blocks: dict[int, TraceOp] = {}
        """Page -> the line by which it was allocated and has not become a slab's since."""
        self._large: set[int] = set()
        self._calls: list[TraceOp] = []
        self._broke_in: dict[int, list[tuple[int, int, int, bool]]] = {}

    def take(self, op: TraceOp) -> None:
        if LEVELS[op.flags[2]]:
            self._breaks_in(op)
        if op.allocates:
            self._alloc(op)
        elif op.frees:
            self._free(op)
        elif op.event == "mm_page_alloc":
            self._blocks.update(dict.fromkeys(range(op.address, op.address + (1 << op.order)), op))
        elif op.event == "mm_page_free":
            self._page_free(op)

    def _breaks_in(self, op: TraceOp) -> None:
        """When what broke in ran at least: from before its first line about pages until after its call's."""
        breaks = self._broke_in.setdefault(op.cpu, [])
        call = op.allocates or op.frees
        begun = bool(breaks) and breaks[-1][3]
        if begun:
            first, _, level, _ = breaks.pop()
        else:
            first, level = op.time - (SHORTEST_BREAK if call else PAGES_BREAK), LEVELS[op.flags[2]]
        breaks.append((first, op.time + 1 + begun, level, op.event.startswith("mm_page_alloc")))

    def finish(self) -> None:
        """Between which lines each call can have run: its context's and, on that CPU, those it broke into."""
        by_cpu: dict[int, list[TraceOp]] = {}
        for op in self._calls:
            by_cpu.setdefault(op.cpu, []).append(op)
        for lines in self.sorted.lines.values():
            lines.sort(key=lambda line: line.op.line)
            numbers = [line.op.line for line in lines]
            for number, line in enumerate(lines):
                if line.call is not None and not line.pages:
                    line.call.number = number
                    before, after = _neighbours(by_cpu[line.op.cpu], line.op)
                    line.call.earliest = bisect_right(numbers, before)
                    line.call.latest = bisect_right(numbers, after - 1)
                    if line.call.block is not None:
                        line.call.broken = self._breaks(line.call)

    def _breaks(self, call: Call) -> list[tuple[int, int]]:
        found = self._broke_in.get(call.op.cpu, [])
        return [
            (first, last) for first, last, level, _ in found
            if level > call.level and call.begin <= last and first <= call.op.time
        ]  # fmt: skip

    # One line after another.

    def _alloc(self, op: TraceOp) -> None:
        self._calls.append(op)
        pfn = self._pfn(op.address)
        fitting = [cache for cache in self.machine.caches if _fits(cache, op)]
        if not fitting:
            large = op.bytes_alloc > KMALLOC_MAX_CACHE_SIZE
            self._large |= {op.address} if large else set()
            self.sorted.passed_over["large" if large else "no cache"] += 1
            return
        known = self._cache_of.get(pfn)
        made = self.slabs.get(Key(op.time, op.cpu))
        if made is not None and known != made.cache:
            fitting = [cache for cache in fitting if cache.id == made.cache]
            if not fitting:  # made since the trace began
                self.sorted.passed_over["no cache"] += 1
                return
        cache = next((cache for cache in fitting if cache.id == known), None) or _asked_for(fitting, op)
        call = Call(op)
        lines = self.sorted.lines.setdefault(cache.id, [])
        if cache.id != known and pfn in self._blocks:
            taken = self._blocks[pfn]
            call.block = (taken.address, taken.order)
            call.begin = taken.time
            self._becomes_a_slab(taken, cache)
            lines.append(Line(taken, call, pages=True))
        lines.append(Line(op, call))

    def _becomes_a_slab(self, taken: TraceOp, cache: KmemCache) -> None:
        for page in range(taken.address, taken.address + (1 << taken.order)):
            self._cache_of[page] = cache.id
            self._blocks.pop(page, None)

    def _free(self, op: TraceOp) -> None:
        self._calls.append(op)
        if op.address in (0, ZERO_SIZE_PTR):
            return
        cache = self._cache_of.get(self._pfn(op.address))
        if cache is not None:
            self.sorted.lines.setdefault(cache, []).append(Line(op, Call(op)))
        elif op.address in self._large:
            self._large.remove(op.address)
            self.sorted.passed_over["large"] += 1
        else:
            self.sorted.passed_over["free of no object"] += 1
            self.sorted.strays.append(op.line)

    def _page_free(self, op: TraceOp) -> None:
        pages = range(op.address, op.address + (1 << op.order))
        cache = self._cache_of.get(op.address)
        if cache is not None and self.machine.caches[cache].flags & SlabFlags.TYPESAFE_BY_RCU:
            self.sorted.lines.setdefault(cache, []).append(Line(op))
        for page in pages:
            self._cache_of.pop(page, None)
            self._blocks.pop(page, None)

    def _pfn(self, address: int) -> int:
        return (address - self.machine.config.page_offset) >> PAGE_SHIFT


def _fits(cache: KmemCache, op: TraceOp) -> bool:
    kmalloc = bool(cache.flags & SlabFlags.KMALLOC)
    if cache.size != op.bytes_alloc or kmalloc != (op.event == "kmalloc"):
        return False
    return kmalloc or cache.geometry.object_size == op.bytes_req


def _asked_for(fitting: list[KmemCache], op: TraceOp) -> KmemCache:
    """Of kmalloc caches of one size, the one of the row that the flags ask for."""
    if op.event == "kmalloc":
        row = KMALLOC_ROWS[kmalloc_type(gfp_of_text(op.gfp))].value
        return next((cache for cache in fitting if cache.name.rpartition("-")[0] == row), fitting[0])
    return fitting[0]


def _neighbours(calls: list[TraceOp], op: TraceOp) -> tuple[int, int]:
    """Numbers of the lines of a CPU before and after which a call cannot have run.

    A handler ran after and before all that it may break into; a task's call after that task's last one, as others may
    have run while it slept.
    """
    at, level = bisect_right(calls, op.line, key=lambda call: call.line) - 1, LEVELS[op.flags[2]]
    before = after = None
    for earlier in map(calls.__getitem__, range(at - 1, -1, -1)):
        if LEVELS[earlier.flags[2]] <= level and (level or earlier.pid == op.pid):
            before = earlier.line
            break
    for later in map(calls.__getitem__, range(at + 1, len(calls))):
        if LEVELS[later.flags[2]] <= level:
            after = later.line
            break
    return before or 0, after or op.line + (1 << 62)
