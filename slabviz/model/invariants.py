"""The laws of the machine, each an equation with a name. They hold after every event, also in the middle of a path.

What a path holds in its hands is a place of its own, *in flight*: a slab is in exactly one place, and so is an object.
Source: ``slub-semantics.md`` section 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from slabviz.model.cpu import ContextKind, Hand
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.model.lock import DEAD, NOBODY
from slabviz.model.machine import Machine
from slabviz.model.migrate import HIGHATOMIC, PAGEBLOCK_ORDER, PCP_TYPES
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_OTHER, FRAME_PCP, PAGE_CLASSES, Zone, frame_of_cache

Law = Callable[[Machine], Iterator[str]]
LAWS: dict[str, Law] = {}
"""All laws by name; each yields a sentence for every breach."""


def law(function: Law) -> Law:
    """Decorator: enter a law under its function's name."""
    LAWS[function.__name__] = function
    return function


def check(m: Machine) -> list[str]:
    """Every breach of every law, as ``law: what``; an empty list when all hold."""
    return [f"{name}: {breach}" for name, holds in LAWS.items() for breach in holds(m)]


def hands(m: Machine) -> list[Hand]:
    """What all contexts hold."""
    return [context.hand for context in m.contexts()]


def chained(m: Machine) -> Iterator[Slab]:
    """The slabs whose objects exist and count: before SHUFFLE a new slab has no free pointers, and one that failed the
    checks of debugging is written off."""
    return (slab for slab in m.slabs.values() if slab.links and not written_off(slab))


def written_off(slab: Slab) -> bool:
    """Whether a slab has failed the checks of debugging (only such slabs of a debugged cache are frozen)."""
    return slab.cache.debug and slab.frozen


@law
def a_slab_without_objects_is_being_made(m: Machine) -> Iterator[str]:
    """Between SLAB_PAGES and SHUFFLE nobody has a slab but the path that makes it."""
    in_hand = {hand.slab.id for hand in hands(m) if hand.slab is not None}
    for slab in m.slabs.values():
        if not slab.links and (slab.id not in in_hand or slab.frozen or slab.inuse or slab.freelist != NULL):
            yield f"slab {slab.id}: frozen {slab.frozen}, inuse {slab.inuse}, freelist {slab.freelist}, but no objects"


@law
def freelist_and_inuse_make_up_the_slab(m: Machine) -> Iterator[str]:
    """inuse == objects - length of the slab's own freelist, for every slab that has its objects."""
    for slab in chained(m):
        free = slab.length(slab.freelist)
        if slab.inuse != slab.objects - free:
            yield f"slab {slab.id}: inuse {slab.inuse} != {slab.objects} objects - {free} on its freelist"


@law
def every_object_is_in_one_place(m: Machine) -> Iterator[str]:
    """Held by somebody, or once on one chain: the slab's, its CPU's, or one in somebody's hand."""
    chains = _chains(m)
    for slab in chained(m):
        places = Counter(iter(slab.owners))
        for head in (slab.freelist, *chains.get(slab.id, ())):
            places.update(slab.walk(head))
        wrong = [offset for index in range(slab.objects) if places[offset := slab.object_at(index)] != 1]
        if wrong or places.total() != slab.objects:
            yield f"slab {slab.id}: offsets {wrong[:4]} are not in exactly one place, {places.total()} places in all"


def _chains(m: Machine) -> dict[int, list[int]]:
    """Heads of chains outside the slabs themselves, by slab id."""
    heads: dict[int, list[int]] = {}
    for cache in m.caches:
        for c in cache.cpu_slab:
            if c.slab is not None and c.freelist != NULL:
                heads.setdefault(c.slab.id, []).append(c.freelist)
    for hand in hands(m):
        if hand.of is not None and hand.chain != NULL:
            heads.setdefault(hand.of.id, []).append(hand.chain)
        if hand.old is not None and hand.old_chain != NULL:
            heads.setdefault(hand.old.id, []).append(hand.old_chain)
    return heads


