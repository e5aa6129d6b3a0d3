"""kmem_cache_free of any address: which cache the object is really given back to (mm/slab.h of 6.1, cache_from_obj)."""

from __future__ import annotations

from slabviz.errors import UsageError
from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.memory import address_to_pfn, get_freepointer
from slabviz.model.sizing import PAGE_SIZE, POINTER_SIZE
from slabviz.model.slab import Slab
from slabviz.slub.access import looked_at, poked
from slabviz.slub.free import kmem_cache_free as free_object
from slabviz.slub.free import slab_free
from slabviz.slub.world import Oops, Path, World


def kmem_cache_free(w: World, cpu: int, s: KmemCache, address: int) -> Path[None]:
    """Free whatever lies at ``address`` as an object of ``s``.

    A hardened kernel, and one that checks ``s`` (F), finds the real cache from the page, complains when it is another
    one and frees to that; an address that no slab has is not freed. Else the caller is believed.

    Raises UsageError for an address outside of memory.
    """
    checked = s.hardened or bool(s.flags & SlabFlags.CONSISTENCY_CHECKS)
    place = w.machine.virt_to_slab(address)
    if place is None:
        pfn = page_of(w.machine, address)
        if not checked:
            yield Oops((Kind.OOPS, cpu, s.id, pfn, Fault.NO_SLAB))
        yield (Kind.NOT_A_SLAB, cpu, s.id, pfn, address % PAGE_SIZE)
        return
    slab, offset = place
    if slab.cache is s:
        yield from free_object(w, cpu, slab, offset)
    elif checked:
        yield (Kind.WRONG_CACHE, cpu, slab.id, offset, s.id)
        yield from free_object(w, cpu, slab, offset)
    else:
        yield from _believed(w, cpu, s, slab, offset)


def page_of(m: Machine, address: int) -> int:
    """The page frame an address lies in. Raises UsageError, with the allowed range, outside of memory."""
    first = m.config.first_pfn
    low, high = m.page_address(first), m.page_address(first + m.config.pages) - 1
    if not low <= address <= high:
        raise UsageError(f"address {address:#x} lies outside of memory: {low:#x} to {high:#x} are allowed")
    return address_to_pfn(m, address)


def _believed(w: World, cpu: int, s: KmemCache, slab: Slab, obj: int) -> Path[None]:
    """The free pointer is written where objects of ``s`` have it: the real cache will read it at another place.

    Simplified: a full slab that gets its first free object here is parked as its own cache's, not as one of ``s``.
    """
    yield [(Kind.FREE_ENTER, cpu, slab.id, obj, slab.owners.get(obj, 0)), *looked_at(cpu, slab)]
    kept = _pointer_bytes(slab, obj, slab.cache.geometry.offset)
    yield from slab_free(w, cpu, slab, [obj])  # it is not the CPU's slab of ``s``: no fast path
    place = obj + s.geometry.offset
    if w.machine.slabs.get(slab.id) is not slab or s.geometry.offset == slab.cache.geometry.offset:
        return
    written = (slab.address + get_freepointer(slab, obj)).to_bytes(16, "little", signed=True)[:POINTER_SIZE]
    steps: list[Event] = list(poked(cpu, slab, obj + slab.cache.geometry.offset, kept))
    if place + POINTER_SIZE <= slab.bytes:
        steps += poked(cpu, slab, place, written)
    yield steps


def _pointer_bytes(slab: Slab, obj: int, offset: int) -> bytes:
    assert slab.memory is not None
    return bytes(slab.memory[obj + offset : obj + offset + POINTER_SIZE])
