"""kmem_cache_create: a cache comes into being step by step (mm/slab_common.c, mm/slub.c of 6.1).

Who may touch what: all of it under slab_mutex, in process context; until CACHE_READY nobody else knows the cache.
"""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.slub.world import Path


def kmem_cache_create(cpu: int, s: KmemCache) -> Path[None]:
    """``kmem_cache_open``: sizes and limits, the node's part, the CPUs' parts; then the list of caches.

    The memory of these structures (from the caches kmem_cache and kmem_cache_node) is not modelled.
    """
    for step in (Kind.CACHE_OPEN, Kind.CACHE_NODE, Kind.CACHE_CPUS, Kind.CACHE_READY):
        yield (step, cpu, s.id, 0, 0)