@law
def every_slab_is_in_one_place(m: Machine) -> Iterator[str]:
    """CPU slab, CPU partial, node partial, in flight, waiting for RCU, or (full) on no list: at most one of them."""
    places: Counter[int] = Counter(iter(m.rcu_slabs))
    for cache in m.caches:
        places.update(c.slab.id for c in cache.cpu_slab if c.slab is not None)
        places.update(slab.id for _, slab in cache.parked())
        places.update(iter(cache.node.partial))
        places.update(iter(cache.node.full))
    for hand in hands(m):
        places.update(slab.id for slab in hand.slabs())
    for slab in m.slabs.values():
        listed = places[slab.id]
        if listed > 1 or (listed == 0 and not written_off(slab) and (slab.freelist != NULL or slab.frozen)):
            yield f"slab {slab.id} is in {listed} places (frozen {slab.frozen}, inuse {slab.inuse})"
    for id in places.keys() - m.slabs.keys():
        yield f"slab {id} is on a list, but it is gone"


@law
def frozen_slabs_are_a_cpu_s(m: Machine) -> Iterator[str]:
    """On the node's list nothing is frozen; cpu slabs are, and parked ones up to 6.7, since then none of these.

    One that a CPU has just popped is not frozen yet, and nobody has taken anything out of it.
    """
    for cache in m.caches:
        for slab in cache.node.partial.values():
            if slab.frozen or (slab.freelist == NULL and not _just_filled(slab)):
                yield f"slab {slab.id} on the node's list: frozen {slab.frozen}, freelist {slab.freelist}"
        yield from (f"cpu slab {slab.id} is not frozen" for slab in _thawed(m, cache))
        for _, slab in cache.parked():
            if slab.frozen is not m.era.parked_are_frozen or slab.freelist == NULL:
                yield f"parked slab {slab.id}: frozen {slab.frozen}, freelist {slab.freelist}"


def _thawed(m: Machine, cache: KmemCache) -> Iterator[Slab]:
    for c in cache.cpu_slab:
        if c.slab is not None and not c.slab.frozen:
            popped = c.freelist == NULL and c.slab.freelist != NULL
            if m.era.parked_are_frozen or not popped:
                yield c.slab


def _just_filled(slab: Slab) -> bool:
    """Whether a slab of a debugged cache has given its last object, and the rest of that step will take it off the
    node's partial list."""
    return slab.cache.debug and not _has_left(slab) and slab.id in slab.cache.node.partial


@law
def full_slabs_are_listed_where_owners_are_stored(m: Machine) -> Iterator[str]:
    """The full list holds just the full slabs of a cache with STORE_USER; other caches keep theirs on no list."""
    in_hand = {slab.id for hand in hands(m) for slab in hand.slabs()}
    for cache in m.caches:
        full = cache.node.full
        if full and not cache.flags & SlabFlags.STORE_USER:
            yield f"{cache.name}: slabs {list(full)} are on a full list that it does not keep"
        yield from (f"slab {slab.id} on the full list has objects left" for slab in full.values() if _has_left(slab))
    for slab in chained(m):
        listed = slab.id in slab.cache.node.full or not slab.cache.flags & SlabFlags.STORE_USER or _just_filled(slab)
        if not listed and not _has_left(slab) and slab.id not in in_hand:
            yield f"slab {slab.id} is full, but not on the full list"


def _has_left(slab: Slab) -> bool:
    return slab.inuse != slab.objects or slab.freelist != NULL


@law
def debugged_caches_keep_nothing_on_a_cpu(m: Machine) -> Iterator[str]:
    """No cpu slab, no CPU freelist, no CPU partial stack; and nothing is frozen but what was written off."""
    for cache in m.caches:
        if cache.debug and any(c.slab is not None or c.freelist != NULL or c.partial for c in cache.cpu_slab):
            yield f"{cache.name} is debugged, but a CPU has slabs of it"


