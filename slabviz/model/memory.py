"""What the bytes of slabs are, once somebody looks, and how free pointers lie in them.

Most runs never look, and then nothing is kept but who points to whom (``Slab.links``). From the first look on
(``Kind.LOOK``, or from the start in a cache that is debugged) ``Slab.memory`` is what the pages hold, and ``links`` is
read from it: a write over a free pointer changes the chain. What lay in a slab before anybody looked is taken as zero,
but for the free pointers. Source: ``get_freepointer``, ``set_freepointer`` and ``freelist_ptr`` of mm/slub.c.
"""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SHIFT, PAGE_SIZE, POINTER_SIZE
from slabviz.model.slab import NULL, Slab

MASK = (1 << 64) - 1
NEAR_NULL = NULL - 1
"""What a wild pointer one byte before a slab is kept as, since NULL stands for that distance."""


def freelist_ptr(cache: KmemCache, pointer: int, place: int) -> int:
    """A free pointer as it is stored at address ``place``; storing and reading are the same (``freelist_ptr``)."""
    if not cache.hardened:
        return pointer
    swapped = int.from_bytes(place.to_bytes(8, "little"), "big")
    return pointer ^ cache.random ^ swapped


def address_of(slab: Slab, offset: int) -> int:
    """The pointer an offset stands for, 0 for NULL."""
    return 0 if offset == NULL else (slab.address + offset) & MASK


def place_of_pointer(slab: Slab, obj: int) -> int:
    """Where in the slab the free pointer of an object lies."""
    return obj + slab.cache.geometry.offset


def look(slab: Slab) -> None:
    """Give a slab its bytes: the free pointers it has, zeros otherwise."""
    if slab.memory is not None:
        return
    slab.memory = bytearray(slab.bytes)
    zeroed = slab.cache.init_on_alloc and slab.cache.geometry.offset < slab.cache.geometry.object_size
    for obj in list(slab.links):
        if obj in slab.owners and zeroed:
            slab.links[obj] = get_freepointer(slab, obj)
        else:
            set_freepointer(slab, obj, slab.links[obj])


def seen(slab: Slab) -> bytearray:
    """The bytes of a slab as a look would find them; the slab stays as it is."""
    if slab.memory is not None:
        return slab.memory
    copy = Slab(
        slab.id, slab.cache, slab.address, slab.pfn, slab.order, slab.objects, links=dict(slab.links),
        owners=slab.owners,
    )  # fmt: skip
    look(copy)
    assert copy.memory is not None
    return copy.memory


def get_freepointer(slab: Slab, obj: int) -> int:
    """Where the free pointer of an object leads: an offset, NULL or something wild. Needs the slab's bytes."""
    memory, place = slab.memory, place_of_pointer(slab, obj)
    if memory is None or not 0 <= place <= len(memory) - POINTER_SIZE:
        return slab.links.get(obj, NULL)
    stored = int.from_bytes(memory[place : place + POINTER_SIZE], "little")
    pointer = freelist_ptr(slab.cache, stored, slab.address + place)
    offset = pointer - slab.address
    return NULL if pointer == 0 else NEAR_NULL if offset == NULL else offset


def set_freepointer(slab: Slab, obj: int, after: int) -> None:
    """Let an object point to ``after``, in ``links`` and in the bytes if there are any."""
    slab.links[obj] = after
    memory, place = slab.memory, place_of_pointer(slab, obj)
    if memory is None or not 0 <= place <= len(memory) - POINTER_SIZE:
        return
    stored = freelist_ptr(slab.cache, address_of(slab, after), slab.address + place)
    memory[place : place + POINTER_SIZE] = stored.to_bytes(POINTER_SIZE, "little")
    if len(slab.links) > slab.objects:  # somebody else's pointer may lie across this one
        _read_again(slab, place, place + POINTER_SIZE)


def write(slab: Slab, start: int, data: bytes) -> None:
    """Write bytes into a slab that has been looked at; free pointers below them change as they do in memory."""
    memory = slab.memory
    assert memory is not None
    end = min(start + len(data), len(memory))
    memory[start:end] = data[: end - start]
    _read_again(slab, start, end)


def fill(slab: Slab, start: int, length: int, value: int) -> None:
    """``memset``."""
    write(slab, start, bytes((value,)) * length)


def zero_object(slab: Slab, obj: int) -> None:
    """What init_on_alloc and __GFP_ZERO do to an object that is handed out."""
    fill(slab, obj, slab.cache.geometry.object_size, 0)


def _read_again(slab: Slab, start: int, end: int) -> None:
    """Bytes ``start`` … ``end`` - 1 are new: free pointers that lie there lead where they say now."""
    links = slab.links
    ahead = [obj for obj in _pointing_from(slab, start, end) if obj in links]
    while ahead:
        obj = ahead.pop()
        after = links[obj] = get_freepointer(slab, obj)
        if 0 <= after < slab.bytes and after not in links:
            links[after] = NULL
            ahead.append(after)


def _pointing_from(slab: Slab, start: int, end: int) -> Iterator[int]:
    """Places whose free pointer overlaps these bytes: objects, and whatever else has been freed or pointed to."""
    cache = slab.cache
    low, high = start - cache.geometry.offset - POINTER_SIZE + 1, end - cache.geometry.offset
    if len(slab.links) > slab.objects:
        yield from (obj for obj in slab.links if low <= obj < high)
        return
    first = -((cache.red_left_pad - low) // cache.size)
    for index in range(max(first, 0), slab.objects):
        obj = index * cache.size + cache.red_left_pad
        if obj >= high:
            return
        yield obj


def address_to_pfn(machine: Machine, address: int) -> int:
    """``virt_to_pfn`` of an address in the direct map."""
    return (address - machine.config.page_offset) >> PAGE_SHIFT


def pfn_to_address(machine: Machine, pfn: int) -> int:
    """``page_address`` of a page frame."""
    return machine.page_address(pfn)


def read_bytes(machine: Machine, address: int, length: int) -> bytes:
    """What memory holds from an address on; pages that nobody has written to read as zeros. Changes nothing."""
    parts = []
    while length > 0:
        part = min(length, PAGE_SIZE - address % PAGE_SIZE)
        place = machine.virt_to_slab(address)
        if place is None:
            page, start = machine.contents.get(address_to_pfn(machine, address)), address % PAGE_SIZE
            parts.append(bytes(part) if page is None else bytes(page[start : start + part]))
        else:
            slab, offset = place
            parts.append(bytes(seen(slab)[offset : offset + part]))
        address, length = address + part, length - part
    return b"".join(parts)
