"""The kmalloc caches of a machine, as its configuration lists them (``create_kmalloc_caches`` of mm/slab_common.c)."""

from __future__ import annotations

from collections.abc import Iterable

from slabviz.model.era import LINUX_6_1, Era
from slabviz.model.flags import SlabFlags
from slabviz.model.kmalloc_classes import (
    KMALLOC_CLASSES,
    KMALLOC_ROWS,
    KMALLOC_TYPE_FLAGS,
    NORMAL_ROW,
    kmalloc_align,
    kmalloc_name,
)
from slabviz.model.machine import CacheConfig


def kmalloc_config(row: int, index: int, era: Era = LINUX_6_1) -> CacheConfig:
    """One kmalloc cache: its type by the row of kmalloc_caches[][], its size by the index."""
    kind, size = KMALLOC_ROWS[row], KMALLOC_CLASSES[index]
    flags = SlabFlags.KMALLOC | KMALLOC_TYPE_FLAGS[kind]
    if era.kmalloc_unmerged and row == NORMAL_ROW:
        flags |= SlabFlags.NO_MERGE
    return CacheConfig(kmalloc_name(index, kind), size, kmalloc_align(size, era), flags)


def kmalloc_configs(rows: Iterable[int] = (NORMAL_ROW,)) -> tuple[CacheConfig, ...]:
    """All sizes of these types, the smallest first."""
    return tuple(
        kmalloc_config(row, index) for row in rows for index in sorted(KMALLOC_CLASSES, key=KMALLOC_CLASSES.__getitem__)
    )
