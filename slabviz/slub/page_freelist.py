"""One try to get pages: zone by zone through watermarks, page sets and the buddy system (``get_page_from_freelist`` and
``rmqueue`` of mm/page_alloc.c; ``slub-semantics.md`` 5.2–5.6). The block comes in the caller's hand.
"""

from __future__ import annotations

from slabviz.model.lock import NOBODY
from slabviz.model.machine import Machine
from slabviz.model.migrate import HIGHATOMIC, PAGEBLOCK_PAGES, gfp_migratetype
from slabviz.model.watermarks import AllocFlags, floor_of
from slabviz.model.zone import PCP_ORDERS, Zone
from slabviz.model.zones import highest_zone
from slabviz.slub.buddy import (
    has_block,
    reserve_highatomic_pageblock,
    rmqueue,
    rmqueue_smallest,
    unreserve_highatomic_pageblock,
)
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.page_sets import rmqueue_pcplist
from slabviz.slub.world import Path, World


def zone_watermark_ok(zone: Zone, order: int, flags: int, highest: int | None = None, free: int | None = None) -> bool:
    """Whether a request leaves enough behind in a zone (``zone_watermark_fast``, ``__zone_watermark_ok``).

    ``highest`` is the number of the zone the request prefers (default: this one); ``free`` pages instead of those that
    there are.
    """
    reserves = bool(flags & (AllocFlags.HARDER | AllocFlags.OOM))
    usable = (zone.nr_free if free is None else free) - ((1 << order) - 1) - (0 if reserves else zone.highatomic)
    reserve = zone.lowmem_reserve[zone.index if highest is None else highest]
    if usable <= floor_of(zone.watermarks, zone.boost, reserve, flags, order):
        return False
    return order == 0 or has_block(zone, order, reserves)


def nr_free_pages(m: Machine, zone: Zone) -> int:
    """Free pages of a zone, a block that is just being split or merged under its lock among them
    (``zone_page_state(NR_FREE_PAGES)``)."""
    if zone.lock.holder == NOBODY:
        return zone.nr_free
    block = m.cpus[zone.lock.holder].hand.block
    return zone.nr_free + (1 << block[1] if block is not None and zone.has(block[0]) else 0)


def get_page_from_freelist(w: World, cpu: int, order: int, gfp: int, flags: int) -> Path[bool]:
    """From the first zone that is above its mark, the preferred one first. Pageblocks are mixed only when nothing else
    helps."""
    zones = w.machine.zones
    highest = highest_zone(zones, gfp)
    while True:
        for zone in zones[highest::-1]:
            free = nr_free_pages(w.machine, zone)
            if not flags & AllocFlags.NO_WATERMARKS and not zone_watermark_ok(zone, order, flags, highest, free):
                continue
            if (yield from _take(w, cpu, zone, order, gfp_migratetype(gfp) if zone.grouping else 0, flags)):
                return True
        if not flags & AllocFlags.NOFRAGMENT:
            return False
        flags &= ~AllocFlags.NOFRAGMENT


def _take(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[bool]:
    """``rmqueue``: small orders through the page set, the others, and what it cannot give, from the buddy system."""
    found = False
    if order < PCP_ORDERS and zone.sets.on:
        found = yield from rmqueue_pcplist(w, cpu, zone, order, migrate, flags)
    if not found:
        found = yield from rmqueue_buddy(w, cpu, zone, order, migrate, flags)
    if zone.boost and flags & AllocFlags.KSWAPD and w.pressure is not None:
        yield from w.pressure.wake_kswapd(cpu, 0, zone.index)
    if found and order and flags & AllocFlags.HARDER:
        yield from _reserve(w, cpu, zone)
    return found


def rmqueue_buddy(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[bool]:
    """A block straight from the buddy system: orders that no page set keeps, and what is kept for GFP_ATOMIC."""
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    pfn = None
    if order and flags & AllocFlags.HARDER:
        pfn = yield from rmqueue_smallest(w, cpu, zone, order, HIGHATOMIC)
    if pfn is None:
        pfn = yield from rmqueue(w, cpu, zone, order, migrate, flags)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)
    return pfn is not None


def _reserve(w: World, cpu: int, zone: Zone) -> Path[None]:
    block = w.machine.cpus[cpu].hand.block
    assert block is not None
    if not reserve_highatomic_pageblock(cpu, zone, block[0]):
        return
    if w.detail:
        yield from spin_lock_irqsave(cpu, zone.lock)
    events = reserve_highatomic_pageblock(cpu, zone, block[0])  # seen again now that nobody else can come between
    if events:
        yield events
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, zone.lock)


def unreserve_highatomic(w: World, cpu: int, gfp: int, force: bool = False) -> Path[bool]:
    """Give back a pageblock kept for GFP_ATOMIC; whether there was one to give."""
    for zone in w.machine.zones:
        if zone.highatomic <= (0 if force else PAGEBLOCK_PAGES):
            continue
        if w.detail:
            yield from spin_lock_irqsave(cpu, zone.lock)
        events = unreserve_highatomic_pageblock(cpu, zone, gfp_migratetype(gfp), force)
        if events:
            yield events
        if w.detail:
            yield from spin_unlock_irqrestore(cpu, zone.lock)
        if events:
            return True
    return False
