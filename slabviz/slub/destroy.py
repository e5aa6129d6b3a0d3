"""kmem_cache_destroy: all slabs of a cache are given up, if nobody holds an object any more (mm/slub.c of 6.1)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.slub.deactivate import discard_slabs
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import FlushCpus, Path, World


def kmem_cache_destroy(w: World, cpu: int, s: KmemCache) -> Path[bool]:
    """``__kmem_cache_shutdown``: flush all CPUs and give the empty slabs back; whether none is left.

    Where objects remain their slabs stay, and the cache with them: the kernel lists what is left on the node's partial
    list (full slabs are on no list it looks at), complains and keeps a zombie.
    """
    node = s.node
    yield (Kind.CACHE_CLOSE, cpu, s.id, 0, 0)
    if w.detail:
        yield (Kind.DESTROY_ENTER, cpu, s.id, 0, 0)
    yield FlushCpus(s)
    if w.detail:
        yield from spin_lock_irqsave(cpu, node.list_lock)
    for slab in list(node.partial.values()):
        kind = Kind.OBJECTS_REMAINING if slab.inuse else Kind.SHRINK_EMPTY
        yield (kind, cpu, slab.id, 0, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, node.list_lock)
    yield from discard_slabs(w, cpu, s)
    left = node.nr_slabs
    if left:
        yield (Kind.CACHE_REMAINS, cpu, s.id, 0, 0)
    yield (Kind.CACHE_ZOMBIE if left else Kind.CACHE_GONE, cpu, s.id, left, 0)
    return not left
