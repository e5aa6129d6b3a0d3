"""kmem_cache_free: onto the CPU's freelist, or into the slab, and where the slab goes then (mm/slub.c of 6.1 and 6.12).

(freelist, inuse, frozen) of a slab are exchanged together. When the exchange may empty a slab on the node's list,
list_lock is taken before it. Since 6.8 that slab may as well be parked on a CPU's stack, or on its way between the two:
under the lock it is seen to be on no list of the node, and left alone.
"""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.kmem_cache import KmemCacheCpu
from slabviz.model.sizing import PAGE_SHIFT, PAGE_SIZE
from slabviz.model.slab import NULL, Slab
from slabviz.slub.access import looked_at
from slabviz.slub.deactivate import discard_slabs, put_cpu_partial
from slabviz.slub.debug_free import free_debug_processing
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.oops import oops, points_to_itself
from slabviz.slub.world import Path, World

# What one exchange completes, looked up once: up to Python 3.11 an enum's member takes longer to find than to yield.
FREE_ENTER, FREE_SLOWPATH = Kind.FREE_ENTER, Kind.FREE_SLOWPATH
NOT_HELD = -1
"""In place of a holder: nobody holds what is freed."""
FREE_FASTPATH, FREE_FROZEN, FREE_TO_PARTIAL = Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL


def free_in_one_step(c: KmemCacheCpu, cpu: int, slab: Slab, obj: int) -> Event | None:
    """The frees that one exchange completes, or None: the slab must move."""
    if slab is c.slab:
        return (FREE_FASTPATH, cpu, slab.id, obj, slab.owners.get(obj, 0))
    if slab.frozen:
        return None if slab.cache.debug else (FREE_FROZEN, cpu, slab.id, obj, slab.owners.get(obj, 0))
    if slab.freelist != NULL and slab.inuse > 1 and not slab.cache.debug:
        return (FREE_TO_PARTIAL, cpu, slab.id, obj, slab.owners.get(obj, 0))
    return None


def kmem_cache_free(w: World, cpu: int, slab: Slab, obj: int) -> Path[None]:
    """Free what lies at an offset of a slab (``do_slab_free``): an object, or whatever the caller takes for one.

    A slab that is gone meanwhile is an address in somebody else's page (``cache_from_obj``).
    """
    s = slab.cache
    c = s.cpu_slab[cpu]
    tid = c.tid
    owner = slab.owners.get(obj, NOT_HELD)
    if owner < 0 or slab.memory is not None:
        yield from careful_free(w, cpu, slab, obj)
        return
    yield (FREE_ENTER, cpu, slab.id, obj, owner)
    while slab is c.slab:
        if c.tid == tid:
            yield (FREE_FASTPATH, cpu, slab.id, obj, owner)
            return
        tid = c.tid
        yield (Kind.CMPXCHG_DOUBLE_CPU_FAIL, cpu, s.id, 0, owner)
    yield from slab_free(w, cpu, slab, [obj])


def careful_free(w: World, cpu: int, slab: Slab, obj: int) -> Path[None]:
    """The same where it matters what lies in memory: somebody looks, or the object is not one that is held.

    A free pointer is written into whatever lies there; in a hardened kernel one to itself is a BUG.
    """
    if w.machine.slabs.get(slab.id) is not slab:
        yield from free_elsewhere(w, cpu, slab, obj)
        return
    c, owner = slab.cache.cpu_slab[cpu], slab.owners.get(obj, NOT_HELD)
    tid = c.tid
    steps: list[Event] = [(FREE_ENTER, cpu, slab.id, obj, max(owner, 0)), *looked_at(cpu, slab)]
    if owner < 0 and not slab.cache.debug:
        steps.append((Kind.SET_FREE_POINTER, cpu, slab.id, obj, NULL))  # slab_free_freelist_hook
    yield steps
    while slab is c.slab:
        if c.tid == tid:
            if points_to_itself(slab, obj, c.freelist):
                yield from oops(cpu, slab, obj, Fault.SELF_POINTER)
            yield (FREE_FASTPATH, cpu, slab.id, obj, max(owner, 0))
            return
        tid = c.tid
        yield (Kind.CMPXCHG_DOUBLE_CPU_FAIL, cpu, slab.cache.id, 0, max(owner, 0))
    yield from slab_free(w, cpu, slab, [obj])


