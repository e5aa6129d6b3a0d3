"""Objects moving between freelists and their holders."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.kmem_cache import TID_STEP
from slabviz.model.machine import Machine
from slabviz.model.memory import set_freepointer, zero_object
from slabviz.model.slab import NULL, Slab


def handed_out(s: Slab, obj: int) -> None:
    """An object comes out of a slab that has been looked at (``slab_post_alloc_hook``)."""
    if s.cache.init_on_alloc:
        zero_object(s, obj)


@applies(Kind.ALLOC_FASTPATH)
def alloc_fastpath(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    c.freelist = s.links[obj]
    c.tid += TID_STEP
    s.owners[obj] = who
    if s.memory is not None:
        handed_out(s, obj)


@applies(Kind.FREE_FASTPATH)
def free_fastpath(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    s.links[obj] = c.freelist
    if s.memory is not None:
        set_freepointer(s, obj, c.freelist)
    c.freelist = obj
    c.tid += TID_STEP
    s.owners.pop(obj, None)


@applies(Kind.LOAD_FREELIST)
def load_freelist(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    c.freelist = s.links[obj]
    c.tid += TID_STEP
    s.owners[obj] = who
    if s.memory is not None:
        handed_out(s, obj)
    hand = m.cpus[cpu].hand
    hand.chain, hand.of = NULL, None


@applies(Kind.BULK_POP)
def bulk_pop(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    s.cache.cpu_slab[cpu].freelist = s.links[obj]
    s.owners[obj] = who
    if s.memory is not None:
        handed_out(s, obj)


@applies(Kind.BULK_PUSH)
def bulk_push(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    s.links[obj] = c.freelist
    if s.memory is not None:
        set_freepointer(s, obj, c.freelist)
    c.freelist = obj
    s.owners.pop(obj, None)


@applies(Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.BULK_FREE)
def free_to_slab(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    s.links[obj] = s.freelist
    if s.memory is not None:
        set_freepointer(s, obj, s.freelist)
    s.freelist = obj
    s.inuse -= 1
    s.owners.pop(obj, None)


@applies(Kind.CPU_PARTIAL_FREE)
def cpu_partial_free(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    free_to_slab(m, cpu, slab, obj, who)
    s = m.slabs[slab]
    s.frozen = m.era.parked_are_frozen
    hand = m.cpus[cpu].hand
    hand.slab = hand.of = s


@applies(Kind.TID_STEP)
def tid_step(m: Machine, cpu: int, cache: int, arg: int, who: int) -> None:
    m.caches[cache].cpu_slab[cpu].tid += TID_STEP
