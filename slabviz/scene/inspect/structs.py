"""The allocator's structures with their live fields: kmem_cache_cpu and kmem_cache_node (syllabus A3)."""

from __future__ import annotations

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import TID_STEP, KmemCache
from slabviz.model.lock import NOBODY
from slabviz.model.slab import NULL, Slab
from slabviz.scene.inspect.fields import pointer, slab_name
from slabviz.scene.inspect.place import SlabPlace
from slabviz.scene.inspect.state import Field, Struct
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped


def structs(slab: Slab, place: SlabPlace, cpu: int, tr: Translate) -> tuple[Struct, ...]:
    """Those of the slab's CPU (or of the one that is told of) and of its node."""
    cache = slab.cache
    return (_cpu(cache, place.cpu if place.cpu >= 0 else cpu, tr), _node(cache, tr))


def _cpu(cache: KmemCache, cpu: int, tr: Translate) -> Struct:
    c = cache.cpu_slab[cpu]
    first = "NULL" if c.slab is None or c.freelist == NULL else pointer(c.slab, c.freelist)
    index = "" if c.slab is None or c.freelist == NULL else tr("inspect.object", index=c.slab.index_of(c.freelist))
    parked = " → ".join(slab_name(slab.id, tr) for slab in reversed(c.partial)) or "NULL"
    changes = tr("inspect.struct.tid", changes=grouped(c.tid // TID_STEP), cpu=c.tid % TID_STEP)
    fields = (
        Field("freelist", first, index),
        Field("slab", "NULL" if c.slab is None else slab_name(c.slab.id, tr)),
        Field("partial", parked, tr("inspect.struct.parked", count=len(c.partial), limit=cache.cpu_partial_slabs)),
        Field("tid", grouped(c.tid), changes),
    )
    return Struct("kmem_cache_cpu", f"CPU{cpu}", fields)


def _node(cache: KmemCache, tr: Translate) -> Struct:
    node = cache.node
    lock = node.list_lock
    holder = tr("stage.lock.free") if lock.holder == NOBODY else tr("stage.lock.held", cpu=lock.holder)
    keeps = "full_list" if cache.flags & SlabFlags.STORE_USER else "only_debug"
    fields = (
        Field("list_lock", holder),
        Field("nr_partial", str(node.nr_partial), tr("inspect.struct.min", slabs=cache.min_partial)),
        Field("partial", _first(list(node.partial), tr), tr("inspect.struct.first") if node.partial else ""),
        Field("full", _first(list(node.full), tr), tr(f"inspect.struct.{keeps}", count=len(node.full))),
        Field("nr_slabs", grouped(node.nr_slabs), ""),
        Field("total_objects", grouped(node.total_objects), ""),
    )
    return Struct("kmem_cache_node", "node 0", fields)


def _first(slabs: list[int], tr: Translate) -> str:
    return slab_name(slabs[0], tr) if slabs else "—"
