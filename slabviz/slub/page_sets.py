"""The per-CPU page sets over the buddy system (mm/page_alloc.c; ``slub-semantics.md`` 5.4).

A page set is touched by its CPU with interrupts off; only ``drain_all_pages`` reaches for those of others, under the
zone's lock. What was read before a yield may be gone after it.
"""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.migrate import HIGHATOMIC, MOVABLE, PCP_TYPES
from slabviz.model.zone import PCP_LISTS, PerCpuPages, Zone, pcp_list
from slabviz.slub.buddy import free_one_page, rmqueue
from slabviz.slub.locking import local_irq_restore, local_irq_save, spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import Path, World

MAX_FREE_FACTOR = 5
"""``CONFIG_PCP_BATCH_SCALE_MAX`` of late 6.1 point releases."""


def rmqueue_pcplist(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[bool]:
    """From the head of this CPU's page set, refilled from the buddy system when its list is empty."""
    number = pcp_list(order, migrate)
    pcp = zone.pcp[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    if not pcp.lists[number]:
        yield from rmqueue_bulk(w, cpu, zone, order, migrate, flags)
    found = bool(pcp.lists[number])
    if found:
        yield (Kind.PCP_ALLOC, cpu, order, pcp.lists[number][0], migrate)
    if w.detail:
        yield from local_irq_restore(cpu)
    return found


def refill_count(batch: int, order: int) -> int:
    """Blocks to pull in one go; a batch of 1 (small zones) pulls one at a time."""
    return max(batch >> order, 2) if batch > 1 else 1


def rmqueue_bulk(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[None]:
    """A batch of blocks from the buddy system to the tail of this CPU's page set."""
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    for _ in range(refill_count(zone.batch, order)):
        pfn = yield from rmqueue(w, cpu, zone, order, migrate, flags)
        if pfn is None:
            break
        yield (Kind.PCP_REFILL, cpu, order, pfn, migrate)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def free_to_set(w: World, cpu: int, zone: Zone, pfn: int, order: int) -> Path[None]:
    """The block in hand to the head of this CPU's page set; when that is full, a part of it goes on."""
    if w.detail:
        yield from local_irq_save(cpu)
    pcp = zone.pcp[cpu]
    migrate = zone.migrate_type(pfn)
    yield (Kind.PCP_FREE, cpu, order, pfn, migrate)
    free_high = pcp.free_factor > 0 and order > 0
    high = _nr_pcp_high(zone, free_high)
    if pcp.count >= high:
        pages, factor = _nr_pcp_free(zone, pcp, high, free_high)
        yield from free_pcppages_bulk(w, cpu, zone, pcp_list(order, migrate), pages, factor)
    if w.detail:
        yield from local_irq_restore(cpu)


def _nr_pcp_high(zone: Zone, free_high: bool) -> int:
    """From how many pages on the set is drained; while kswapd is at work, earlier."""
    if free_high:
        return 0
    return min(zone.pcp_high, 4 * zone.batch) if zone.reclaim_active else zone.pcp_high


def _nr_pcp_free(zone: Zone, pcp: PerCpuPages, high: int, free_high: bool) -> tuple[int, int]:
    """(pages to drain, free_factor from now on); the factor doubles the batch of frees that follow each other."""
    if free_high:
        return pcp.count, pcp.free_factor
    if high < zone.batch:
        return 1, pcp.free_factor
    most = high - zone.batch
    batch = zone.batch << pcp.free_factor
    factor = min(pcp.free_factor + 1, MAX_FREE_FACTOR) if batch < most else pcp.free_factor
    return max(min(batch, most), zone.batch), factor


def free_pcppages_bulk(w: World, cpu: int, zone: Zone, number: int, count: int, factor: int) -> Path[None]:
    """Drain ``count`` pages from the tails of this CPU's lists, the list just freed to first, one after another."""
    pcp = zone.pcp[cpu]
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    left = min(count, pcp.count)
    while left > 0 and pcp.count:  # somebody who drains all page sets may have been faster
        while not pcp.lists[number]:
            number = (number + 1) % PCP_LISTS
        order = number // PCP_TYPES
        pfn = pcp.lists[number][-1]
        migrate = drained_type(zone, pfn, number)
        yield (Kind.PCP_DRAIN, cpu, order, pfn, factor)
        left -= 1 << order
        yield from free_one_page(w, cpu, migrate)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def drained_type(zone: Zone, pfn: int, number: int) -> int:
    """The type that a block of a page set's list has: the list's, but HIGHATOMIC ones lie among the movable ones."""
    migrate = number % PCP_TYPES
    return HIGHATOMIC if migrate == MOVABLE and zone.migrate_type(pfn) == HIGHATOMIC else migrate


def drain_all_pages(w: World, cpu: int) -> Path[None]:
    """Everything in the page sets of all CPUs back to the buddy system (``drain_all_pages``; 6.1 does so remotely)."""
    yield (Kind.DRAIN_ALL_PAGES, cpu, 0, 0, 0)
    for zone in w.machine.zones:
        if not zone.pcp_pages():
            continue
        if w.detail:
            yield from spin_lock_irqsave(cpu, zone.lock)
        for whose, pcp in enumerate(zone.pcp):
            yield from _drain_set(w, cpu, zone, whose, pcp)
        if w.detail:
            yield from spin_unlock_irqrestore(cpu, zone.lock)


def _drain_set(w: World, cpu: int, zone: Zone, whose: int, pcp: PerCpuPages) -> Path[None]:
    for number, pfns in enumerate(pcp.lists):
        while pfns:
            pfn = pfns[-1]
            migrate = drained_type(zone, pfn, number)
            yield (Kind.PCP_TAKE, cpu, number // PCP_TYPES, pfn, whose)
            yield from free_one_page(w, cpu, migrate)
