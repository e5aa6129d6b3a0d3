"""Blocks of pages that kmalloc hands out without a cache; the pages themselves move by PAGE_ALLOC and PAGE_FREE."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine


@applies(Kind.KMALLOC_LARGE)
def kmalloc_large(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    m.large[pfn] = (order, who)


@applies(Kind.KFREE_LARGE)
def kfree_large(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    del m.large[pfn]
