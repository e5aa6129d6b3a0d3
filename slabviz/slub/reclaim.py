"""Reclaim: clean pages of files are dropped, and shrinkers are asked for objects (mm/vmscan.c of 6.1;
``slub-semantics.md`` 5.7, 5.8).

Simplified: there is no swap, no writeback and one list of file pages, the oldest first; pages of programs stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from slabviz.model.events import Kind
from slabviz.model.gfp import Gfp
from slabviz.model.machine import Machine
from slabviz.model.watermarks import AllocFlags
from slabviz.model.zone import FILE_PAGES, FRAME_OTHER, Block, Zone
from slabviz.slub.page_alloc import free_pages
from slabviz.slub.page_freelist import nr_free_pages, zone_watermark_ok
from slabviz.slub.world import Path, SleepFor, World

DEF_PRIORITY = 12
SWAP_CLUSTER_MAX = 32
"""Pages that a direct reclaim wants."""
SHRINK_BATCH = 128
"""Objects that a shrinker is asked to look at in one go."""


class Shrinker(Protocol):
    """Whoever keeps objects that could be made again (``struct shrinker``)."""

    cache: int
    """Id of the cache that its objects lie in."""
    seeks: int
    """How dear it is to make an object again; 0: half of them are asked for at once."""
    deferred: int
    """Objects that should have been looked at before (``nr_deferred``)."""

    def count(self) -> int:
        """Objects that could be given up."""
        ...

    def scan(self, cpu: int, number: int) -> Path[int]:
        """Look at so many, the oldest first; how many were looked at."""
        ...


class FilePages(Protocol):
    """Who else keeps book of the pages of files."""

    def dropped(self, block: Block) -> None:
        """A block has been reclaimed."""
        ...


@dataclass(slots=True)
class Scan:
    """One reclaim under way (``struct scan_control``)."""

    cpu: int
    gfp: int
    highest: int
    """The highest zone that helps."""
    wanted: int
    """Pages."""
    files: FilePages
    shrinkers: Sequence[Shrinker]
    priority: int = DEF_PRIORITY
    reclaimed: int = 0
    boosts: list[int] = field(default_factory=list)


def file_pages(zones: Sequence[Zone]) -> int:
    """Pages of files in some zones."""
    return sum(zone.frames.count(FRAME_OTHER + FILE_PAGES) for zone in zones)


def shrink_node(w: World, scan: Scan) -> Path[None]:
    """One round: a part of the file pages, then a part of what the shrinkers keep; the lower the priority, the more."""
    zones = w.machine.zones[: scan.highest + 1]
    looked_at = file_pages(zones) >> scan.priority
    while looked_at > 0:
        block = oldest_file_block(w.machine, scan.highest)
        if block is None:
            break
        pfn, order = block
        yield (Kind.PAGE_RECLAIM, scan.cpu, order, pfn, FILE_PAGES)
        scan.files.dropped(block)
        yield from free_pages(w, scan.cpu)
        looked_at -= 1 << order
        scan.reclaimed += 1 << order
        if scan.reclaimed >= scan.wanted:
            break
    if scan.gfp & Gfp.FS:
        for shrinker in scan.shrinkers:
            yield from do_shrink_slab(shrinker, scan.cpu, scan.priority)


def oldest_file_block(m: Machine, highest: int) -> Block | None:
    """The file block that has been there longest, in the highest zone that has one."""
    for zone in m.zones[highest::-1]:
        for pfn, (order, owner) in zone.others.items():
            if owner == FILE_PAGES:
                return pfn, order
    return None


def do_shrink_slab(shrinker: Shrinker, cpu: int, priority: int) -> Path[None]:
    """Ask a shrinker for its share, in batches; what is too little for a batch is put off (``do_shrink_slab``)."""
    freeable = shrinker.count()
    if not freeable:
        return
    put_off, shrinker.deferred = shrinker.deferred, 0
    delta = (freeable >> priority) * 4 // shrinker.seeks if shrinker.seeks else freeable // 2
    total = min((put_off >> priority) + delta, 2 * freeable)
    scanned = 0
    while total >= SHRINK_BATCH or (total >= freeable and total > 0):
        number = min(SHRINK_BATCH, total)
        yield (Kind.SHRINK_SLAB, cpu, shrinker.cache, number, priority)
        yield from shrinker.scan(cpu, number)
        total -= number
        scanned += number
    shrinker.deferred = min(max(put_off + delta - scanned, 0), 2 * freeable)


def try_to_free_pages(w: World, scan: Scan) -> Path[int]:
    """Direct reclaim: with every round more, until some pages are free (``do_try_to_free_pages``)."""
    for priority in range(DEF_PRIORITY, -1, -1):
        scan.priority = priority
        yield from shrink_node(w, scan)
        if scan.reclaimed >= scan.wanted:
            break
    return scan.reclaimed


def balanced(w: World, order: int, highest: int, boost: bool) -> bool:
    """Whether some zone is above its high mark (``pgdat_balanced``), counted with its boost or without."""
    flags = AllocFlags.WMARK_HIGH
    return any(
        zone_watermark_ok(zone, order, flags, highest, nr_free_pages(w.machine, zone) + (0 if boost else zone.boost))
        for zone in w.machine.zones[: highest + 1]
    )


def balance_pgdat(w: World, scan: Scan, order: int) -> Path[int]:
    """What kswapd does once it is awake: reclaim until some zone is above its high mark, or nothing more can be had.
    The boosts that there were are then gone."""
    zones = w.machine.zones[: scan.highest + 1]
    boosts = [zone.boost for zone in zones]
    boost_left = sum(boosts)
    while scan.priority >= 1:
        enough = balanced(w, order, scan.highest, boost=False)
        if enough and boost_left <= 0:
            break
        before = scan.reclaimed
        scan.wanted = before + max(SWAP_CLUSTER_MAX, sum(zone.watermarks.high for zone in zones))
        yield from shrink_node(w, scan)
        boost_left -= scan.reclaimed - before
        if enough and scan.reclaimed == before and scan.priority < DEF_PRIORITY - 2:
            break
        if scan.reclaimed - before < SWAP_CLUSTER_MAX:
            scan.priority -= 1
        yield SleepFor(1)  # cond_resched()
    for zone, boost in zip(zones, boosts, strict=True):
        if boost:
            yield (Kind.WATERMARK_BOOST, scan.cpu, zone.index, zone.boost - min(zone.boost, boost), 0)
    return scan.reclaimed
