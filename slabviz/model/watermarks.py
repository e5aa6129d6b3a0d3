"""How much of a zone an allocation must leave: watermarks, reserves, and who may go how deep.

All pure functions of numbers. Source: ``slub-semantics.md`` 5.5 and 5.6 (mm/page_alloc.c of 6.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from slabviz.model.gfp import Gfp, may_sleep
from slabviz.model.sizing import PAGE_SIZE

KIB_A_PAGE = PAGE_SIZE // 1024
RESERVE_RATIO = {"DMA": 256, "DMA32": 256, "Normal": 32}
"""``sysctl_lowmem_reserve_ratio`` by zone."""
BOOST_FACTOR = 15000
"""``watermark_boost_factor``: 150 % of the high watermark."""


class AllocFlags:
    """``ALLOC_…`` of mm/internal.h: which mark counts, and what lies below it for this request; plain numbers."""

    WMARK_MIN = 0
    WMARK_LOW = 1
    WMARK_HIGH = 2
    WMARK_MASK = 3
    NO_WATERMARKS = 4
    OOM = 8
    HARDER = 0x10
    HIGH = 0x20
    NOFRAGMENT = 0x100
    KSWAPD = 0x800


@dataclass(slots=True, frozen=True)
class Watermarks:
    """min, low, high in pages (``__setup_per_zone_wmarks``)."""

    min: int
    low: int
    high: int

    @classmethod
    def of(cls, managed: int, min_free: int | None = None, all_managed: int | None = None) -> Watermarks:
        """The marks of a zone of ``managed`` pages; ``min_free`` KiB are shared by ``all_managed`` pages (default: the
        zone is alone, and ``min_free`` what the kernel computes; huge pages not counted in)."""
        total = managed if all_managed is None else all_managed
        kibibytes = min_free_kbytes(total) if min_free is None else min_free
        floor = kibibytes // KIB_A_PAGE * managed // total
        gap = max(floor // 4, managed * 10 // 10000)
        return cls(floor, floor + gap, floor + 2 * gap)


def min_free_kbytes(managed: int) -> int:
    """``calculate_min_free_kbytes`` for so many pages of low memory."""
    return min(max(isqrt(16 * managed * KIB_A_PAGE), 128), 262144)


def lowmem_reserves(zones: Sequence[tuple[str, int]], ratio: int | None = None) -> list[list[int]]:
    """For zones (name, managed pages), lowest first: what each keeps from requests that prefer a higher zone
    (``setup_per_zone_lowmem_reserve``), by the number of that zone. ``ratio``: the sysctl, if it was written to."""
    rows = []
    for number, (name, _) in enumerate(zones):
        above = [sum(pages for _, pages in zones[number + 1 : wanted + 1]) for wanted in range(len(zones))]
        rows.append([pages // (ratio or RESERVE_RATIO[name]) for pages in above])
    return rows


def gfp_to_alloc_flags(gfp: int) -> int:
    """What a request may do in the slow path (``gfp_to_alloc_flags``)."""
    flags = AllocFlags.WMARK_MIN
    if gfp & Gfp.HIGH:
        flags |= AllocFlags.HIGH
    if gfp & Gfp.KSWAPD_RECLAIM:
        flags |= AllocFlags.KSWAPD
    # Up to 6.2 __GFP_ATOMIC says so; since then it is __GFP_HIGH of whoever cannot wait.
    if (gfp & Gfp.ATOMIC or (gfp & Gfp.HIGH and not may_sleep(gfp))) and not gfp & Gfp.NOMEMALLOC:
        flags |= AllocFlags.HARDER
    return flags


def lowered(mark: int, flags: int) -> int:
    """How many pages of a mark must stay for this request (``__zone_watermark_ok``): GFP_ATOMIC may take 5/8 of min."""
    if flags & AllocFlags.HIGH:
        mark -= mark // 2
    if flags & AllocFlags.OOM:
        mark -= mark // 2
    elif flags & AllocFlags.HARDER:
        mark -= mark // 4
    return mark


def floor_of(marks: Watermarks, boost: int, reserve: int, flags: int, order: int = 0) -> int:
    """Free pages that a zone must have *more than* for a request; ``reserve`` is the lowmem_reserve against it.

    A request that may go below min ignores the boost, if it is for a single page (``zone_watermark_fast``).
    """
    which = flags & AllocFlags.WMARK_MASK
    mark = (marks.min, marks.low, marks.high)[which]
    ignores_boost = order == 0 and which == AllocFlags.WMARK_MIN and flags & AllocFlags.HARDER
    return lowered(mark if ignores_boost else mark + boost, flags) + reserve


def boosted(boost: int, high: int, managed: int, pageblock: int, factor: int = BOOST_FACTOR) -> int:
    """The boost after one more event of fragmentation (``boost_watermark``); small zones have none."""
    most = high * factor // 10000
    if not factor or pageblock * 4 > managed or not most:
        return boost
    return min(boost + pageblock, max(pageblock, most))


def most_highatomic(managed: int, pageblock: int) -> int:
    """No further pageblock is kept for GFP_ATOMIC once this many pages are (``reserve_highatomic_pageblock``)."""
    return managed // 100 + pageblock
