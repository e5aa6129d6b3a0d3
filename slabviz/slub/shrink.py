"""kmem_cache_shrink: everything back to the node, empty slabs given up, the fullest first (mm/slub.c of 6.1)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.slub.deactivate import discard_slabs
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import FlushCpus, Path, World

SHRINK_PROMOTE_MAX = 32
"""Slabs with up to so many free objects are sorted to the front."""


def kmem_cache_shrink(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """Flush all CPUs, then sort the node's list."""
    if w.detail:
        yield (Kind.SHRINK_ENTER, cpu, s.id, 0, 0)
    yield FlushCpus(s)
    yield from do_shrink(w, cpu, s)


def do_shrink(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """``__kmem_cache_do_shrink``: min_partial does not count here."""
    node = s.node
    if w.detail:
        yield (Kind.DO_SHRINK, cpu, s.id, 0, 0)
        yield from spin_lock_irqsave(cpu, node.list_lock)
    yield from take_empty(cpu, s)
    for slab in reversed(promoted(list(node.partial.values()))):
        yield (Kind.SHRINK_SORT, cpu, slab.id, 0, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, node.list_lock)
    yield from discard_slabs(w, cpu, s)


def take_empty(cpu: int, s: KmemCache) -> Path[None]:
    """Every empty slab of the node's list comes in hand to be discarded; list_lock is held."""
    for slab in [slab for slab in s.node.partial.values() if slab.inuse == 0]:
        yield (Kind.SHRINK_EMPTY, cpu, slab.id, 0, 0)


def promoted(slabs: list[Slab]) -> list[Slab]:
    """The slabs that go to the front, in their new order: fewest free objects first, each bucket in reverse."""
    near = [slab for slab in reversed(slabs) if slab.objects - slab.inuse <= SHRINK_PROMOTE_MAX]
    return sorted(near, key=lambda slab: slab.objects - slab.inuse)
