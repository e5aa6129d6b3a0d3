"""Caches that share one: a create call finds an existing cache that fits, and both names mean it from then on.

mm/slab_common.c of 6.1 (``find_mergeable``, ``create_unique_id``); ``slub-semantics.md`` 1.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from slabviz.model.flags import SlabFlags
from slabviz.model.machine import CacheConfig, cache_geometry
from slabviz.model.sizing import POINTER_SIZE, calculate_alignment, round_up
from slabviz.model.slub_debug import kmem_cache_flags, parse

NEVER_MERGE = (
    SlabFlags.RED_ZONE | SlabFlags.POISON | SlabFlags.STORE_USER | SlabFlags.TRACE | SlabFlags.TYPESAFE_BY_RCU
    | SlabFlags.NOLEAKTRACE
)  # fmt: skip
"""SLAB_NEVER_MERGE. Consistency checks alone do not stop a merge."""
MERGE_SAME = SlabFlags.RECLAIM_ACCOUNT | SlabFlags.CACHE_DMA | SlabFlags.CACHE_DMA32 | SlabFlags.ACCOUNT
"""SLAB_MERGE_SAME: both caches have them, or neither."""

LETTERS = (
    (SlabFlags.CACHE_DMA, "d"), (SlabFlags.CACHE_DMA32, "D"), (SlabFlags.RECLAIM_ACCOUNT, "a"),
    (SlabFlags.CONSISTENCY_CHECKS, "F"), (SlabFlags.ACCOUNT, "A"),
)  # fmt: skip


def is_unmergeable(cache: CacheConfig, flags: SlabFlags) -> bool:
    """``slab_unmergeable``: it has a constructor, a region for copies to user space (as all kmalloc caches have), or a
    flag that forbids it. ``flags`` are those it has with ``slub_debug``."""
    return cache.ctor or cache.usercopy or bool(flags & (NEVER_MERGE | SlabFlags.KMALLOC))


def find_mergeable(
    existing: Iterable[CacheConfig], new: CacheConfig, cpus: int, slub_debug: str = ""
) -> CacheConfig | None:  # fmt: skip
    """The cache that a create call would get instead of a new one: the oldest that fits. ``existing``: oldest first."""
    debug = parse(slub_debug)
    flags = kmem_cache_flags(debug, new.name, new.flags)
    if is_unmergeable(new, flags):
        return None
    align = calculate_alignment(flags, new.align, round_up(new.object_size, POINTER_SIZE))
    wanted = round_up(round_up(new.object_size, POINTER_SIZE), align)
    for cache in existing:
        theirs = kmem_cache_flags(debug, cache.name, cache.flags)
        if is_unmergeable(cache, theirs) or (theirs ^ flags) & MERGE_SAME:
            continue
        size = cache_geometry(cache, cpus, cpus, slub_debug).size
        if size >= wanted and size % align == 0 and size - wanted < POINTER_SIZE:
            return cache
    return None


def merged(caches: Iterable[CacheConfig], cpus: int, slub_debug: str = "") -> tuple[CacheConfig, ...]:
    """The caches that are left when each is created in this order and joins an earlier one where it can."""
    made: list[CacheConfig] = []
    for new in caches:
        host = find_mergeable(made, new, cpus, slub_debug)
        if host is None:
            made.append(new)
        else:
            made[made.index(host)] = replace(host, aliases=(*host.aliases, (new.name, new.object_size)))
    return tuple(made)


def sysfs_name(name: str, size: int, flags: SlabFlags, mergeable: bool = True) -> str:
    """The directory of a cache in /sys/kernel/slab: ``:0000192`` or ``:aA-0000192``, to which the names of all caches
    that share it link; a cache that is never shared has its own name (``create_unique_id``)."""
    if not mergeable:
        return name
    letters = "".join(letter for flag, letter in LETTERS if flags & flag)
    return f":{letters}{'-' if letters else ''}{size:07d}"
