"""A trace's operations carried out on a model, and whether it hands out the objects that the trace names.

A trace says what was asked for; the model answers. Taken from the trace is only what the allocator does not decide:
which pages a new slab lies on, and where its chain begins. Calls are carried out whole, one after another, in the order
of their lines; where calls of several CPUs really went on at the same time, that may not be what happened, and the
model hands out another object: it is counted, and the trace's address stands for the model's object from then on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_KERNEL, gfp_migratetype, gfp_of_text
from slabviz.model.kmalloc_classes import KMALLOC_ROWS, kmalloc_type
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE, MAX_ORDER, PAGE_SHIFT
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import PCP_ORDERS, Block
from slabviz.recordings.ftrace.reader import ZERO_SIZE_PTR, TraceOp
from slabviz.slub.alloc import install, new_slab
from slabviz.slub.atomic import Atomic
from slabviz.slub.deactivate import rcu_free_slab
from slabviz.slub.page_alloc import free_pages
from slabviz.slub.page_sets import drain_all_pages
from slabviz.slub.world import NULL_POINTER, Path, World

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An object that the model put elsewhere: ``expected`` is the trace's address."""

    line: int
    cache: str
    expected: int
    got: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.cache}: expected {self.expected:016x}, got {self.got:016x}"


@dataclass(slots=True)
class Outcome:
    """What came of a replay. ``passed_over`` counts by reason what was no call that the model could carry out.

    ``reordered`` are calls for which another order of the lines was found (``reorder``), ``overlapped`` those that
    would find something here, while the trace shows that they had found nothing and made a new slab.
    """

    allocations: int = 0
    frees: int = 0
    misplaced: list[Misplaced] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    reordered: int = 0
    overlapped: int = 0

    def copy(self) -> Outcome:
        """The same, to be counted on from."""
        return Outcome(
            self.allocations, self.frees, list(self.misplaced), Counter(self.passed_over), self.reordered,
            self.overlapped,
        )  # fmt: skip


