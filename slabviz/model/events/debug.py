"""Caches that are debugged: one object at a time from and to the node's lists, and what is written beside each."""

from __future__ import annotations

from slabviz.model.events.freelist import free_to_slab, handed_out
from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import Machine
from slabviz.model.memory import write
from slabviz.model.poison import RED_ACTIVE, TRACK_ALLOC, TRACK_FREE, init_object, track_at
from slabviz.model.slab import NULL, Slab
from slabviz.model.track import TEXT


@applies(Kind.DEBUG_ALLOC)
def debug_alloc(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    _take(m.slabs[slab], obj, who)


@applies(Kind.DEBUG_ALLOC_NEW)
def debug_alloc_new(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    _take(s, obj, who)
    node = s.cache.node
    node.nr_slabs += 1
    node.total_objects += s.objects
    m.cpus[cpu].hand.slab = None
    node.add_partial_head(s)


@applies(Kind.ADD_FULL)
def add_full(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    del s.cache.node.partial[slab]
    s.cache.node.add_full(s)


def _take(s: Slab, obj: int, who: int) -> None:
    s.freelist = s.links[obj]
    s.inuse += 1
    s.owners[obj] = who


@applies(Kind.INIT_OBJECT)
def initialise(m: Machine, cpu: int, slab: int, obj: int, red: int) -> None:
    s = m.slabs[slab]
    if s.memory is None:  # TRACE alone writes nothing
        return
    init_object(s, obj, red)
    if red == RED_ACTIVE:
        handed_out(s, obj)


@applies(Kind.TRACK_ALLOC)
def track_alloc(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    _track(m.slabs[slab], obj, TRACK_ALLOC, cpu, who)


@applies(Kind.TRACK_FREE)
def track_free(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    _track(m.slabs[slab], obj, TRACK_FREE, cpu, who)


def _track(s: Slab, obj: int, which: int, cpu: int, who: int) -> None:
    """``set_track``: address, stack handle (none), cpu; pid and jiffies are poked after it."""
    record = (TEXT + who).to_bytes(8, "little") + bytes(4) + cpu.to_bytes(4, "little") + bytes(16)
    write(s, obj + track_at(s.cache, which), record)


@applies(Kind.DEBUG_FREE_FULL)
def debug_free_full(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    free_to_slab(m, cpu, slab, obj, who)
    s = m.slabs[slab]
    node = s.cache.node
    if s.cache.flags & SlabFlags.STORE_USER:
        node.full.pop(slab, None)
    node.partial[slab] = s


@applies(Kind.MARK_ALL_USED)
def mark_all_used(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    s.inuse, s.freelist, s.frozen = s.objects, NULL, True
    s.owners.pop(obj, None)
    s.cache.node.partial.pop(slab, None)
    s.cache.node.full.pop(slab, None)


@applies(Kind.ADJUST_COUNT)
def adjust_count(m: Machine, cpu: int, slab: int, inuse: int, who: int) -> None:
    s = m.slabs[slab]
    s.inuse = inuse
    if inuse == s.objects:
        s.freelist = NULL