@law
def stacks_count_down(m: Machine) -> Iterator[str]:
    """Walking a CPU partial stack from its head, ``slabs`` counts down to 1."""
    for cache in m.caches:
        for cpu, c in enumerate(cache.cpu_slab):
            counts = [slab.slabs for slab in c.partial]
            if counts != list(range(1, len(counts) + 1)):
                yield f"{cache.name}, CPU{cpu}: counts from the bottom are {counts}"


@law
def the_node_counts_its_slabs(m: Machine) -> Iterator[str]:
    """nr_slabs and total_objects count every slab from ALLOC_SLAB to its discard."""
    for cache in m.caches:
        counted = [slab for slab in m.slabs.values() if slab.cache is cache and _is_counted(m, slab)]
        objects = sum(slab.objects for slab in counted)
        node = cache.node
        if (node.nr_slabs, node.total_objects) != (len(counted), objects):
            counts = f"{node.nr_slabs} slabs, {node.total_objects} objects"
            yield f"{cache.name}: counts {counts}; there are {len(counted)}, {objects}"


def _is_counted(m: Machine, slab: Slab) -> bool:
    """Not waiting for RCU, and not just made and still unfrozen in the hand of whoever makes it."""
    new = not slab.frozen and any(hand.slab is slab and hand.of is not slab for hand in hands(m))
    return slab.id not in m.rcu_slabs and not new


@law
def a_tid_is_its_cpu_s(m: Machine) -> Iterator[str]:
    """tid modulo the step is the CPU's number."""
    for cache in m.caches:
        for cpu, c in enumerate(cache.cpu_slab):
            if c.tid % 8192 != cpu or (c.slab is None and c.freelist != NULL):
                yield f"{cache.name}, CPU{cpu}: tid {c.tid}, freelist {c.freelist} with slab {c.slab and c.slab.id}"


@law
def every_frame_has_one_owner(m: Machine) -> Iterator[str]:
    """Free blocks, page sets, slabs, others and hands cover each zone exactly, and its ``frames`` say so."""
    shared = _shared_blocks(m)
    for zone in m.zones:
        drawn = bytearray(b"\xff") * zone.managed
        total = 0
        for pfn, order, owner in (*_blocks(zone), *(block for block in shared if zone.has(block[0]))):
            start = pfn - zone.first_pfn
            drawn[start : start + (1 << order)] = bytes((owner,)) * (1 << order)
            total += 1 << order
        if total != zone.managed or drawn != zone.frames:
            yield f"{zone.name}: {total} pages of {zone.managed} are accounted for, or some in two places"
        if zone.nr_free != sum(len(free) << order for order, free in enumerate(zone.free)):
            yield f"{zone.name}: nr_free {zone.nr_free} is not the sum of the free blocks"