def free_elsewhere(w: World, cpu: int, gone: Slab, obj: int) -> Path[None]:
    """Free an object whose slab has been given back: another slab may lie there now, or none."""
    place = w.machine.virt_to_slab(gone.address + obj)
    if place is None:
        yield (Kind.NOT_A_SLAB, cpu, gone.cache.id, gone.pfn + (obj >> PAGE_SHIFT), obj % PAGE_SIZE)
        return
    slab, offset = place
    if slab.cache is not gone.cache:
        yield (Kind.WRONG_CACHE, cpu, slab.id, offset, gone.cache.id)
    yield from careful_free(w, cpu, slab, offset)


def slab_free(w: World, cpu: int, slab: Slab, objects: list[int]) -> Path[None]:
    """The slow path (``__slab_free``): all ``objects`` in one exchange, the last one ends up first on the freelist."""
    if slab.cache.debug:
        if w.detail:
            yield (FREE_SLOWPATH, cpu, slab.id, objects[-1], slab.owners.get(objects[-1], 0))
        yield from free_debug_processing(w, cpu, slab, objects)
    else:
        yield from _slab_free(w, cpu, slab, objects)


def _slab_free(w: World, cpu: int, slab: Slab, objects: list[int]) -> Path[None]:
    s = slab.cache
    seen = (slab.freelist, slab.inuse, slab.frozen)
    if w.detail:
        yield (FREE_SLOWPATH, cpu, slab.id, objects[-1], slab.owners.get(objects[-1], 0))
    while True:
        prior, inuse, frozen = seen
        locked = not frozen and prior != NULL and inuse == len(objects)  # it may empty a slab of the node's list
        if locked and w.detail:
            yield from spin_lock_irqsave(cpu, s.node.list_lock)
        if (slab.freelist, slab.inuse, slab.frozen) == seen:
            break
        seen = (slab.freelist, slab.inuse, slab.frozen)
        yield (Kind.CMPXCHG_DOUBLE_FAIL, cpu, slab.id, objects[-1], 0)
        if locked and w.detail:
            yield from spin_unlock_irqrestore(cpu, s.node.list_lock)
    if slab.memory is not None and points_to_itself(slab, objects[0], slab.freelist):
        yield from oops(cpu, slab, objects[0], Fault.SELF_POINTER)
    if slab.frozen:
        yield _exchange(cpu, slab, objects, FREE_FROZEN)
    elif slab.freelist == NULL:
        yield _exchange(cpu, slab, objects, Kind.CPU_PARTIAL_FREE)
        yield from put_cpu_partial(w, cpu, s, slab)
    else:
        yield _exchange(cpu, slab, objects, FREE_TO_PARTIAL)
        if locked:
            yield from _emptied(w, cpu, slab)


def _exchange(cpu: int, slab: Slab, objects: list[int], kind: Kind) -> Event | list[Event]:
    """One compare-and-exchange: the first of a group as ``kind``, the further members as BULK_FREE."""
    owners = slab.owners
    first: Event = (kind, cpu, slab.id, objects[0], owners.get(objects[0], 0))
    if len(objects) == 1:
        return first
    return [first, *((Kind.BULK_FREE, cpu, slab.id, obj, owners.get(obj, 0)) for obj in objects[1:])]


def _emptied(w: World, cpu: int, slab: Slab) -> Path[None]:
    """Under list_lock: an empty slab stays on the node's list while that is short, else it is given back.

    Up to 6.7 it is always on that list; since then ``slab_test_node_partial`` tells.
    """
    s = slab.cache
    on_node = slab.id in s.node.partial
    surplus = on_node and slab.inuse == 0 and s.node.nr_partial >= s.min_partial
    if surplus:
        yield (Kind.FREE_REMOVE_PARTIAL, cpu, slab.id, 0, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, s.node.list_lock)
    if surplus:
        yield from discard_slabs(w, cpu, s)
