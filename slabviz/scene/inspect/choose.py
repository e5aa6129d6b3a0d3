"""Choosing an object by who holds it."""

from __future__ import annotations

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.scene.levels import Selected


def next_of(machine: Machine, cache: KmemCache, actor: int, selected: Selected | None) -> Selected | None:
    """The next object of a cache that somebody holds, behind the one that is chosen; None if he holds none."""
    held = [
        Selected(slab.id, slab.index_of(obj))
        for slab in machine.slabs.values() if slab.cache is cache
        for obj in sorted(slab.owners) if slab.owners[obj] == actor
    ]  # fmt: skip
    if not held:
        return None
    here = held.index(selected) if selected in held else -1
    return held[(here + 1) % len(held)]
