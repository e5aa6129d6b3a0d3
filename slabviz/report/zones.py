"""What the reports about pages read of a machine's memory, zone by zone: the one place that knows how it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from slabviz.model.flags import SlabFlags
from slabviz.model.machine import Machine
from slabviz.model.watermarks import Watermarks
from slabviz.model.zone import PAGE_CLASSES


@dataclass(slots=True, frozen=True)
class PageSet:
    """One CPU's page set of a zone, in pages."""

    count: int
    high: int
    batch: int


@dataclass(slots=True, frozen=True)
class ZoneCounts:
    """One zone; ``free`` are blocks by order, everything else pages."""

    name: str
    free: tuple[int, ...]
    nr_free: int
    watermarks: Watermarks
    boost: int
    protection: tuple[int, ...]
    """Pages kept from requests that prefer zone number … (``lowmem_reserve``)."""
    managed: int
    start_pfn: int
    page_sets: tuple[PageSet, ...]


@dataclass(slots=True, frozen=True)
class SlabPages:
    """Pages of slabs (``NR_SLAB_RECLAIMABLE_B``, ``NR_SLAB_UNRECLAIMABLE_B``)."""

    reclaimable: int
    unreclaimable: int


def zones(machine: Machine) -> list[ZoneCounts]:
    """The zones from the lowest to the highest."""
    return [
        ZoneCounts(
            zone.name, tuple(zone.free_counts()), zone.nr_free, zone.watermarks, zone.boost,
            tuple(zone.lowmem_reserve), zone.managed, zone.first_pfn,
            tuple(PageSet(pcp.count, zone.pcp_high, zone.batch) for pcp in zone.pcp),
        )
        for zone in machine.zones
    ]  # fmt: skip


def pages_of_class(machine: Machine, name: str) -> int:
    """Pages that the kernel, users or files hold (a name of PAGE_CLASSES)."""
    wanted = PAGE_CLASSES.index(name)
    return sum(1 << order for zone in machine.zones for order, owner in zone.others.values() if owner == wanted)


def slab_pages(machine: Machine) -> SlabPages:
    """Pages of all slabs, also of those that wait for RCU: they are counted until they are given back.

    Slabs of RECLAIM_ACCOUNT caches are reclaimable; large kmalloc blocks count as unreclaimable slab pages.
    """
    reclaimable = _pages(machine, reclaimable=True)
    return SlabPages(reclaimable, _pages(machine, reclaimable=False) + large_kmalloc_pages(machine))


def large_kmalloc_pages(machine: Machine) -> int:
    """Pages of kmalloc blocks that are too large for any cache."""
    return machine.large_pages


def _pages(machine: Machine, *, reclaimable: bool) -> int:
    orders: Iterable[int] = (
        slab.order
        for slab in machine.slabs.values()
        if bool(slab.cache.flags & SlabFlags.RECLAIM_ACCOUNT) is reclaimable
    )
    return sum(1 << order for order in orders)
