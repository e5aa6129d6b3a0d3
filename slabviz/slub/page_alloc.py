"""Pages: the way to them when memory is plenty, the slow way when it is not, and back (mm/page_alloc.c of 6.1;
``slub-semantics.md`` 5.7).

``alloc_pages`` leaves the block in the caller's hand, ``free_pages`` expects it there. With GFP_KERNEL the former may
sleep: whatever the caller has read before is stale afterwards. Compaction is not modelled.
"""

from __future__ import annotations

from slabviz.model.cpu import ContextKind
from slabviz.model.events import Kind
from slabviz.model.gfp import Gfp
from slabviz.model.watermarks import AllocFlags, gfp_to_alloc_flags
from slabviz.model.zone import PCP_ORDERS, Zone
from slabviz.model.zones import NORMAL, highest_zone
from slabviz.slub.buddy import free_one_page
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.page_freelist import (
    get_page_from_freelist,
    nr_free_pages,
    unreserve_highatomic,
    zone_watermark_ok,
)
from slabviz.slub.page_sets import drain_all_pages, free_to_set
from slabviz.slub.world import Path, Pressure, SleepFor, World

COSTLY_ORDER = 3
"""``PAGE_ALLOC_COSTLY_ORDER``: the highest order that is worth every effort."""
MAX_RECLAIM_RETRIES = 16
RESCHEDULE = 1
"""Ticks that a task gives its CPU away for between two rounds of reclaim (``cond_resched``)."""
WAIT_FOR_VICTIM = 8
"""Ticks that a task sleeps after the OOM killer has struck, before it looks again."""


def alloc_pages(w: World, cpu: int, order: int, gfp: int) -> Path[bool]:
    """2^order pages into the hand; False when there are none (``__alloc_pages``): at once above the low watermarks,
    else the slow way."""
    if w.pages is not None:
        return (yield from w.pages(cpu, order))
    zones = w.machine.zones
    flags = AllocFlags.WMARK_LOW | (AllocFlags.KSWAPD if gfp & Gfp.KSWAPD_RECLAIM else 0)
    if zones[highest_zone(zones, gfp)].name == NORMAL:
        flags |= AllocFlags.NOFRAGMENT
    if (yield from get_page_from_freelist(w, cpu, order, gfp, flags)):
        return True
    if (yield from alloc_pages_slowpath(w, cpu, order, gfp)):
        return True
    yield (Kind.PAGE_ALLOC_FAILED, cpu, order, gfp, w.machine.cpus[cpu].top.actor)
    return False


def alloc_pages_slowpath(w: World, cpu: int, order: int, gfp: int) -> Path[bool]:
    """Wake kswapd, go down to min and into the reserves, and, if the caller may sleep, reclaim
    (``__alloc_pages_slowpath``)."""
    pressure = w.pressure
    if gfp & Gfp.KSWAPD_RECLAIM and pressure is not None:
        yield from pressure.wake_kswapd(cpu, order, highest_zone(w.machine.zones, gfp))
    flags = gfp_to_alloc_flags(gfp)
    if gfp & Gfp.MEMALLOC and not gfp & Gfp.NOMEMALLOC:
        flags |= AllocFlags.NO_WATERMARKS
    if (yield from get_page_from_freelist(w, cpu, order, gfp, flags)):
        return True
    if not gfp & Gfp.DIRECT_RECLAIM or pressure is None:
        return False
    return (yield from _reclaim_and_retry(w, pressure, cpu, order, gfp, flags))


