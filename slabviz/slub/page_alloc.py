"""Pages: per-CPU page sets over the buddy system (mm/page_alloc.c; ``slub-semantics.md`` 5.2–5.4).

A page set is touched only by its CPU with interrupts off; the buddy lists only under the zone's lock. The block that a
path deals with is in its hand: ``alloc_pages`` leaves it there, ``free_pages`` expects it there.
"""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.gfp import Gfp, cannot_wait
from slabviz.model.sizing import MAX_ORDER
from slabviz.model.zone import PCP_ORDERS, PerCpuPages, Zone
from slabviz.slub.locking import local_irq_restore, local_irq_save, spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import Path, World

MAX_FREE_FACTOR = 5
"""``CONFIG_PCP_BATCH_SCALE_MAX`` of late 6.1 point releases."""


def zone_watermark_ok(zone: Zone, order: int, gfp: int) -> bool:
    """Whether an allocation leaves enough behind: min for everybody, 3/8 of it for GFP_ATOMIC (``slub-semantics.md``
    5.6)."""
    mark = zone.watermarks.min
    if gfp & Gfp.HIGH:
        mark -= mark // 2
        if cannot_wait(gfp):
            mark -= mark // 4
    if zone.nr_free - ((1 << order) - 1) <= mark:
        return False
    return order == 0 or any(zone.free[high] for high in range(order, MAX_ORDER))


def alloc_pages(w: World, cpu: int, order: int, gfp: int) -> Path[bool]:
    """2^order pages into the hand; False when there are none (``get_page_from_freelist``)."""
    zone = w.machine.zone
    if order < PCP_ORDERS and zone.pcp[cpu].lists[order]:
        return (yield from rmqueue_pcplist(w, cpu, order))
    if not zone_watermark_ok(zone, order, gfp):
        yield (Kind.PAGE_ALLOC_FAILED, cpu, order, 0, 0)
        return False
    if order < PCP_ORDERS:
        return (yield from rmqueue_pcplist(w, cpu, order))
    return (yield from rmqueue_buddy(w, cpu, order))


def rmqueue_pcplist(w: World, cpu: int, order: int) -> Path[bool]:
    """From the head of this CPU's page set, refilled from the buddy system when its list is empty."""
    pcp = w.machine.zone.pcp[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    if not pcp.lists[order]:
        yield from rmqueue_bulk(w, cpu, order, _refill_count(w.machine.zone.batch, order))
    found = bool(pcp.lists[order])
    if found:
        yield (Kind.PCP_ALLOC, cpu, order, pcp.lists[order][0], 0)
    if w.detail:
        yield from local_irq_restore(cpu)
    return found


def _refill_count(batch: int, order: int) -> int:
    """Blocks to pull in one go; a batch of 1 (small zones) pulls one at a time."""
    return max(batch >> order, 2) if batch > 1 else 1


def rmqueue_bulk(w: World, cpu: int, order: int, count: int) -> Path[None]:
    """Up to ``count`` blocks from the buddy system to the tail of this CPU's page set."""
    zone = w.machine.zone
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    for _ in range(count):
        pfn = yield from rmqueue_smallest(w, cpu, order)
        if pfn is None:
            break
        yield (Kind.PCP_REFILL, cpu, order, pfn, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def rmqueue_buddy(w: World, cpu: int, order: int) -> Path[bool]:
    """A block straight from the buddy system: orders that no page set keeps."""
    zone = w.machine.zone
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    pfn = yield from rmqueue_smallest(w, cpu, order)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)
    return pfn is not None


def rmqueue_smallest(w: World, cpu: int, order: int) -> Path[int | None]:
    """The first block of the smallest order that has one, halved down to ``order``; each time the lower half is
    kept."""
    free = w.machine.zone.free
    found = next((high for high in range(order, MAX_ORDER) if free[high]), None)
    if found is None:
        return None
    pfn = next(iter(free[found]))
    yield (Kind.BUDDY_TAKE, cpu, found, pfn, 0)
    for low in range(found - 1, order - 1, -1):
        yield (Kind.BUDDY_SPLIT, cpu, low, pfn + (1 << low), 0)
    return pfn


def free_pages(w: World, cpu: int) -> Path[None]:
    """Give the block in hand back (``free_unref_page``, ``__free_pages_ok``)."""
    block = w.machine.cpus[cpu].hand.block
    assert block is not None
    pfn, order = block
    if order >= PCP_ORDERS:
        yield from _free_to_buddy(w, cpu)
        return
    if w.detail:
        yield from local_irq_save(cpu)
    zone = w.machine.zone
    pcp = zone.pcp[cpu]
    yield (Kind.PCP_FREE, cpu, order, pfn, 0)
    free_high = pcp.free_factor > 0 and order > 0
    if pcp.count >= (0 if free_high else zone.pcp_high):
        yield from free_pcppages_bulk(w, cpu, order, *_nr_pcp_free(zone, pcp, free_high))
    if w.detail:
        yield from local_irq_restore(cpu)


def _nr_pcp_free(zone: Zone, pcp: PerCpuPages, free_high: bool) -> tuple[int, int]:
    """(pages to drain, free_factor from now on); the factor doubles the batch of frees that follow each other."""
    if free_high:
        return pcp.count, pcp.free_factor
    most = zone.pcp_high - zone.batch
    batch = zone.batch << pcp.free_factor
    factor = min(pcp.free_factor + 1, MAX_FREE_FACTOR) if batch < most else pcp.free_factor
    return max(min(batch, most), zone.batch), factor


def free_pcppages_bulk(w: World, cpu: int, order: int, count: int, factor: int) -> Path[None]:
    """Drain ``count`` pages from the tails of this CPU's lists, the list just freed to first, one after another."""
    zone = w.machine.zone
    pcp = zone.pcp[cpu]
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    left = min(count, pcp.count)
    while left > 0:
        while not pcp.lists[order]:
            order = (order + 1) % PCP_ORDERS
        while left > 0 and pcp.lists[order]:
            yield (Kind.PCP_DRAIN, cpu, order, pcp.lists[order][-1], factor)
            left -= 1 << order
            yield from free_one_page(w, cpu)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def _free_to_buddy(w: World, cpu: int) -> Path[None]:
    zone = w.machine.zone
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    yield from free_one_page(w, cpu)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def free_one_page(w: World, cpu: int) -> Path[None]:
    """Merge the block in hand with its free buddies, order by order, and put it on its list (``__free_one_page``)."""
    zone, hand = w.machine.zone, w.machine.cpus[cpu].hand
    assert hand.block is not None
    pfn, order = hand.block
    while order < MAX_ORDER - 1 and (pfn ^ 1 << order) in zone.free[order]:
        yield (Kind.BUDDY_MERGE, cpu, order, pfn ^ 1 << order, 0)
        pfn, order = hand.block
    kind = Kind.BUDDY_PUT_TAIL if buddy_merge_likely(zone, pfn, order) else Kind.BUDDY_PUT_HEAD
    yield (kind, cpu, order, pfn, 0)


def buddy_merge_likely(zone: Zone, pfn: int, order: int) -> bool:
    """Whether the buddy of the next larger block is free: then this block may merge soon and goes to the tail."""
    if order >= MAX_ORDER - 2:
        return False
    combined = pfn & ~(1 << order)
    return combined ^ 1 << order + 1 in zone.free[order + 1]
