"""Slab cache flags by the kernel's names and numbers (Linux 6.1, include/linux/slab.h and mm/slub.c)."""

from __future__ import annotations

from enum import IntFlag


class SlabFlags(IntFlag):
    """Flags of kmem_cache_create(); the numbers are those in a 6.1 ``struct kmem_cache``.

    Those that came later have numbers that 6.1 does not use; ``model/era.py`` says which bits another kernel uses.
    CMPXCHG_DOUBLE and OBJECT_POISON are never asked for: kmem_cache_open() adds them, see ``effective_flags``.
    """

    CONSISTENCY_CHECKS = 0x100
    RED_ZONE = 0x400
    POISON = 0x800
    KMALLOC = 0x1000
    HWCACHE_ALIGN = 0x2000
    CACHE_DMA = 0x4000
    CACHE_DMA32 = 0x8000
    STORE_USER = 0x10000
    RECLAIM_ACCOUNT = 0x20000
    PANIC = 0x40000
    TYPESAFE_BY_RCU = 0x80000
    TRACE = 0x200000
    NOLEAKTRACE = 0x800000
    NO_MERGE = 0x1000000  # since 6.5
    ACCOUNT = 0x4000000
    NO_USER_FLAGS = 0x10000000
    SKIP_KFENCE = 0x20000000
    CMPXCHG_DOUBLE = 0x40000000
    OBJECT_POISON = 0x80000000
    NO_OBJ_EXT = 0x100000000  # by 6.12


NO_FLAGS = SlabFlags(0)

#: SLAB_DEBUG_FLAGS of mm/slub.c: any of them takes the lockless per-CPU paths away from a cache.
DEBUG_FLAGS = (
    SlabFlags.CONSISTENCY_CHECKS | SlabFlags.RED_ZONE | SlabFlags.POISON | SlabFlags.STORE_USER | SlabFlags.TRACE
)

#: SLAB_NO_CMPXCHG of mm/slub.c: these change a slab under its lock instead of by a double-word exchange.
NO_CMPXCHG_FLAGS = SlabFlags.CONSISTENCY_CHECKS | SlabFlags.STORE_USER | SlabFlags.TRACE

#: What kmem_cache_open() adds to the flags asked for.
INTERNAL_FLAGS = SlabFlags.CMPXCHG_DOUBLE | SlabFlags.OBJECT_POISON


#: What keeps bytes of its own in a slot (DEBUG_METADATA_FLAGS): ``slub_debug=O`` drops these where they cost an order.
DEBUG_METADATA_FLAGS = SlabFlags.RED_ZONE | SlabFlags.POISON | SlabFlags.STORE_USER


def requested(flags: SlabFlags) -> SlabFlags:
    """The flags of a finished cache without those that kmem_cache_open() added."""
    return flags & ~INTERNAL_FLAGS


def is_debug(flags: SlabFlags) -> bool:
    """Whether the cache works without CPU slabs (kmem_cache_debug())."""
    return bool(flags & DEBUG_FLAGS)


def effective_flags(requested: SlabFlags, ctor: bool) -> SlabFlags:
    """The flags the finished cache carries (kmem_cache_open() and calculate_sizes())."""
    flags = requested
    if not flags & NO_CMPXCHG_FLAGS:
        flags |= SlabFlags.CMPXCHG_DOUBLE
    # A constructor or an RCU reader needs the old contents, so such objects are not poisoned.
    if flags & SlabFlags.POISON and not flags & SlabFlags.TYPESAFE_BY_RCU and not ctor:
        flags |= SlabFlags.OBJECT_POISON
    return flags
