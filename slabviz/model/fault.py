"""What kills a task in the allocator, and where."""

from __future__ import annotations

from enum import IntEnum


class Fault(IntEnum):
    """The ``who`` of OOPS and PANIC; all but the first follow a pointer that leads nowhere."""

    SELF_POINTER = 0
    """``BUG_ON(object == fp)`` in set_freepointer: an object would point to itself."""
    FAST_ALLOC = 1
    """The head of the CPU's freelist, in kmem_cache_alloc."""
    LOAD_FREELIST = 2
    """The head of a chain just taken, in ___slab_alloc."""
    PARTIAL_NODE = 3
    """The head of a slab's freelist, in get_partial_node (caches that are debugged)."""
    DEACTIVATE = 4
    """A pointer along the CPU's freelist, in deactivate_slab."""
    BULK_ALLOC = 5
    """The head of the CPU's freelist, in kmem_cache_alloc_bulk."""
    NO_SLAB = 6
    """kmem_cache_free of an address that no slab has, where nothing checks it."""
    BAD_MAGIC = 16
    """``BUG_ON(header->magic != MAGIC)`` in dev_kfree (``devmem``)."""
    LIST_POINTER = 17
    """A list entry that is no longer on a list, or was overwritten: its neighbours are nowhere."""


class Stuck(IntEnum):
    """The ``arg`` of STUCK: why a CPU will never go on."""

    LOCK = 0
    """It spins for a lock that a dead task holds."""
    CIRCLE = 1
    """It follows a freelist that runs in a circle."""