def _reclaim_and_retry(w: World, pressure: Pressure, cpu: int, order: int, gfp: int, flags: int) -> Path[bool]:
    """Reclaim until the request fits, nothing more can be had, or somebody must die for it."""
    fruitless = 0
    while True:
        progress = yield from pressure.try_to_free_pages(cpu, order, gfp)
        if progress and (yield from _after_reclaim(w, cpu, order, gfp, flags)):
            return True
        light = gfp & Gfp.NORETRY or (order > COSTLY_ORDER and not gfp & Gfp.RETRY_MAYFAIL)
        if light or in_atomic(w, cpu):
            return False
        fruitless = 0 if progress and order <= COSTLY_ORDER else fruitless + 1
        if not (yield from _should_reclaim_retry(w, pressure, cpu, order, gfp, fruitless)):
            if (yield from get_page_from_freelist(w, cpu, order, gfp, AllocFlags.WMARK_HIGH)):
                return True
            if not (yield from _may_oom(pressure, cpu, order, gfp)) and not gfp & Gfp.NOFAIL:
                return False
            fruitless = 0
            yield SleepFor(WAIT_FOR_VICTIM)
        if (yield from get_page_from_freelist(w, cpu, order, gfp, flags | _more(w, pressure, cpu, gfp))):
            return True
        if pressure.is_victim(cpu) and not gfp & Gfp.NOFAIL:
            return False
        yield SleepFor(RESCHEDULE)


def _after_reclaim(w: World, cpu: int, order: int, gfp: int, flags: int) -> Path[bool]:
    """``__alloc_pages_direct_reclaim``: what was freed may lie in page sets, or in blocks kept for GFP_ATOMIC."""
    if (yield from get_page_from_freelist(w, cpu, order, gfp, flags)):
        return True
    yield from unreserve_highatomic(w, cpu, gfp)
    yield from drain_all_pages(w, cpu)
    return (yield from get_page_from_freelist(w, cpu, order, gfp, flags))


def _should_reclaim_retry(
    w: World, pressure: Pressure, cpu: int, order: int, gfp: int, fruitless: int
) -> Path[bool]:  # fmt: skip
    """Whether some zone would be above min if everything reclaimable were free (``should_reclaim_retry``)."""
    highest = highest_zone(w.machine.zones, gfp)
    flags = gfp_to_alloc_flags(gfp)
    if fruitless <= MAX_RECLAIM_RETRIES and any(
        zone_watermark_ok(zone, order, flags, highest, _available(w, pressure, zone))
        for zone in w.machine.zones[: highest + 1]
    ):
        return True
    return (yield from unreserve_highatomic(w, cpu, gfp, force=True))


def _available(w: World, pressure: Pressure, zone: Zone) -> int:
    return nr_free_pages(w.machine, zone) + pressure.reclaimable(zone.index)


def _may_oom(pressure: Pressure, cpu: int, order: int, gfp: int) -> Path[bool]:
    """``__alloc_pages_may_oom``: whether it is worth waiting, because a task dies or others may free something."""
    if order > COSTLY_ORDER or gfp & (Gfp.RETRY_MAYFAIL | Gfp.THISNODE | Gfp.DMA):
        return False
    if not gfp & Gfp.FS:  # the file systems could help, but this caller cannot ask them: it just tries again
        return True
    return (yield from pressure.out_of_memory(cpu, order, gfp))


def _more(w: World, pressure: Pressure, cpu: int, gfp: int) -> int:
    """Reserves that open up late: for a task that must die, and for a request that must not fail."""
    if pressure.is_victim(cpu):
        return AllocFlags.OOM
    return AllocFlags.HARDER if gfp & Gfp.NOFAIL else 0


def in_atomic(w: World, cpu: int) -> bool:
    """Whether what runs on this CPU must not sleep: a handler, a softirq, or with interrupts off."""
    top = w.machine.cpus[cpu].top
    return top.irq_depth > 0 or top.kind in (ContextKind.SOFTIRQ, ContextKind.HARDIRQ)


def free_pages(w: World, cpu: int) -> Path[None]:
    """Give the block in hand back (``free_unref_page``, ``__free_pages_ok``)."""
    block = w.machine.cpus[cpu].hand.block
    assert block is not None
    pfn, order = block
    zone = w.machine.zone_of(pfn)
    if order < PCP_ORDERS and zone.sets.on:
        yield from free_to_set(w, cpu, zone, pfn, order)
        return
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    yield from free_one_page(w, cpu, zone.migrate_type(pfn))
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)
