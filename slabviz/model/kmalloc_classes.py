"""The kmalloc caches: sizes, types, names, and which one a request gets (mm/slab_common.c).

slub-semantics.md section 1.7. Requests above KMALLOC_MAX_CACHE_SIZE have no cache: they are whole page blocks.
"""

from __future__ import annotations

from enum import Enum

from slabviz.errors import UsageError
from slabviz.model.era import LINUX_6_1, Era
from slabviz.model.flags import NO_FLAGS, SlabFlags
from slabviz.model.gfp import Gfp
from slabviz.model.sizing import (
    DEFAULT_PARAMETERS,
    KMALLOC_MAX_CACHE_SIZE,
    KMALLOC_MAX_SIZE,
    Geometry,
    SlubParameters,
    fls,
    geometry,
)

#: kmalloc(0) returns the pointer value 16: no object lies there, and it may be given to kfree().
ZERO_SIZE_PTR = 16

#: kmalloc_info[]: index -> object size in bytes. 1 and 2 are the two sizes between the powers of two.
KMALLOC_CLASSES = {1: 96, 2: 192} | {index: 1 << index for index in range(3, 14)}


class KmallocType(Enum):
    """Which row of kmalloc_caches[][] a request's GFP flags select; the value is the start of the caches' names."""

    NORMAL = "kmalloc"
    DMA = "dma-kmalloc"
    CGROUP = "kmalloc-cg"
    RECLAIM = "kmalloc-rcl"


#: Cache flags of each type (new_kmalloc_cache()); all of them carry KMALLOC.
KMALLOC_TYPE_FLAGS = {
    KmallocType.NORMAL: NO_FLAGS,
    KmallocType.DMA: SlabFlags.CACHE_DMA,
    KmallocType.CGROUP: SlabFlags.ACCOUNT,
    KmallocType.RECLAIM: SlabFlags.RECLAIM_ACCOUNT,
}


NORMAL_ROW, CGROUP_ROW, RECLAIM_ROW, DMA_ROW = range(4)
KMALLOC_ROWS = (KmallocType.NORMAL, KmallocType.CGROUP, KmallocType.RECLAIM, KmallocType.DMA)
"""The rows of kmalloc_caches[][] in the kernel's order."""
NOT_NORMAL = Gfp.DMA | Gfp.RECLAIMABLE | Gfp.ACCOUNT


def kmalloc_type(gfp: int) -> int:
    """The row of kmalloc_caches[][] that serves a request: DMA before reclaimable before accounted."""
    if not gfp & NOT_NORMAL:
        return NORMAL_ROW
    if gfp & Gfp.DMA:
        return DMA_ROW
    return RECLAIM_ROW if gfp & Gfp.RECLAIMABLE else CGROUP_ROW


def kmalloc_index(size: int) -> int | None:
    """The class of a request of ``size`` bytes: an index of KMALLOC_CLASSES; 0 for ZERO_SIZE_PTR, None for whole pages.

    Raises UsageError below 0 and above KMALLOC_MAX_SIZE, where the kernel returns NULL.
    """
    if not 0 <= size <= KMALLOC_MAX_SIZE:
        raise UsageError(f"kmalloc({size}) is impossible: 0 to {KMALLOC_MAX_SIZE} bytes are allowed")
    if size > KMALLOC_MAX_CACHE_SIZE:
        return None
    if size == 0:
        return 0
    if 64 < size <= 96:
        return 1
    if 128 < size <= 192:
        return 2
    return max(fls(size - 1), 3)


def kmalloc_name(index: int, kind: KmallocType = KmallocType.NORMAL) -> str:
    """The cache's name in /proc/slabinfo, for instance ``kmalloc-rcl-2k``."""
    size = KMALLOC_CLASSES[index]
    return f"{kind.value}-{size // 1024}k" if size >= 1024 else f"{kind.value}-{size}"


def kmalloc_class_of(name: str) -> tuple[int, int] | None:
    """(row, index) of a kmalloc cache by its name, or None for any other name."""
    return _CLASS_OF_NAME.get(name)


_CLASS_OF_NAME = {
    kmalloc_name(index, kind): (row, index) for row, kind in enumerate(KMALLOC_ROWS) for index in KMALLOC_CLASSES
}
KMALLOC_NAMES = tuple(_CLASS_OF_NAME)
"""The names of all kmalloc caches."""


def kmalloc_align(size: int, era: Era = LINUX_6_1) -> int:
    """The alignment create_kmalloc_cache() asks for: powers of two lie on a multiple of their own size."""
    divisor = size & -size
    return divisor if era.kmalloc_divisor_aligned or divisor == size else 0


def kmalloc_geometry(
    index: int,
    kind: KmallocType = KmallocType.NORMAL,
    debug: SlabFlags = NO_FLAGS,
    *,
    present_cpus: int,
    possible_cpus: int,
    parameters: SlubParameters = DEFAULT_PARAMETERS,
    era: Era = LINUX_6_1,
) -> Geometry:
    """The geometry of one kmalloc cache; ``debug`` are the flags that slub_debug= adds.

    Raises KeyError for an index that KMALLOC_CLASSES does not have.
    """
    size = KMALLOC_CLASSES[index]
    unmerged = SlabFlags.NO_MERGE if era.kmalloc_unmerged and kind is KmallocType.NORMAL else NO_FLAGS
    return geometry(
        size,
        kmalloc_align(size, era),
        SlabFlags.KMALLOC | KMALLOC_TYPE_FLAGS[kind] | unmerged | debug,
        present_cpus=present_cpus,
        possible_cpus=possible_cpus,
        parameters=parameters,
        era=era,
    )
