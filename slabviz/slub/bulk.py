"""kmem_cache_alloc_bulk and kmem_cache_free_bulk (mm/slub.c of 6.1; ``slub-semantics.md`` 4.1)."""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import NULL, Slab
from slabviz.slub.access import looked_at
from slabviz.slub.alloc import slab_alloc
from slabviz.slub.free import slab_free
from slabviz.slub.locking import local_irq_restore, local_irq_save
from slabviz.slub.oops import oops, points_to_itself
from slabviz.slub.world import NULL_POINTER, Path, World

LOOK_AHEAD = 3
"""Objects of other slabs that a group may be interrupted by before it is freed."""


def kmem_cache_alloc_bulk(w: World, cpu: int, s: KmemCache, gfp: int, owners: list[int]) -> Path[list[int]]:
    """One object for each owner: their addresses, or none at all; interrupts are off but for the slow path."""
    c = s.cpu_slab[cpu]
    if w.detail:
        yield (Kind.BULK_ALLOC_ENTER, cpu, s.id, len(owners), owners[0] if owners else 0)
        yield from local_irq_save(cpu)
    taken: list[int] = []
    for owner in owners:
        if c.slab is not None and c.freelist != NULL:
            if c.slab.is_wild(c.freelist):
                yield from oops(cpu, c.slab, NULL, Fault.BULK_ALLOC)
            taken.append(w.machine.address(c.slab, c.freelist))
            yield (Kind.BULK_POP, cpu, c.slab.id, c.freelist, owner)
            continue
        yield (Kind.TID_STEP, cpu, s.id, 0, 0)
        if w.detail:
            yield from local_irq_restore(cpu)
        address = yield from slab_alloc(w, cpu, s, gfp, owner)
        if address == NULL_POINTER:
            yield from kmem_cache_free_bulk(w, cpu, taken)
            return []
        taken.append(address)
        if w.detail:
            yield from local_irq_save(cpu)
    yield (Kind.TID_STEP, cpu, s.id, 0, 0)
    if w.detail:
        yield from local_irq_restore(cpu)
    return taken


def kmem_cache_free_bulk(w: World, cpu: int, addresses: list[int]) -> Path[None]:
    """Free objects from the end of the array on, those of one slab that lie close together in one exchange."""
    places = []
    for address in addresses:
        place = w.machine.virt_to_slab(address)
        assert place is not None
        places.append(place)
    if w.detail and places:
        yield (Kind.BULK_FREE_ENTER, cpu, places[-1][0].cache.id, len(places), 0)
    while places:
        slab, objects, places = build_detached_freelist(places)
        yield from _free_group(w, cpu, slab, objects)


def build_detached_freelist(places: list[tuple[Slab, int]]) -> tuple[Slab, list[int], list[tuple[Slab, int]]]:
    """(slab, its objects, the rest of the array): the last one's slab, looking back over at most LOOK_AHEAD others.

    The objects come lowest index first, so that freeing them one by one gives the group's chain. A member that is found
    is swapped to the end of what is left, as the kernel keeps the unprocessed ones in front.
    """
    places = list(places)
    slab, last = places.pop()
    group = [last]
    misses, index = LOOK_AHEAD, len(places) - 1
    while index >= 0:
        if places[index][0] is slab:
            group.append(places[index][1])
            places[index], places[-1] = places[-1], places[index]
            places.pop()
        else:
            misses -= 1
            if not misses:
                break
        index -= 1
    return slab, group[::-1], places


def _free_group(w: World, cpu: int, slab: Slab, objects: list[int]) -> Path[None]:
    """``do_slab_free`` of a detached chain: one exchange on the CPU's freelist, or the slow path."""
    c = slab.cache.cpu_slab[cpu]
    tid = c.tid
    if w.detail:
        yield (Kind.FREE_ENTER, cpu, slab.id, objects[-1], slab.owners.get(objects[-1], 0))
    if not slab.owners.keys() >= set(objects):
        yield list(looked_at(cpu, slab)) or None
    while slab is c.slab:
        if c.tid == tid:
            if slab.memory is not None and points_to_itself(slab, objects[0], c.freelist):
                yield from oops(cpu, slab, objects[0], Fault.SELF_POINTER)
            owners = slab.owners
            first: Event = (Kind.FREE_FASTPATH, cpu, slab.id, objects[0], owners.get(objects[0], 0))
            yield [first, *((Kind.BULK_PUSH, cpu, slab.id, obj, owners.get(obj, 0)) for obj in objects[1:])]
            return
        tid = c.tid
        yield (Kind.CMPXCHG_DOUBLE_CPU_FAIL, cpu, slab.cache.id, 0, 0)
    yield from slab_free(w, cpu, slab, objects)
