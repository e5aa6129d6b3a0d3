"""The buddy system of one zone, by migrate type: take, split, steal, merge (mm/page_alloc.c; ``slub-semantics.md`` 5.2,
5.3). The caller holds the zone's lock; the block that it deals with is in its hand.
"""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.migrate import (
    FALLBACKS,
    HIGHATOMIC,
    MOVABLE,
    PAGEBLOCK_ORDER,
    PAGEBLOCK_PAGES,
    PCP_TYPES,
    can_steal,
    mergeable,
)
from slabviz.model.sizing import MAX_ORDER
from slabviz.model.watermarks import AllocFlags, boosted, most_highatomic
from slabviz.model.zone import FILE_PAGES, FRAME_FREE, FRAME_OTHER, USER_PAGES, Zone
from slabviz.slub.world import Path, World

LRU_FRAMES = (FRAME_OTHER + USER_PAGES, FRAME_OTHER + FILE_PAGES)
"""Pages that could be moved elsewhere: those of programs and of files."""


def rmqueue(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[int | None]:
    """The pfn of a block of the wanted type, if need be after stealing some of another (``__rmqueue``)."""
    while True:
        pfn = yield from rmqueue_smallest(w, cpu, zone, order, migrate)
        if pfn is not None or not (yield from rmqueue_fallback(w, cpu, zone, order, migrate, flags)):
            return pfn


def rmqueue_smallest(w: World, cpu: int, zone: Zone, order: int, migrate: int) -> Path[int | None]:
    """The first block of the smallest order that has one, halved down to ``order``; each time the lower half is
    kept."""
    lists = zone.lists[migrate]
    found = next((high for high in range(order, MAX_ORDER) if lists[high]), None)
    if found is None:
        return None
    pfn = next(iter(lists[found]))
    yield (Kind.BUDDY_TAKE, cpu, found, pfn, migrate)
    for low in range(found - 1, order - 1, -1):
        yield (Kind.BUDDY_SPLIT, cpu, low, pfn + (1 << low), migrate)
    return pfn


def rmqueue_fallback(w: World, cpu: int, zone: Zone, order: int, migrate: int, flags: int) -> Path[bool]:
    """Make a block of another type one of ours, the largest first: the fewer pageblocks are mixed
    (``__rmqueue_fallback``)."""
    found = find_fallback(zone, order, migrate, flags)
    if found is None:
        return False
    high, kind, whole = found
    pfn = next(iter(zone.lists[kind][high]))
    told: Event = (Kind.EXTFRAG, cpu, order, pfn, kind)
    yield [told, *steal(cpu, zone, pfn, high, migrate, flags, whole)]
    return True


def find_fallback(zone: Zone, order: int, migrate: int, flags: int) -> tuple[int, int, bool] | None:
    """(order, type, whether its pageblock may be taken over) of the block to fall back on."""
    smallest = PAGEBLOCK_ORDER if flags & AllocFlags.NOFRAGMENT and order < PAGEBLOCK_ORDER else order
    for high in range(MAX_ORDER - 1, smallest - 1, -1):
        kind = _fallback_type(zone, high, migrate)
        if kind is None:
            continue
        whole = can_steal(high, migrate, zone.grouping)
        if not whole and migrate == MOVABLE and high > order:
            break  # it may not take over a pageblock, so it takes no more than it needs
        return high, kind, whole
    else:
        return None
    for low in range(order, MAX_ORDER):
        kind = _fallback_type(zone, low, migrate)
        if kind is not None:
            return low, kind, can_steal(low, migrate, zone.grouping)
    return None


def _fallback_type(zone: Zone, order: int, migrate: int) -> int | None:
    return next((kind for kind in FALLBACKS.get(migrate, ()) if zone.lists[kind][order]), None)


def steal(cpu: int, zone: Zone, pfn: int, order: int, migrate: int, flags: int, whole: bool) -> list[Event]:
    """``steal_suitable_fallback``: the pageblock's free blocks, or only this one, go to the tails of our lists.

    The pageblock changes its type when at least half of it is free or as good as ours. All under one lock.
    """
    only: list[Event] = [(Kind.MOVE_FREEPAGES, cpu, order, pfn, migrate)]
    kind = zone.migrate_type(pfn)
    if kind == HIGHATOMIC:
        return only
    if order >= PAGEBLOCK_ORDER:
        blocks = range(pfn, pfn + (1 << order), PAGEBLOCK_PAGES)
        return [*((Kind.PAGEBLOCK_TYPE, cpu, PAGEBLOCK_ORDER, start, migrate) for start in blocks), *only]
    events = boost_watermark(cpu, zone)
    if not whole:
        return events + only
    moved = move_freepages_block(cpu, zone, pfn, migrate)
    if not moved:
        return events + only
    return events + moved + _take_over(cpu, zone, pfn, kind, migrate, sum(1 << event[2] for event in moved))


def _take_over(cpu: int, zone: Zone, pfn: int, kind: int, migrate: int, free: int) -> list[Event]:
    movable = _movable_pages(zone, pfn)
    alike = movable if migrate == MOVABLE else PAGEBLOCK_PAGES - free - movable if kind == MOVABLE else 0
    if free + alike >= PAGEBLOCK_PAGES // 2 or not zone.grouping:
        return [(Kind.PAGEBLOCK_TYPE, cpu, PAGEBLOCK_ORDER, pfn, migrate)]
    return []


def boost_watermark(cpu: int, zone: Zone) -> list[Event]:
    """Fragmentation makes kswapd free some more (``boost_watermark``)."""
    boost = boosted(zone.boost, zone.watermarks.high, zone.managed, PAGEBLOCK_PAGES, zone.boost_factor)
    return [(Kind.WATERMARK_BOOST, cpu, zone.index, boost, 0)] if boost != zone.boost else []


def move_freepages_block(cpu: int, zone: Zone, pfn: int, migrate: int) -> list[Event]:
    """All free blocks of a pageblock go to the tails of a type's lists, the lowest first; a pageblock that lies in the
    zone only in part stays as it is."""
    start = pfn & -PAGEBLOCK_PAGES
    if not zone.has(start + PAGEBLOCK_PAGES - 1):
        return []
    events: list[Event] = []
    at, end = max(start, zone.first_pfn), start + PAGEBLOCK_PAGES
    while at < end:
        order = _free_order(zone, at)
        if order is None:
            at += 1
            continue
        events.append((Kind.MOVE_FREEPAGES, cpu, order, at, migrate))
        at += 1 << order
    return events


def _free_order(zone: Zone, pfn: int) -> int | None:
    if zone.frames[pfn - zone.first_pfn] != FRAME_FREE:
        return None
    return next((order for order, blocks in enumerate(zone.free) if pfn in blocks), None)


def _movable_pages(zone: Zone, pfn: int) -> int:
    start = max((pfn & -PAGEBLOCK_PAGES) - zone.first_pfn, 0)
    frames = zone.frames[start : start + PAGEBLOCK_PAGES]
    return sum(frames.count(frame) for frame in LRU_FRAMES)


def reserve_highatomic_pageblock(cpu: int, zone: Zone, pfn: int) -> list[Event]:
    """A high-order GFP_ATOMIC request has been served: keep the rest of its pageblock for the next ones."""
    if zone.highatomic >= most_highatomic(zone.managed, PAGEBLOCK_PAGES) or not mergeable(zone.migrate_type(pfn)):
        return []
    return [
        (Kind.HIGHATOMIC, cpu, zone.index, zone.highatomic + PAGEBLOCK_PAGES, 0),
        (Kind.PAGEBLOCK_TYPE, cpu, PAGEBLOCK_ORDER, pfn, HIGHATOMIC),
        *move_freepages_block(cpu, zone, pfn, HIGHATOMIC),
    ]


def unreserve_highatomic_pageblock(cpu: int, zone: Zone, migrate: int, force: bool) -> list[Event]:
    """Memory is short: give a pageblock kept for GFP_ATOMIC back; the last one only by force."""
    if not force and zone.highatomic <= PAGEBLOCK_PAGES:
        return []
    pfn = next((pfn for blocks in zone.lists[HIGHATOMIC] for pfn in blocks), None)
    if pfn is None or zone.migrate_type(pfn) != HIGHATOMIC:
        return []
    return [
        (Kind.HIGHATOMIC, cpu, zone.index, max(zone.highatomic - PAGEBLOCK_PAGES, 0), 0),
        (Kind.PAGEBLOCK_TYPE, cpu, PAGEBLOCK_ORDER, pfn, migrate),
        *move_freepages_block(cpu, zone, pfn, migrate),
    ]


def free_one_page(w: World, cpu: int, migrate: int) -> Path[None]:
    """Merge the block in hand with its free buddies, order by order, and put it on its list (``__free_one_page``)."""
    hand = w.machine.cpus[cpu].hand
    assert hand.block is not None
    pfn, order = hand.block
    zone = w.machine.zone_of(pfn)
    while order < MAX_ORDER - 1 and _may_merge(zone, pfn, order, migrate):
        yield (Kind.BUDDY_MERGE, cpu, order, pfn ^ 1 << order, migrate)
        pfn, order = hand.block
    kind = Kind.BUDDY_PUT_TAIL if buddy_merge_likely(zone, pfn, order) else Kind.BUDDY_PUT_HEAD
    yield (kind, cpu, order, pfn, migrate)


def _may_merge(zone: Zone, pfn: int, order: int, migrate: int) -> bool:
    """Whether the buddy is free as a whole, and no pageblock kept for GFP_ATOMIC would be mixed with others."""
    buddy = pfn ^ 1 << order
    if buddy not in zone.free[order]:
        return False
    if order < PAGEBLOCK_ORDER:
        return True
    other = zone.migrate_type(buddy)
    return migrate == other or (mergeable(migrate) and mergeable(other))


def buddy_merge_likely(zone: Zone, pfn: int, order: int) -> bool:
    """Whether the buddy of the next larger block is free: then this block may merge soon and goes to the tail."""
    if order >= MAX_ORDER - 2:
        return False
    combined = pfn & ~(1 << order)
    return combined ^ 1 << order + 1 in zone.free[order + 1]


def has_block(zone: Zone, order: int, reserves: bool) -> bool:
    """Whether some block of at least this order is free, of the types that the request may have."""
    types = (*range(PCP_TYPES), HIGHATOMIC) if reserves else range(PCP_TYPES)
    return any(zone.lists[kind][high] for kind in types for high in range(order, MAX_ORDER))
