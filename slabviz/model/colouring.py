"""Which sets of the CPU's own cache the objects fall into, and where SLAB's colouring would have put them (F3).

The first-level data cache of most x86 CPUs: 32 KiB in lines of 64 bytes, 8 lines a set, so 64 sets; bits 6 to 11 of the
address choose the set. Slabs begin at pages, so in SLUB object k of every slab falls into the same sets. SLAB began
each new slab one colour later (``cache_grow_begin``): ``colour_off`` bytes, as far as what is left over allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import CACHE_LINE, PAGE_SIZE

SETS, WAYS = 64, 8


@dataclass(slots=True, frozen=True)
class ColouredSlab:
    """A slab, and in which set its object begins: where SLUB has it, and shifted by SLAB's colour (bytes)."""

    slab: int
    set: int
    colour: int
    coloured_set: int


@dataclass(slots=True, frozen=True)
class Colouring:
    """Object ``index`` of every slab of a cache, the slabs in the order in which they were made; sizes in bytes."""

    cache: str
    index: int
    lines: int
    """So many lines the object reaches over."""
    colour_off: int
    colours: int
    """So many different beginnings SLAB had; 1 means that it could not shift anything."""
    waste: int
    slabs: tuple[ColouredSlab, ...]

    def crowd(self, coloured: bool) -> tuple[int, ...]:
        """How many slabs' objects begin in each set."""
        counts = [0] * SETS
        for slab in self.slabs:
            counts[slab.coloured_set if coloured else slab.set] += 1
        return tuple(counts)


def colouring(machine: Machine, cache: KmemCache, index: int) -> Colouring:
    """The sets of object ``index`` (or the last one, if there are fewer) in the slabs that there are."""
    shape = cache.geometry
    index = min(index, shape.oo_objects - 1)
    waste = (PAGE_SIZE << shape.oo_order) - shape.oo_objects * cache.size
    colour_off = max(CACHE_LINE, shape.align)
    colours = max(waste // colour_off, 1)
    slabs = sorted((slab for slab in machine.slabs.values() if slab.cache is cache), key=lambda slab: slab.id)
    found = []
    for number, slab in enumerate(slabs):
        address = slab.address + min(index, slab.objects - 1) * cache.size + cache.red_left_pad
        colour = (number + 1) % colours * colour_off
        found.append(ColouredSlab(slab.id, set_of(address), colour, set_of(address + colour)))
    lines = (index * cache.size % CACHE_LINE + shape.object_size - 1) // CACHE_LINE + 1
    return Colouring(cache.name, index, lines, colour_off, colours, waste, tuple(found))


def set_of(address: int) -> int:
    """The set that an address falls into."""
    return address // CACHE_LINE % SETS