class Replay:
    """Carries out operations on ``machine``, which changes; it has to be as it was when the trace began.

    ``blocks`` are what the trace's mm_page_alloc events gave, by page frame; they are added to.
    """

    def __init__(self, machine: Machine, blocks: dict[int, Block] | None = None) -> None:
        self.machine = machine
        self.outcome = Outcome()
        self.places: dict[int, int] = {}
        """Address in the trace -> address in the model, where they differ."""
        self._atomic = Atomic(World(machine, self._first_object), EventLog())
        self.blocks = {} if blocks is None else blocks
        self._expected = 0
        self._verbs = {
            "kmem_cache_alloc": self._alloc, "kmalloc": self._alloc, "kmem_cache_free": self._free, "kfree": self._free,
            "mm_page_alloc": self._pages, "mm_page_free": self._pages_freed,
        }  # fmt: skip
        self._empty_page_sets()

    def step(self, op: TraceOp) -> bool:
        """Carry out one operation; whether the model by itself did as the trace says."""
        before = len(self.outcome.misplaced) + self.outcome.overlapped
        verb = self._verbs.get(op.event)
        if verb is not None:
            verb(op)
        return len(self.outcome.misplaced) + self.outcome.overlapped == before

    # Objects.

    def _alloc(self, op: TraceOp) -> None:
        cache = self._cache(op)
        if cache is None or not op.address:
            self._pass_over("large" if cache is None and op.bytes_alloc > KMALLOC_MAX_CACHE_SIZE else "no cache", op)
            return
        self._expected = op.address
        if self._offer(op, cache) and not _finds_nothing(cache, op.cpu):
            self.outcome.overlapped += 1
            got = self._atomic.drive(_from_new_slab(self._atomic.world, op.cpu, cache))
        else:
            got = self._atomic.alloc(cache, op.cpu, gfp=GFP_KERNEL)
        self._empty_page_sets()
        self.outcome.allocations += 1
        self.places.pop(op.address, None)
        if got != op.address:
            self.places[op.address] = got
            self.outcome.misplaced.append(Misplaced(op.line, cache.name, op.address, got))

    def _cache(self, op: TraceOp) -> KmemCache | None:
        """The cache that the address already belongs to, else the one whose sizes these are; None without one."""
        place = self.machine.virt_to_slab(op.address)
        fitting = [cache for cache in self.machine.caches if self._fits(cache, op)]
        if place is not None and place[0].cache in fitting:
            return place[0].cache
        if op.event == "kmalloc" and fitting:
            gfp = gfp_of_text(op.gfp)
            fitting = [cache for cache in fitting if _row(cache) == _asked_row(gfp)] or fitting
        return fitting[0] if fitting else None

    def _fits(self, cache: KmemCache, op: TraceOp) -> bool:
        kmalloc = bool(cache.flags & SlabFlags.KMALLOC)
        if cache.size != op.bytes_alloc or kmalloc != (op.event == "kmalloc"):
            return False
        return kmalloc or cache.geometry.object_size == op.bytes_req

    def _free(self, op: TraceOp) -> None:
        if op.address in (0, ZERO_SIZE_PTR):
            return
        place = self.machine.virt_to_slab(self.places.pop(op.address, op.address))
        if place is None or place[1] not in place[0].owners:
            self._pass_over("free of no object", op)
            return
        self.outcome.frees += 1
        self._atomic.free(op.cpu, *place)
        self._empty_page_sets()

    def _pass_over(self, reason: str, op: TraceOp) -> None:
        self.outcome.passed_over[reason] += 1

    # Pages.

    def _pages(self, op: TraceOp) -> None:
        for pfn in range(op.address, op.address + (1 << op.order)):
            self.blocks[pfn] = (op.address, op.order)

    def _pages_freed(self, op: TraceOp) -> None:
        """Pages of others leave room for slabs; those of a slab go when the model lets it go, or a grace period is
        over."""
        zone, waiting = self.machine.zone, self.machine.rcu_slabs
        slab = next((slab for slab in waiting.values() if slab.pfn == op.address), None)
        if slab is not None:
            self._atomic.drive(rcu_free_slab(self._atomic.world, op.cpu, slab))
        elif op.address in zone.others:
            order = zone.others[op.address][0]
            self._atomic.commit((Kind.PAGE_FREE, op.cpu, order, op.address, 0))
            self._atomic.drive(free_pages(self._atomic.world, op.cpu))
        self._empty_page_sets()

    def _offer(self, op: TraceOp, cache: KmemCache) -> bool:
        """If the object lies on no slab yet, its pages come to where this CPU takes its next ones from: whether so."""
        if self.machine.virt_to_slab(op.address) is not None:
            return False
        block = self.blocks.get((op.address - self.machine.config.page_offset) >> PAGE_SHIFT)
        if block is None or block[1] != cache.geometry.oo_order or not self._take_block(op.cpu, block):
            return False
        pfn, order = block
        kind = Kind.PCP_FREE if order < PCP_ORDERS else Kind.BUDDY_PUT_HEAD
        self._atomic.commit((kind, op.cpu, order, pfn, gfp_migratetype(cache.geometry.allocflags)))
        return True

    def _take_block(self, cpu: int, block: Block) -> bool:
        """A block out of the free one that it lies in, halved as often as needed; False when it is not free."""
        pfn, order = block
        free, commit = self.machine.zone.free, self._atomic.commit
        high = next((high for high in range(order, MAX_ORDER) if pfn >> high << high in free[high]), None)
        if high is None:
            return False
        head = pfn >> high << high
        kind = free[high][head]
        commit((Kind.BUDDY_TAKE, cpu, high, head, kind))
        for low in range(high - 1, order - 1, -1):
            upper = head + (1 << low)
            commit((Kind.BUDDY_SPLIT, cpu, low, upper, kind))
            if pfn >= upper:
                commit((Kind.BUDDY_PUT_HEAD, cpu, low, head, kind))
                commit((Kind.BUDDY_TAKE, cpu, low, upper, kind))
                head = upper
        return True

    def _empty_page_sets(self) -> None:
        """All free pages lie in the buddy system, merged: so every free block can be found."""
        if any(zone.pcp_pages() for zone in self.machine.zones):
            self._atomic.drive(drain_all_pages(self._atomic.world, 0))

    def _first_object(self, cache: KmemCache) -> int:
        """Where the new slab's chain begins: with the object that is handed out."""
        made: Slab = self.machine.slabs[self.machine.next_slab - 1]
        index = made.index_of(self._expected - made.address)
        return cache.random_seq.index(index) if index in cache.random_seq else 0


def _finds_nothing(cache: KmemCache, cpu: int) -> bool:
    """Whether an allocation on this CPU would come to the page allocator by itself."""
    c = cache.cpu_slab[cpu]
    exhausted = c.slab is None or (c.freelist == NULL and c.slab.freelist == NULL)
    return exhausted and not c.partial and not cache.node.partial


def _from_new_slab(w: World, cpu: int, cache: KmemCache) -> Path[int]:
    """An allocation that found nothing when it looked, though there is something now: the trace shows its new slab."""
    if not (yield from new_slab(w, cpu, cache, GFP_KERNEL)):
        return NULL_POINTER
    return (yield from install(w, cpu, cache, NOBODY))


def _row(cache: KmemCache) -> str:
    return cache.name.rpartition("-")[0]


def _asked_row(gfp: int) -> str:
    return KMALLOC_ROWS[kmalloc_type(gfp)].value
