"""Caches that share one: a create call finds an existing cache that fits, and both names mean it from then on.

mm/slab_common.c of 6.1 (``find_mergeable``, ``create_unique_id``); ``slub-semantics.md`` 1.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from slabviz.model.flags import SlabFlags
from slabviz.model.machine import CacheConfig
from slabviz.model.sizing import POINTER_SIZE, calculate_alignment, geometry, round_up

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


def is_unmergeable(cache: CacheConfig) -> bool:
    """``slab_unmergeable``: it has a constructor, a region for copies to user space (as all kmalloc caches have), or a
    flag that forbids it."""
    return cache.ctor or cache.usercopy or bool(cache.flags & (NEVER_MERGE | SlabFlags.KMALLOC))


def find_mergeable(existing: Iterable[CacheConfig], new: CacheConfig, cpus: int) -> CacheConfig | None:
    """The cache that a create call would get instead of a new one: the oldest that fits. ``existing``: oldest first."""
    if is_unmergeable(new):
        return None
    align = calculate_alignment(new.flags, new.align, round_up(new.object_size, POINTER_SIZE))
    wanted = round_up(round_up(new.object_size, POINTER_SIZE), align)
    return next((cache for cache in existing if _fits(cache, new.flags, align, wanted, cpus)), None)


def _fits(cache: CacheConfig, flags: SlabFlags, align: int, wanted: int, cpus: int) -> bool:
    if is_unmergeable(cache) or (cache.flags ^ flags) & MERGE_SAME:
        return False
    size = slot_size(cache, cpus)
    return size >= wanted and size % align == 0 and size - wanted < POINTER_SIZE


def slot_size(cache: CacheConfig, cpus: int) -> int:
    """Bytes from one object to the next."""
    return geometry(
        cache.object_size, cache.align, cache.flags, cache.ctor, present_cpus=cpus, possible_cpus=cpus
    ).size  # fmt: skip


def merged(caches: Iterable[CacheConfig], cpus: int) -> tuple[CacheConfig, ...]:
    """The caches that are left when each is created in this order and joins an earlier one where it can."""
    made: list[CacheConfig] = []
    for new in caches:
        host = find_mergeable(made, new, cpus)
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
