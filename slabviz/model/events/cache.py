"""The life of a cache: made, ready, tuned, destroyed; and what an offline CPU leaves behind in it."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.kmem_cache import TID_STEP, CacheState
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL

_STATES = {
    Kind.CACHE_OPEN: CacheState.OPENING,
    Kind.CACHE_READY: CacheState.READY,
    Kind.CACHE_CLOSE: CacheState.CLOSING,
    Kind.CACHE_ZOMBIE: CacheState.ZOMBIE,
    Kind.CACHE_GONE: CacheState.GONE,
}
"""What each of these events makes of a cache; CACHE_NODE and CACHE_CPUS only tell how far its making is."""


def _becomes(kind: Kind, state: CacheState) -> None:
    @applies(kind)
    def change(m: Machine, cpu: int, cache: int, arg: int, who: int) -> None:
        m.caches[cache].state = state


for _kind, _state in _STATES.items():
    _becomes(_kind, _state)


@applies(Kind.TUNE_MIN_PARTIAL)
def tune_min_partial(m: Machine, cpu: int, cache: int, slabs: int, who: int) -> None:
    m.caches[cache].tune(min_partial=slabs)


@applies(Kind.TUNE_CPU_PARTIAL)
def tune_cpu_partial(m: Machine, cpu: int, cache: int, objects: int, who: int) -> None:
    m.caches[cache].tune(cpu_partial=objects)


@applies(Kind.CPUSLAB_FLUSH_DEAD)
def cpuslab_flush_dead(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    c = next(c for c in s.cache.cpu_slab if c.slab is s)
    hand = m.cpus[cpu].hand
    hand.old, hand.old_chain = s, c.freelist
    c.slab, c.freelist = None, NULL
    c.tid += TID_STEP


@applies(Kind.CPU_PARTIAL_FLUSH_DEAD)
def cpu_partial_flush_dead(m: Machine, cpu: int, cache: int, dead: int, who: int) -> None:
    c = m.caches[cache].cpu_slab[dead]
    m.cpus[cpu].hand.stack, c.partial = c.partial, []
