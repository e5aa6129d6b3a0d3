"""kmalloc, kfree, ksize and krealloc (mm/slab_common.c and mm/slub.c of 6.1; ``slub-semantics.md`` 1.7 and 3.1).

Memory is an address here: ``kfree`` finds out from the page it lies in what it is. Up to 8 KiB a cache serves the
request, by size and by the type that the GFP flags ask for; above that it is a block of whole pages.
"""

from __future__ import annotations

from slabviz.errors import UsageError
from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import Gfp
from slabviz.model.kmalloc_classes import (
    KMALLOC_CLASSES,
    KMALLOC_ROWS,
    ZERO_SIZE_PTR,
    kmalloc_index,
    kmalloc_name,
    kmalloc_type,
)
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.memory import read_bytes
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE, MAX_ORDER, PAGE_SIZE, get_order
from slabviz.model.zone import PAGE_CLASSES
from slabviz.slub.access import write_bytes
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.cache_from_obj import page_of
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.page_alloc import alloc_pages, free_pages
from slabviz.slub.world import NULL_POINTER, Path, World, telling

KERNEL_PAGES = PAGE_CLASSES.index("kernel")
LARGEST_REQUEST = 2**31 - 1
"""Bytes that an event can tell of; everything above 4 MiB fails anyway."""


def kmalloc(w: World, cpu: int, size: int, gfp: int, owner: int) -> Path[int]:
    """Allocate ``size`` bytes for ``owner``: the address, ZERO_SIZE_PTR for 0 bytes, or NULL_POINTER.

    Raises UsageError for a size that no event can tell of, or when the machine lacks the cache that serves it.
    """
    if not 0 <= size <= LARGEST_REQUEST:
        raise UsageError(f"kmalloc({size}) cannot be asked for: 0 to {LARGEST_REQUEST} bytes are allowed")
    if size > KMALLOC_MAX_CACHE_SIZE:
        return (yield from kmalloc_large(w, cpu, size, gfp, owner))
    if not size:
        yield (Kind.KMALLOC_ZERO, cpu, 0, 0, owner)
        return ZERO_SIZE_PTR
    cache = kmalloc_slab(w.machine, size, gfp)
    asked = (Kind.KMALLOC_ENTER, cpu, cache.id, size, owner)
    return (yield from telling(asked, kmem_cache_alloc(w, cpu, cache, gfp, owner)))


def kmalloc_slab(m: Machine, size: int, gfp: int) -> KmemCache:
    """The cache for 1 … 8192 bytes. Raises UsageError when this machine was made without it."""
    row, index = kmalloc_type(gfp), kmalloc_index(size) or 0
    cache = m.kmalloc_caches[row].get(index)
    if cache is None:
        name = kmalloc_name(index, KMALLOC_ROWS[row])
        raise UsageError(f"kmalloc({size}) needs the cache {name}, which this machine was made without")
    return cache


def kmalloc_size_roundup(size: int) -> int:
    """Bytes that a request of ``size`` really gets: those of its bucket, or of whole pages (0 for 0).

    Raises UsageError above 4 MiB.
    """
    index = kmalloc_index(size)
    if index is None:
        return PAGE_SIZE << get_order(size)
    return KMALLOC_CLASSES[index] if index else 0


def kmalloc_large(w: World, cpu: int, size: int, gfp: int, owner: int) -> Path[int]:
    """Whole pages as one compound block (``__kmalloc_large_node``); above order 10 there is no such block."""
    order = get_order(size)
    yield (Kind.KMALLOC_LARGE_ENTER, cpu, gfp, size, owner)
    hand = w.machine.cpus[cpu].hand
    if order >= MAX_ORDER or not (yield from alloc_pages(w, cpu, order, gfp | Gfp.COMP)):
        yield (Kind.KMALLOC_LARGE_FAILED, cpu, min(order, MAX_ORDER), 0, owner)
        return NULL_POINTER
    assert hand.block is not None
    pfn = hand.block[0]
    yield [(Kind.PAGE_ALLOC, cpu, order, pfn, KERNEL_PAGES), (Kind.KMALLOC_LARGE, cpu, order, pfn, owner)]
    return w.machine.page_address(pfn)


def kfree(w: World, cpu: int, address: int) -> Path[None]:
    """Give memory back; NULL and ZERO_SIZE_PTR are allowed and do nothing. The cache is found from the page.

    An address inside an object is believed, as the kernel does without debugging: that very place becomes the free
    object. Raises UsageError for an address that no page frame has.
    """
    m = w.machine
    if address in (NULL_POINTER, ZERO_SIZE_PTR):
        yield (Kind.KFREE_NOTHING, cpu, 0, address, 0)
        return
    place = m.virt_to_slab(address)
    if place is not None:
        slab, offset = place
        asked = (Kind.KFREE_ENTER, cpu, slab.id, offset, slab.owners.get(offset, 0))
        yield from telling(asked, kmem_cache_free(w, cpu, slab, offset))
        return
    head = m.virt_to_large(address)
    if head is None:
        yield (Kind.KFREE_NO_SLAB, cpu, 0, page_of(m, address), 0)
        return
    order, owner = m.large[head]
    yield [(Kind.KFREE_LARGE, cpu, order, head, owner), (Kind.PAGE_FREE, cpu, order, head, KERNEL_PAGES)]
    yield from free_pages(w, cpu)


def ksize(m: Machine, address: int) -> int:
    """Bytes that the holder of an address may use (0 for NULL and ZERO_SIZE_PTR): more than he asked for.

    Raises UsageError for what kmalloc never gave.
    """
    if address in (NULL_POINTER, ZERO_SIZE_PTR):
        return 0
    place = m.virt_to_slab(address)
    if place is not None:
        return slab_ksize(place[0].cache)
    head = m.virt_to_large(address)
    if head is None:
        raise UsageError(f"ksize({address:#x}): page {page_of(m, address):#x} is no slab and no large allocation")
    return PAGE_SIZE << m.large[head][0]


def slab_ksize(cache: KmemCache) -> int:
    """``slab_ksize``: what debugging and RCU readers leave usable of an object."""
    shape = cache.geometry
    if cache.flags & (SlabFlags.RED_ZONE | SlabFlags.POISON):
        return shape.object_size
    if cache.flags & (SlabFlags.TYPESAFE_BY_RCU | SlabFlags.STORE_USER):
        return shape.inuse
    return shape.size


def krealloc(w: World, cpu: int, address: int, size: int, gfp: int, owner: int) -> Path[int]:
    """Make a piece of memory larger or smaller: the same address where it still fits, else a copy; the old is freed.

    Size 0 frees it and gives ZERO_SIZE_PTR. NULL_POINTER: no memory, and the old one is still there.
    """
    if not size:
        yield from kfree(w, cpu, address)
        return ZERO_SIZE_PTR
    if address not in (NULL_POINTER, ZERO_SIZE_PTR) and ksize(w.machine, address) >= size:
        return address
    moved = yield from kmalloc(w, cpu, size, gfp, owner)
    if moved != NULL_POINTER and address not in (NULL_POINTER, ZERO_SIZE_PTR):
        yield from _copy(w, cpu, moved, address, owner)
        yield from kfree(w, cpu, address)
    return moved


def _copy(w: World, cpu: int, to: int, address: int, who: int) -> Path[None]:
    """``memcpy`` of all that the old memory has room for; where nobody has ever written there is nothing to copy."""
    place = w.machine.virt_to_slab(address)
    if (place is None and w.machine.contents) or (place is not None and place[0].memory is not None):
        yield from write_bytes(w, cpu, to, read_bytes(w.machine, address, ksize(w.machine, address)), who)
