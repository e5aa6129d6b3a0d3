"""Allocating from a cache that is debugged: one object at a time, under list_lock (mm/slub.c of 6.1).

There is no cpu slab, no CPU freelist, no CPU partial stack. The slab an object comes from stays where it is until it is
full; then it leaves the node's partial list, for the full list where owners are stored (U).
"""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.memory import get_freepointer
from slabviz.model.poison import RED_ACTIVE, TRACK_ALLOC, TRACK_PID, TRACK_WHEN, filler_at, track_at
from slabviz.model.slab import Slab
from slabviz.slub.access import poked
from slabviz.slub.debug_checks import alloc_consistency_checks, run
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.oops import oops
from slabviz.slub.world import NULL_POINTER, Path, World

NOWHERE = -1
"""No object passed."""


def alloc_from_partial(w: World, cpu: int, s: KmemCache, owner: int, orig_size: int) -> Path[int]:
    """``get_partial_node``, ``alloc_single_from_partial``: the address of an object, or NULL_POINTER."""
    node = s.node
    seen = node.nr_partial
    if w.detail:
        yield (Kind.ALLOC_NODE, cpu, s.id, seen, 0)
    if not seen:
        return NULL_POINTER
    if w.detail:
        yield from spin_lock_irqsave(cpu, node.list_lock)
    found = NULL_POINTER
    for slab in list(node.partial.values()):
        obj = yield from _take_one(cpu, slab, owner, orig_size)
        if obj != NOWHERE:
            found = w.machine.address(slab, obj)
            break
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, node.list_lock)
    if found != NULL_POINTER and s.flags & SlabFlags.STORE_USER:
        yield track(w, cpu, slab, obj, Kind.TRACK_ALLOC, TRACK_ALLOC)
    return found


def _take_one(cpu: int, slab: Slab, owner: int, orig_size: int) -> Path[int]:
    """The first object of a slab, if it passes; a slab that does not is written off."""
    obj = slab.freelist
    if not 0 <= obj < slab.bytes:  # NULL too: the chain was cut, and the counter does not know it
        yield from oops(cpu, slab, obj, Fault.PARTIAL_NODE)
    steps: list[Event] = []
    if obj not in slab.links:  # a write has led the chain to where no object ever was
        steps.append((Kind.SET_FREE_POINTER, cpu, slab.id, obj, get_freepointer(slab, obj)))
    steps.append((Kind.DEBUG_ALLOC, cpu, slab.id, obj, owner))
    well = True
    if slab.cache.flags & SlabFlags.CONSISTENCY_CHECKS:
        well = run(alloc_consistency_checks(cpu, slab, obj), steps)
    if well:
        steps += (*set_orig_size(cpu, slab, obj, orig_size), (Kind.INIT_OBJECT, cpu, slab.id, obj, RED_ACTIVE))
        steps += _add_full(cpu, slab)
    else:
        steps.append((Kind.MARK_ALL_USED, cpu, slab.id, obj, 0))
    yield steps
    return obj if well else NOWHERE


def _add_full(cpu: int, slab: Slab) -> list[Event]:
    """What follows when the object about to be taken is the slab's last one."""
    return [(Kind.ADD_FULL, cpu, slab.id, 0, 0)] if slab.inuse + 1 == slab.objects else []


def alloc_from_new(w: World, cpu: int, slab: Slab, owner: int, orig_size: int) -> Path[int]:
    """``alloc_single_from_new_slab``: the first object of the slab in hand, which goes to the head of the node's
    list. Nobody else has seen the slab, so nothing can be wrong with it."""
    s, obj = slab.cache, slab.freelist
    if w.detail:
        yield from spin_lock_irqsave(cpu, s.node.list_lock)
    yield [
        (Kind.DEBUG_ALLOC_NEW, cpu, slab.id, obj, owner),
        *set_orig_size(cpu, slab, obj, orig_size),
        (Kind.INIT_OBJECT, cpu, slab.id, obj, RED_ACTIVE),
        *_add_full(cpu, slab),
    ]
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, s.node.list_lock)
    if s.flags & SlabFlags.STORE_USER:
        yield track(w, cpu, slab, obj, Kind.TRACK_ALLOC, TRACK_ALLOC)
    return w.machine.address(slab, obj)


def track(w: World, cpu: int, slab: Slab, obj: int, kind: Kind, which: int) -> list[Event]:
    """``set_track``: who, where and when."""
    actor = w.machine.cpus[cpu].stack[0].actor
    at = obj + track_at(slab.cache, which)
    return [
        (kind, cpu, slab.id, obj, actor),
        (Kind.POKE, cpu, slab.id, at + TRACK_PID, w.pid(actor)),
        (Kind.POKE, cpu, slab.id, at + TRACK_WHEN, w.jiffies()),
    ]


def set_orig_size(cpu: int, slab: Slab, obj: int, orig_size: int) -> list[Event]:
    """The size asked for, which kmalloc caches keep behind the tracks."""
    s = slab.cache
    if not (s.flags & SlabFlags.STORE_USER and s.flags & SlabFlags.KMALLOC):
        return []
    size = orig_size or s.geometry.object_size
    return list(poked(cpu, slab, obj + filler_at(s) - 4, size.to_bytes(4, "little")))
