"""/sys/kernel/slab/NAME/: the files of one cache, as ``grep . *`` shows them there (mm/slub.c, 6.1).

Counts of slabs and objects are followed by `` N0=…`` when they are not 0, those of CPU partial stacks by what each CPU
has. ``slabs_cpu_partial`` is an estimate, the kernel's own: a parked slab counts as half free. Files about what the
model does not know (``ctor``, ``usersize``, the actions ``shrink`` and ``validate``) are left out.
"""

from __future__ import annotations

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache, KmemCacheCpu
from slabviz.report.cache_counts import free_objects

FLAG_FILES = {
    "cache_dma": SlabFlags.CACHE_DMA,
    "destroy_by_rcu": SlabFlags.TYPESAFE_BY_RCU,
    "hwcache_align": SlabFlags.HWCACHE_ALIGN,
    "poison": SlabFlags.POISON,
    "reclaim_account": SlabFlags.RECLAIM_ACCOUNT,
    "red_zone": SlabFlags.RED_ZONE,
    "sanity_checks": SlabFlags.CONSISTENCY_CHECKS,
    "store_user": SlabFlags.STORE_USER,
    "trace": SlabFlags.TRACE,
}
"""Files that say 1 or 0."""


def sysfs(cache: KmemCache) -> list[str]:
    """``FILE:TEXT`` for each file, in the order of their names."""
    return [f"{name}:{text}" for name, text in sysfs_data(cache).items()]


def sysfs_data(cache: KmemCache) -> dict[str, str]:
    """What each file says, by file."""
    shape, node = cache.geometry, cache.node
    free = free_objects(node.partial.values())
    files = {
        "aliases": str(len(cache.aliases)),
        "cpu_partial": str(cache.cpu_partial),
        "cpu_slabs": _on_node(_cpu_slabs(cache)),
        "min_partial": str(cache.min_partial),
        "object_size": str(shape.object_size),
        "objects": _on_node(node.total_objects - free),
        "objects_partial": _on_node(sum(slab.inuse for slab in node.partial.values())),
        "objs_per_slab": str(shape.oo_objects),
        "order": str(shape.oo_order),
        "partial": _on_node(node.nr_partial),
        "slab_size": str(cache.size),
        "slabs": _on_node(node.nr_slabs),
        "slabs_cpu_partial": _slabs_cpu_partial(cache),
        "total_objects": _on_node(node.total_objects),
    }
    if shape.align:  # a recorded state does not say it
        files["align"] = str(shape.align)
    files |= {name: str(int(bool(cache.flags & flag))) for name, flag in FLAG_FILES.items()}
    return dict(sorted(files.items()))


def _on_node(count: int) -> str:
    return f"{count} N0={count}" if count else "0"


def _cpu_slabs(cache: KmemCache) -> int:
    """The kernel passes over a CPU without a cpu slab, whatever is parked there."""
    return sum(1 + c.partial_slabs for c in cache.cpu_slab if c.slab is not None)


def _slabs_cpu_partial(cache: KmemCache) -> str:
    per_slab = cache.geometry.oo_objects
    parked = {cpu: c.partial_slabs for cpu, c in enumerate(cache.cpu_slab) if _has_stack(c)}
    text = _estimate(sum(parked.values()), per_slab)
    return text + "".join(f" C{cpu}={_estimate(slabs, per_slab)}" for cpu, slabs in parked.items())


def _has_stack(c: KmemCacheCpu) -> bool:
    return c.partial_slabs > 0


def _estimate(slabs: int, objs_per_slab: int) -> str:
    return f"{slabs * objs_per_slab // 2}({slabs})"
