"""The zones of a machine: how they are laid out, and which of them a request may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slabviz.model.gfp import Gfp
from slabviz.model.migrate import FEWEST_PAGES
from slabviz.model.watermarks import BOOST_FACTOR, Watermarks, lowmem_reserves, min_free_kbytes
from slabviz.model.zone import PageSets, Zone

DMA, DMA32, NORMAL = "DMA", "DMA32", "Normal"


@dataclass(slots=True, frozen=True)
class MemoryConfig:
    """How memory is divided and kept; the default is one zone, as the kernel would tune it.

    ``zones`` has (name, pages) lowest first, and makes up the whole machine; empty: one ZONE_NORMAL.
    """

    zones: tuple[tuple[str, int], ...] = ()
    min_free: int | None = None
    """``min_free_kbytes``; None: what the kernel computes."""
    sets: PageSets = field(default_factory=PageSets)
    boost_factor: int = BOOST_FACTOR
    reserve_ratio: int | None = None
    """``lowmem_reserve_ratio`` of every zone; None: the kernel's own."""


def make_zones(config: MemoryConfig, pages: int, first_pfn: int, cpus: int) -> list[Zone]:
    """The zones of a machine of ``pages`` page frames, the lowest first; all memory is free."""
    sizes = config.zones or ((NORMAL, pages),)
    total = sum(size for _, size in sizes)
    min_free = min_free_kbytes(total) if config.min_free is None else config.min_free
    zones, pfn, reserves = [], first_pfn, lowmem_reserves(sizes, config.reserve_ratio)
    for index, ((name, size), reserve) in enumerate(zip(sizes, reserves, strict=True)):
        marks = Watermarks.of(size, min_free, total)
        grouping = total >= FEWEST_PAGES
        zones.append(Zone(size, pfn, cpus, name, index, marks, reserve, config.sets, grouping, config.boost_factor))
        pfn += size
    return zones


def highest_zone(zones: Sequence[Zone], gfp: int) -> int:
    """The number of the zone that a request prefers (``gfp_zone``); lower ones serve it too, highest first.

    A machine without the wanted zone was built without it, and serves the request from where it serves all.
    """
    wanted = DMA if gfp & Gfp.DMA else DMA32 if gfp & Gfp.DMA32 else NORMAL
    for zone in zones:
        if zone.name == wanted:
            return zone.index
    return len(zones) - 1