def _blocks(zone: Zone) -> Iterator[tuple[int, int, int]]:
    """(pfn, order, frame byte) of what the zone itself knows of."""
    yield from ((pfn, order, FRAME_FREE) for order, free in enumerate(zone.free) for pfn in free)
    for pcp in zone.pcp:
        yield from ((pfn, number // PCP_TYPES, FRAME_PCP) for number, pfns in enumerate(pcp.lists) for pfn in pfns)
    yield from ((pfn, order, FRAME_OTHER + owner) for pfn, (order, owner) in zone.others.items())


def _shared_blocks(m: Machine) -> list[tuple[int, int, int]]:
    """The same of what lies in some zone: slabs, and pages in somebody's hand."""
    blocks = [(slab.pfn, slab.order, frame_of_cache(slab.cache.id)) for slab in m.slabs.values()]
    return blocks + [(*hand.block, FRAME_HAND) for hand in hands(m) if hand.block is not None]


@law
def free_blocks_are_on_one_list(m: Machine) -> Iterator[str]:
    """``free`` says of each free block which migrate type's list has it, and nothing else is on the lists."""
    for zone in m.zones:
        for order, blocks in enumerate(zone.free):
            listed = {pfn: kind for kind, orders in enumerate(zone.lists) for pfn in orders[order]}
            if listed != blocks or sum(len(orders[order]) for orders in zone.lists) != len(blocks):
                yield f"{zone.name}: order {order}: the lists have {listed}, free is {blocks}"


@law
def large_blocks_are_the_kernel_s(m: Machine) -> Iterator[str]:
    """Each block that kmalloc gave without a cache is kernel memory of that order."""
    kernel = PAGE_CLASSES.index("kernel")
    for pfn, (order, _) in m.large.items():
        if m.zone_of(pfn).others.get(pfn) != (order, kernel):
            yield f"large block {pfn:#x} of order {order}: its pages are {m.zone_of(pfn).others.get(pfn)}"


@law
def free_buddies_are_merged(m: Machine) -> Iterator[str]:
    """No two free buddies below pageblock order stand side by side, of whatever type. (Whole pageblocks may: one that
    is kept for GFP_ATOMIC does not merge, and stays as it is when that ends.)"""
    for zone in m.zones:
        for order in range(PAGEBLOCK_ORDER):
            for pfn in zone.free[order]:
                if not pfn & 1 << order and pfn | 1 << order in zone.free[order]:
                    yield f"{zone.name}: blocks {pfn} and {pfn | 1 << order} of order {order} are both free"


@law
def reserved_pageblocks_are_counted(m: Machine) -> Iterator[str]:
    """``highatomic`` is the number of pages in the pageblocks of that type, unless one is just changing."""
    for zone in m.zones:
        blocks = zone.pageblocks.count(HIGHATOMIC)
        if abs(zone.highatomic - (blocks << PAGEBLOCK_ORDER)) > 1 << PAGEBLOCK_ORDER or zone.boost < 0:
            yield f"{zone.name}: {zone.highatomic} pages kept in {blocks} pageblocks, boost {zone.boost}"


@law
def page_sets_count_their_pages(m: Machine) -> Iterator[str]:
    """count == pages on the lists of a per-CPU page set."""
    for zone in m.zones:
        for cpu, pcp in enumerate(zone.pcp):
            pages = sum(len(pfns) << number // PCP_TYPES for number, pfns in enumerate(pcp.lists))
            if pcp.count != pages:
                yield f"{zone.name}, CPU{cpu}: count {pcp.count}, pages {pages}"


@law
def an_offline_cpu_is_idle(m: Machine) -> Iterator[str]:
    """Nothing runs on a CPU that is offline, and no interrupt waits for it."""
    for cpu in m.cpus:
        if not cpu.online and (cpu.pending or len(cpu.stack) > 1 or cpu.top.kind is not ContextKind.IDLE):
            yield f"CPU{cpu.id} is offline, but has {len(cpu.stack)} contexts and {len(cpu.pending)} interrupts"


@law
def a_cache_that_is_gone_has_no_slabs(m: Machine) -> Iterator[str]:
    """A cache that is not yet or no more there counts no slab."""
    for cache in m.caches:
        if cache.state in (CacheState.NONE, CacheState.OPENING, CacheState.GONE) and cache.node.nr_slabs:
            yield f"{cache.name} is {cache.state.name}, but has {cache.node.nr_slabs} slabs"


@law
def locks_are_held_with_interrupts_off(m: Machine) -> Iterator[str]:
    """Whoever holds a lock, or spins for one, has interrupts off; and nobody waits for a lock that is his."""
    for lock in m.locks():
        for cpu in (*lock.waiters, *(() if lock.holder in (NOBODY, DEAD) else (lock.holder,))):
            if m.cpus[cpu].top.irq_depth == 0:
                yield f"lock {lock.id}: CPU{cpu} has interrupts on"
        if lock.holder in lock.waiters:
            yield f"lock {lock.id}: CPU{lock.holder} waits for itself"
