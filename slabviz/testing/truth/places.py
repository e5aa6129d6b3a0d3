"""Where the machine keeps a slab, in the words of the picture."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.testing.truth.shot import Shot


def kept(shot: Shot, slab: int) -> str:
    """Return where a slab of the cache is: active, parked, partial, empty (on the partial list), full, hand."""
    cache = shot.cache
    if any(c.slab is not None and c.slab.id == slab for c in cache.cpu_slab):
        return "active"
    if any(parked.id == slab for c in cache.cpu_slab for parked in c.partial):
        return "parked"
    if slab in cache.node.partial:
        return "partial" if cache.node.partial[slab].inuse else "empty"
    return "hand" if slab in in_hand(shot) and slab not in cache.node.full else "full"


def in_hand(shot: Shot) -> set[int]:
    """Return the slabs of the cache that a path has in its hand."""
    contexts = [context for cpu in shot.machine.cpus for context in cpu.stack] + list(shot.machine.parked.values())
    return {slab.id for context in contexts for slab in context.hand.slabs() if slab.cache is shot.cache}


def stands_in(rect: Rect, outer: Rect) -> bool:
    """Tell whether a card stands in an area, by its upper left corner."""
    return outer[0] <= rect[0] < outer[0] + outer[2] and outer[1] <= rect[1] < outer[1] + outer[3]
