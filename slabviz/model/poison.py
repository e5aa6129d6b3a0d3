"""What debugging writes into a slot and expects to find there: red zones, poison, padding and tracks.

A slot of a cache with FZPU::

    | left red zone | object | right red zone | free pointer | two tracks | size asked for | padding |
      red_left_pad    object_size  … inuse       offset        STORE_USER    kmalloc only

Source: ``init_object``, ``setup_slab_debug`` and ``check_pad_bytes`` of mm/slub.c, include/linux/poison.h.
"""

from __future__ import annotations

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.memory import fill, set_freepointer, write
from slabviz.model.sizing import POINTER_SIZE, TRACK_SIZE
from slabviz.model.slab import Slab

POISON_INUSE = 0x5A
"""A slab before its objects are set up, and all padding."""
POISON_FREE = 0x6B
POISON_END = 0xA5
"""The last byte of a poisoned object."""
RED_INACTIVE = 0xBB
"""Red zones of a free object …"""
RED_ACTIVE = 0xCC
"""… and of one that somebody holds."""

TRACK_ALLOC, TRACK_FREE = 0, 1
"""Which of an object's two tracks."""
TRACK_CPU, TRACK_PID, TRACK_WHEN = 12, 16, 24
"""Offsets in ``struct track``: address 0, stack handle 8, cpu, pid, padding, jiffies."""


def freeptr_outside_object(s: KmemCache) -> bool:
    """Whether the free pointer lies behind the object, so that being free spoils nothing of it."""
    return s.geometry.offset >= s.geometry.inuse


def get_info_end(s: KmemCache) -> int:
    """Where what debugging keeps begins, from the object on (``get_info_end``)."""
    return s.geometry.inuse + (POINTER_SIZE if freeptr_outside_object(s) else 0)


def track_at(s: KmemCache, which: int) -> int:
    """Where an object's track lies, from the object on (``get_track``)."""
    return get_info_end(s) + which * TRACK_SIZE


def filler_at(s: KmemCache) -> int:
    """Where a slot's padding begins, from the object on."""
    end = get_info_end(s)
    if s.geometry.flags & SlabFlags.STORE_USER:
        end += 2 * TRACK_SIZE
        if s.geometry.flags & SlabFlags.KMALLOC:
            end += 4
    return end


def size_from_object(s: KmemCache) -> int:
    """Bytes from the object to the next slot (``size_from_object``)."""
    return s.size - s.red_left_pad


def init_object(slab: Slab, obj: int, red: int) -> None:
    """Draw the red zones and poison the object (``init_object``): at alloc as well as at free."""
    s, flags = slab.cache, slab.cache.geometry.flags
    size = s.geometry.object_size
    if flags & SlabFlags.RED_ZONE:
        fill(slab, obj - s.red_left_pad, s.red_left_pad, red)
    if flags & SlabFlags.OBJECT_POISON:
        write(slab, obj, bytes((POISON_FREE,)) * (size - 1) + bytes((POISON_END,)))
    if flags & SlabFlags.RED_ZONE:
        fill(slab, obj + size, s.geometry.inuse - size, red)


def set_up(slab: Slab) -> None:
    """A new slab of a cache that is debugged: poison everything, then set up each object (``setup_object_debug``)."""
    s, flags = slab.cache, slab.cache.geometry.flags
    chain = dict(slab.links)
    slab.memory = bytearray((POISON_INUSE if flags & SlabFlags.POISON else 0,)) * slab.bytes
    for obj in chain:
        init_object(slab, obj, RED_INACTIVE)
        if flags & SlabFlags.STORE_USER:
            fill(slab, obj + track_at(s, TRACK_ALLOC), 2 * TRACK_SIZE, 0)
    for obj, after in chain.items():
        set_freepointer(slab, obj, after)
