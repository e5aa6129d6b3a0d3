"""The recorder's ``fragment`` and ``release``: memory in single pages of which no two neighbours are free, and back."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.zone import KERNEL_PAGES, Zone
from slabviz.slub.page_alloc import free_pages
from slabviz.slub.page_sets import drain_all_pages
from slabviz.slub.world import Path, World


def fragment(w: World, cpu: int) -> Path[list[int]]:
    """Split every free block of two and more pages, and hold every second page: the pages held."""
    yield from drain_all_pages(w, cpu)
    held: list[int] = []
    for zone in w.machine.zones:
        for order in range(len(zone.free) - 1, 0, -1):
            for migrate, orders in enumerate(zone.lists):
                while orders[order]:
                    held.append((yield from _hold_a_page(cpu, zone, order, migrate)))
    return held


def _hold_a_page(cpu: int, zone: Zone, order: int, migrate: int) -> Path[int]:
    """The first page of a free block; what is left of it are smaller blocks, which come later."""
    pfn = next(iter(zone.lists[migrate][order]))
    yield (Kind.BUDDY_TAKE, cpu, order, pfn, migrate)
    for low in range(order - 1, -1, -1):
        yield (Kind.BUDDY_SPLIT, cpu, low, pfn + (1 << low), migrate)
    yield (Kind.PAGE_ALLOC, cpu, 0, pfn, KERNEL_PAGES)
    return pfn


def release(w: World, cpu: int, held: list[int]) -> Path[None]:
    """Give all held pages back."""
    for pfn in held:
        yield (Kind.PAGE_FREE, cpu, 0, pfn, 0)
        yield from free_pages(w, cpu)
