"""The kernel's statistics (``enum stat_item`` of mm/slub.c, 6.1), and the events that each counts.

Counted as 6.1 counts: members of a bulk allocation that come off the CPU's freelist count nowhere, a group of a bulk
free counts once, and a slab that a shrink gives up is no FREE_SLAB. DEACTIVATE_REMOTE_FREES is left out: no event says
whether it happened. Steps that are only told with ``World.detail`` are not needed, so a recording that is replayed
counts as an engine's run does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from slabviz.model.events.kinds import LAST_OF_CACHES, LAST_OF_SLABS, Kind

Rows = npt.NDArray[np.int32]
"""Events, shape (events, 5): kind, cpu, slab, arg, who."""

STATISTICS: dict[str, tuple[Kind, ...]] = {
    "ALLOC_FASTPATH": (Kind.ALLOC_FASTPATH,),
    "ALLOC_SLOWPATH": (Kind.LOAD_FREELIST, Kind.ALLOC_FAILED, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW),
    "FREE_FASTPATH": (Kind.FREE_FASTPATH,),
    "FREE_SLOWPATH": (Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.DEBUG_FREE_FULL),
    "FREE_FROZEN": (Kind.FREE_FROZEN,),
    "FREE_ADD_PARTIAL": (Kind.UNFREEZE_PARTIAL, Kind.DEBUG_FREE_FULL),
    "FREE_REMOVE_PARTIAL": (Kind.FREE_REMOVE_PARTIAL,),
    "ALLOC_FROM_PARTIAL": (Kind.ALLOC_FROM_PARTIAL,),
    "ALLOC_SLAB": (Kind.ALLOC_SLAB, Kind.DEBUG_ALLOC_NEW),
    "ALLOC_REFILL": (Kind.ALLOC_REFILL,),
    "FREE_SLAB": (Kind.FREE_REMOVE_PARTIAL, Kind.DEACTIVATE_EMPTY, Kind.UNFREEZE_EMPTY),
    "CPUSLAB_FLUSH": (Kind.CPUSLAB_FLUSH, Kind.CPUSLAB_FLUSH_DEAD),
    "DEACTIVATE_FULL": (Kind.DEACTIVATE_FULL,),
    "DEACTIVATE_EMPTY": (Kind.DEACTIVATE_EMPTY, Kind.UNFREEZE_EMPTY),
    "DEACTIVATE_TO_HEAD": (Kind.DEACTIVATE_TO_HEAD,),
    "DEACTIVATE_TO_TAIL": (Kind.DEACTIVATE_TO_TAIL,),
    "DEACTIVATE_BYPASS": (Kind.DEACTIVATE_BYPASS,),
    "ORDER_FALLBACK": (Kind.ORDER_FALLBACK,),
    "CMPXCHG_DOUBLE_CPU_FAIL": (Kind.CMPXCHG_DOUBLE_CPU_FAIL,),
    "CMPXCHG_DOUBLE_FAIL": (Kind.CMPXCHG_DOUBLE_FAIL,),
    "CPU_PARTIAL_ALLOC": (Kind.CPU_PARTIAL_ALLOC,),
    "CPU_PARTIAL_FREE": (Kind.CPU_PARTIAL_FREE,),
    "CPU_PARTIAL_NODE": (Kind.CPU_PARTIAL_NODE,),
    "CPU_PARTIAL_DRAIN": (Kind.CPU_PARTIAL_DRAIN,),
}
"""Each statistic is the number of events of these kinds, in the kernel's order."""

NO_CACHE = -1


def cache_of_each(rows: Rows) -> npt.NDArray[np.int64]:
    """The cache that each event is about, shape (events,); NO_CACHE for locks, pages and contexts.

    ``rows`` must begin with the first event of a log, where every slab is made before it is named.
    """
    kinds, named = rows[:, 0], rows[:, 2].astype(np.int64)
    caches = np.full(len(rows), NO_CACHE, dtype=np.int64)
    made = rows[kinds == Kind.SLAB_PAGES]
    cache_of_slab = np.full(int(made[:, 2].max(initial=0)) + 1, NO_CACHE, dtype=np.int64)
    cache_of_slab[made[:, 2]] = made[:, 3]
    of_slabs = kinds <= LAST_OF_SLABS
    of_caches = ~of_slabs & (kinds <= LAST_OF_CACHES)
    caches[of_slabs] = cache_of_slab[named[of_slabs]]
    caches[of_caches] = named[of_caches]
    return caches
