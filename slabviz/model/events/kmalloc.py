"""Blocks of pages that kmalloc hands out without a cache, and the bytes of pages that are no slab's.

The pages themselves move by PAGE_ALLOC and PAGE_FREE.
"""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine


@applies(Kind.KMALLOC_LARGE)
def kmalloc_large(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    m.large[pfn] = (order, who)
    if m.config.init_on_alloc:
        m.forget(pfn, order)


@applies(Kind.KFREE_LARGE)
def kfree_large(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    del m.large[pfn]


@applies(Kind.PAGE_POKE)
def page_poke(m: Machine, cpu: int, pfn: int, place: int, word: int) -> None:
    m.page(pfn)[place : place + 4] = word.to_bytes(4, "little", signed=True)


@applies(Kind.PAGE_POKE_BYTE)
def page_poke_byte(m: Machine, cpu: int, pfn: int, place: int, byte: int) -> None:
    m.page(pfn)[place] = byte
