"""What debugging can find wrong with a slab or an object, and the bytes it looks at for it."""

from __future__ import annotations

from enum import IntEnum

from slabviz.model.flags import SlabFlags
from slabviz.model.poison import (
    POISON_END,
    POISON_FREE,
    POISON_INUSE,
    RED_ACTIVE,
    RED_INACTIVE,
    filler_at,
    size_from_object,
)
from slabviz.model.slab import Slab


class Reason(IntEnum):
    """Reasons of a report. The first ones are about bytes that are not what they should be (``region``)."""

    LEFT_REDZONE_FREE = 0
    LEFT_REDZONE_USED = 1
    RIGHT_REDZONE_FREE = 2
    RIGHT_REDZONE_USED = 3
    ALIGNMENT_PADDING = 4
    POISON = 5
    END_POISON = 6
    OBJECT_PADDING = 7
    SLAB_PADDING = 8

    FREEPOINTER_CORRUPT = 20
    FREELIST_POINTER = 21
    FREECHAIN_CORRUPT = 22
    HEAD_CORRUPT = 23
    ALREADY_FREE = 24
    INVALID_POINTER = 25
    SLAB_POINTER_CORRUPT = 26
    WRONG_COUNT = 27
    TOO_FEW_ALLOCATED = 28
    DISABLED = 29
    TOO_MANY_USED = 30


BYTES = frozenset(reason for reason in Reason if reason <= Reason.SLAB_PADDING)
"""Reasons that name a region."""

WORDS = {
    Reason.LEFT_REDZONE_FREE: "Left Redzone",
    Reason.LEFT_REDZONE_USED: "Left Redzone",
    Reason.RIGHT_REDZONE_FREE: "Right Redzone",
    Reason.RIGHT_REDZONE_USED: "Right Redzone",
    Reason.ALIGNMENT_PADDING: "Alignment padding",
    Reason.POISON: "Poison",
    Reason.END_POISON: "End Poison",
    Reason.OBJECT_PADDING: "Object padding",
    Reason.SLAB_PADDING: "slab padding",
}
"""What the kernel calls each region."""

Region = tuple[int, int, int]
"""(offset in the slab, length in bytes, the byte that belongs there)."""


def region(slab: Slab, obj: int, reason: Reason) -> Region:
    """The bytes that a reason is about."""
    s, shape = slab.cache, slab.cache.geometry
    behind = obj + shape.object_size
    tail = shape.inuse - shape.object_size
    match reason:
        case Reason.LEFT_REDZONE_FREE | Reason.LEFT_REDZONE_USED:
            return obj - s.red_left_pad, s.red_left_pad, _red(reason)
        case Reason.RIGHT_REDZONE_FREE | Reason.RIGHT_REDZONE_USED:
            return behind, tail, _red(reason)
        case Reason.ALIGNMENT_PADDING:
            return behind, tail, POISON_INUSE
        case Reason.POISON:
            return obj, shape.object_size - 1, POISON_FREE
        case Reason.END_POISON:
            return behind - 1, 1, POISON_END
        case Reason.OBJECT_PADDING:
            return obj + filler_at(s), size_from_object(s) - filler_at(s), POISON_INUSE
        case _:
            rest = slab.bytes % s.size
            return slab.bytes - rest, rest, POISON_INUSE


def _red(reason: Reason) -> int:
    return RED_ACTIVE if reason in (Reason.LEFT_REDZONE_USED, Reason.RIGHT_REDZONE_USED) else RED_INACTIVE


def fault(slab: Slab, obj: int, reason: Reason) -> tuple[int, int] | None:
    """First and last wrong byte of a region, as offsets in the slab; None when all is well (``memchr_inv``)."""
    start, length, value = region(slab, obj, reason)
    assert slab.memory is not None
    found = slab.memory[start : start + length]
    head = found.lstrip(bytes((value,)))
    if not head:
        return None
    first = start + len(found) - len(head)
    return first, first + len(head.rstrip(bytes((value,)))) - 1


def checks_of(slab: Slab, used: bool) -> list[Reason]:
    """The regions that ``check_object`` looks at, in its order; ``used``: somebody holds the object."""
    s, flags = slab.cache, slab.cache.geometry.flags
    tail = s.geometry.object_size < s.geometry.inuse
    checks = []
    if flags & SlabFlags.RED_ZONE:
        checks += [Reason.LEFT_REDZONE_USED if used else Reason.LEFT_REDZONE_FREE]
        checks += [Reason.RIGHT_REDZONE_USED if used else Reason.RIGHT_REDZONE_FREE]
    elif flags & SlabFlags.POISON and tail:
        checks += [Reason.ALIGNMENT_PADDING]
    if flags & SlabFlags.OBJECT_POISON and not used:
        checks += [Reason.POISON, Reason.END_POISON]
    if flags & SlabFlags.POISON and size_from_object(s) > filler_at(s):
        checks += [Reason.OBJECT_PADDING]
    return checks
