"""Migrate types: what keeps pages that cannot move away from those that can (``slub-semantics.md`` 5.1, 5.2).

A pageblock of 512 pages has one type; what is freed in it goes to the lists of that type.
"""

from __future__ import annotations

from enum import IntEnum

from slabviz.model.gfp import Gfp


class MigrateType(IntEnum):
    """``enum migratetype`` of 6.1 without CMA and ISOLATE; the numbers are the kernel's."""

    UNMOVABLE = 0
    MOVABLE = 1
    RECLAIMABLE = 2
    HIGHATOMIC = 3


UNMOVABLE, MOVABLE, RECLAIMABLE, HIGHATOMIC = (int(kind) for kind in MigrateType)
TYPES = 4
PCP_TYPES = 3
"""Types that page sets keep; HIGHATOMIC pages lie among the movable ones there."""

PAGEBLOCK_ORDER = 9
PAGEBLOCK_PAGES = 1 << PAGEBLOCK_ORDER

FEWEST_PAGES = PAGEBLOCK_PAGES * 5
"""Below so many pages (five types, ISOLATE among them) grouping by mobility is off
(``page_group_by_mobility_disabled``)."""

FALLBACKS = {UNMOVABLE: (RECLAIMABLE, MOVABLE), MOVABLE: (RECLAIMABLE, UNMOVABLE), RECLAIMABLE: (UNMOVABLE, MOVABLE)}
"""Whose blocks a type takes when its own lists are dry, in this order."""


def gfp_migratetype(gfp: int) -> int:
    """The type that an allocation asks for (``gfp_migratetype``)."""
    if gfp & Gfp.MOVABLE:
        return MOVABLE
    return RECLAIMABLE if gfp & Gfp.RECLAIMABLE else UNMOVABLE


def can_steal(order: int, wanted: int, grouping: bool) -> bool:
    """Whether a request of this type may take over the pageblock of a foreign block (``can_steal_fallback``)."""
    return order >= PAGEBLOCK_ORDER // 2 or wanted in (UNMOVABLE, RECLAIMABLE) or not grouping


def mergeable(kind: int) -> bool:
    """Whether whole pageblocks of this type may merge with those of another (``migratetype_is_mergeable``)."""
    return kind < PCP_TYPES
