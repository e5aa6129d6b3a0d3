"""Which event starts which move, and between which places: the whole rule as a table.

A slab that a path holds in its hand is always somewhere: it has arrived early at the place it is taken for (an active
slab before INSTALL_SLAB), or waits at the place it is taken from until the path lets it go (``WAITS``).
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.events.kinds import Kind

ALLOCS = frozenset({Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW})
"""An object leaves for its holder."""

FREES = frozenset(
    {
        Kind.FREE_FASTPATH,
        Kind.BULK_PUSH,
        Kind.FREE_FROZEN,
        Kind.FREE_TO_PARTIAL,
        Kind.CPU_PARTIAL_FREE,
        Kind.BULK_FREE,
        Kind.DEBUG_FREE_FULL,
    }
)
"""An object leaves its holder."""

PAGES = frozenset({Kind.SLAB_PAGES, Kind.ALLOC_SLAB, Kind.DEBUG_ALLOC_NEW})
"""A new slab: to the node's count, and from there to the CPU, or to the node's list where it is debugged."""

GIVES_BACK = frozenset({Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU, Kind.RCU_FREE_SLAB})
"""A slab ends; its pages go back, at once or after a grace period."""

BLOCKS = frozenset({Kind.BUDDY_SPLIT, Kind.BUDDY_MERGE})


@dataclass(slots=True, frozen=True)
class Journey:
    """A slab between two kinds of places; those of a CPU belong to the CPU of the event."""

    source: str
    target: str


COUNT = "nr_slabs"
"""A slab whose pages will be given back goes to the node's count first, and leaves the node there."""

SLABS: dict[Kind, Journey] = {
    Kind.ALLOC_FROM_PARTIAL: Journey("partial", "active"),
    Kind.CPU_PARTIAL_NODE: Journey("partial", "parked"),
    Kind.CPU_PARTIAL_ALLOC: Journey("parked", "active"),
    Kind.CPU_PARTIAL_FREE: Journey("full", "parked"),
    Kind.DEACTIVATE_BYPASS: Journey("active", "full"),
    Kind.CPUSLAB_FLUSH: Journey("active", "partial"),
    Kind.DEACTIVATE_TO_HEAD: Journey("active", "partial"),
    Kind.DEACTIVATE_TO_TAIL: Journey("active", "partial"),
    Kind.DEACTIVATE_FULL: Journey("active", "full"),
    Kind.DEACTIVATE_EMPTY: Journey("active", COUNT),
    Kind.UNFREEZE_PARTIAL: Journey("parked", "partial"),
    Kind.UNFREEZE_EMPTY: Journey("parked", COUNT),
    Kind.FREE_REMOVE_PARTIAL: Journey("partial", COUNT),
    Kind.SHRINK_EMPTY: Journey("partial", COUNT),
    Kind.ADD_FULL: Journey("partial", "full"),
    Kind.DEBUG_FREE_FULL: Journey("full", "partial"),
}
"""A slab moves between lists."""

WAITS = frozenset({Kind.CPUSLAB_FLUSH})
"""The slab stays where it was until the next event that moves it."""

HELD_AFTER = frozenset({Kind.SLAB_PAGES, Kind.CPUSLAB_FLUSH}) | {
    kind for kind, journey in SLABS.items() if journey.target == COUNT
}
"""After these a path holds the slab until its next event, however long it is interrupted meanwhile."""

OF_A_CPU = frozenset({"active", "parked"})

MOVES_SLABS = frozenset(SLABS) | PAGES | GIVES_BACK
"""All events that change where a slab is; between two of them it stands still."""

STARTS = MOVES_SLABS | ALLOCS | FREES
"""All events of a cache that start a move."""
