"""Freeing into a cache that is debugged: under list_lock, checked first (mm/slub.c of 6.1, free_debug_processing)."""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.flags import SlabFlags
from slabviz.model.poison import RED_INACTIVE, TRACK_FREE
from slabviz.model.reason import Reason
from slabviz.model.slab import NULL, Slab
from slabviz.slub.deactivate import discard_slabs
from slabviz.slub.debug import track
from slabviz.slub.debug_checks import check_slab, free_consistency_checks, report, run
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.oops import oops, points_to_itself
from slabviz.slub.world import Path, World


def free_debug_processing(w: World, cpu: int, slab: Slab, objects: list[int]) -> Path[None]:
    """Free ``objects`` (the last one first on the freelist afterwards), or none of them."""
    s = slab.cache
    yield from _hook(cpu, slab, objects)
    if w.detail:
        yield from spin_lock_irqsave(cpu, s.node.list_lock)
    steps: list[Event] = []
    if _pass(w, cpu, slab, objects, steps):
        if points_to_itself(slab, objects[0], slab.freelist):
            yield steps or None
            yield from oops(cpu, slab, objects[0], Fault.SELF_POINTER)
        steps += _freed(cpu, slab, objects)
    else:
        steps.append((Kind.FIX_NOT_FREED, cpu, slab.id, objects[-1], 0))
    yield steps
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, s.node.list_lock)
    yield from discard_slabs(w, cpu, s)


def _hook(cpu: int, slab: Slab, objects: list[int]) -> Path[None]:
    """``slab_free_freelist_hook``: the objects are chained before anybody looks whether they may be freed.

    An object that is on a freelist already loses what comes behind it there.
    """
    before = NULL
    steps: list[Event] = []
    for obj in objects:
        if points_to_itself(slab, obj, before):
            yield from oops(cpu, slab, obj, Fault.SELF_POINTER)
        steps.append((Kind.SET_FREE_POINTER, cpu, slab.id, obj, before))
        before = obj
    yield steps


def _pass(w: World, cpu: int, slab: Slab, objects: list[int], steps: list[Event]) -> bool:
    """Look at the slab and, from the chain's head on, at each object, which is then noted and poisoned as free."""
    flags = slab.cache.flags
    if flags & SlabFlags.CONSISTENCY_CHECKS and not run(check_slab(cpu, slab), steps):
        return False
    if slab.inuse < len(objects):
        steps.append(report(cpu, slab, len(objects), Reason.TOO_FEW_ALLOCATED))
        return False
    for obj in reversed(objects):
        if flags & SlabFlags.CONSISTENCY_CHECKS and not run(free_consistency_checks(cpu, slab, obj), steps):
            return False
        if flags & SlabFlags.STORE_USER:
            steps += track(w, cpu, slab, obj, Kind.TRACK_FREE, TRACK_FREE)
        steps.append((Kind.INIT_OBJECT, cpu, slab.id, obj, RED_INACTIVE))
    return True


def _freed(cpu: int, slab: Slab, objects: list[int]) -> list[Event]:
    """The chain goes in front of the slab's own. ``nr_partial`` is compared as it is before the slab moves."""
    node, s, owners = slab.cache.node, slab.cache, slab.owners
    was_full = slab.freelist == NULL
    surplus = slab.inuse == len(objects) and node.nr_partial >= s.min_partial
    first = Kind.DEBUG_FREE_FULL if was_full else Kind.FREE_TO_PARTIAL
    kinds = [first] + [Kind.BULK_FREE] * (len(objects) - 1)
    steps: list[Event] = [
        (kind, cpu, slab.id, obj, owners.get(obj, 0)) for kind, obj in zip(kinds, objects, strict=True)
    ]
    if surplus:
        steps.append((Kind.FREE_REMOVE_PARTIAL, cpu, slab.id, 0, 0))
    return steps
