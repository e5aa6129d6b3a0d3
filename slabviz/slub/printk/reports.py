"""The reports of debugging: ``BUG …``, what is wrong, where, the bytes around it, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import Machine
from slabviz.model.memory import address_of, get_freepointer, seen
from slabviz.model.poison import filler_at, size_from_object
from slabviz.model.reason import BYTES, WORDS, Reason, fault, region
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import Slab
from slabviz.slub.printk.hex_dump import print_section
from slabviz.slub.printk.places import at, pointer, slab_line, tracking
from slabviz.slub.printk.table import RULE, Kmsg, prints

OBJECT_ERR = {
    Reason.FREEPOINTER_CORRUPT: "Freepointer corrupt",
    Reason.FREELIST_POINTER: "Freelist Pointer check fails",
    Reason.FREECHAIN_CORRUPT: "Freechain corrupt",
    Reason.ALREADY_FREE: "Object already free",
    Reason.SLAB_POINTER_CORRUPT: "page slab pointer corrupt.",
}
"""Reports about an object, with its bytes (``object_err``); the others are about a slab (``slab_err``)."""


def slab_bug(slab: Slab, reason: str, kmsg: Kmsg) -> Iterator[str]:
    """The frame of a report; afterwards the kernel counts as tainted (B: bad page)."""
    yield "=" * RULE
    yield f"BUG {slab.cache.name} ({kmsg.tainted()}): {reason}"
    yield "-" * RULE
    yield ""
    kmsg.taints.add("B")


@prints(Kind.SLAB_REPORT)
def slab_report(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """One finding."""
    slab, obj, reason = m.slabs[event[2]], event[3], Reason(event[4])
    if reason is Reason.SLAB_PADDING:
        yield from _padding(m, slab, obj, kmsg)
    elif reason in BYTES:
        yield from _overwritten(m, slab, obj, reason, kmsg)
    elif reason in OBJECT_ERR:
        yield from slab_bug(slab, OBJECT_ERR[reason], kmsg)
        if slab.is_object(obj):
            yield from print_trailer(m, slab, obj, kmsg)
        else:
            yield slab_line(m, slab)
            yield f"Invalid pointer {at(slab, obj)}"
    else:
        yield from slab_bug(slab, _slab_err(slab, obj, reason), kmsg)
        yield slab_line(m, slab)


def _slab_err(slab: Slab, obj: int, reason: Reason) -> str:
    match reason:
        case Reason.INVALID_POINTER:
            return f"Invalid object pointer {at(slab, obj)}"
        case Reason.HEAD_CORRUPT:
            return "Freepointer corrupt"
        case Reason.WRONG_COUNT:
            counted = slab.objects - slab.length(slab.freelist)
            return f"Wrong object count. Counter is {slab.inuse} but counted were {counted}"
        case Reason.TOO_FEW_ALLOCATED:
            return f"Slab has {slab.inuse} allocated objects but {obj} are to be freed"
        case Reason.TOO_MANY_USED:
            return f"inuse {slab.inuse} > max {slab.objects}"
        case _:
            return "Slab disabled since SLUB metadata consistency check failed"


def _overwritten(m: Machine, slab: Slab, obj: int, reason: Reason, kmsg: Kmsg) -> Iterator[str]:
    """``check_bytes_and_report``."""
    yield from slab_bug(slab, f"{WORDS[reason]} overwritten", kmsg)
    wrong = fault(slab, obj, reason)
    assert wrong is not None
    assert slab.memory is not None
    first, last = wrong
    found, right = slab.memory[first], region(slab, obj, reason)[2]
    yield f"{at(slab, first)}-{at(slab, last)} @offset={first}. First byte {found:#x} instead of {right:#x}"
    yield from print_trailer(m, slab, obj, kmsg)


def _padding(m: Machine, slab: Slab, obj: int, kmsg: Kmsg) -> Iterator[str]:
    """``slab_pad_check``: the rest of the slab behind its last object."""
    wrong = fault(slab, obj, Reason.SLAB_PADDING)
    assert wrong is not None
    first, last = wrong
    reason = f"Padding overwritten. {at(slab, first)}-{at(slab, last)} @offset={first}"
    yield from slab_bug(slab, reason, kmsg)
    yield slab_line(m, slab)
    start, length, _ = region(slab, obj, Reason.SLAB_PADDING)
    yield from _section(slab, "Padding  ", start, length)


def print_trailer(m: Machine, slab: Slab, obj: int, kmsg: Kmsg) -> Iterator[str]:
    """Who had the object, the slab, the object, and its bytes."""
    s, shape = slab.cache, slab.cache.geometry
    yield from tracking(slab, obj, kmsg)
    yield slab_line(m, slab)
    fp = pointer(address_of(slab, get_freepointer(slab, obj)))
    yield f"Object {at(slab, obj)} @offset={obj} fp={fp}"
    yield ""
    if s.flags & SlabFlags.RED_ZONE:
        yield from _section(slab, "Redzone  ", obj - s.red_left_pad, s.red_left_pad)
    elif obj > 16:
        yield from _section(slab, "Bytes b4 ", obj - 16, 16)
    yield from _section(slab, "Object   ", obj, min(shape.object_size, PAGE_SIZE))
    if s.flags & SlabFlags.RED_ZONE:
        yield from _section(slab, "Redzone  ", obj + shape.object_size, shape.inuse - shape.object_size)
    rest = size_from_object(s) - filler_at(s)
    if rest:
        yield from _section(slab, "Padding  ", obj + filler_at(s), rest)


def _section(slab: Slab, text: str, start: int, length: int) -> Iterator[str]:
    yield from print_section(text, slab.address + start, bytes(seen(slab)[start : start + length]))


@prints(Kind.FIX_RESTORING)
def restoring(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``restore_bytes``."""
    slab, obj, reason = m.slabs[event[2]], event[3], Reason(event[4])
    wrong = fault(slab, obj, reason)
    assert wrong is not None
    span = f"{at(slab, wrong[0])}-{at(slab, wrong[1])}"
    yield f"FIX {slab.cache.name}: Restoring {WORDS[reason]} {span}={region(slab, obj, reason)[2]:#x}"


@prints(Kind.FIX_NOT_FREED)
def not_freed(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """The object stays allocated."""
    slab = m.slabs[event[2]]
    yield f"FIX {slab.cache.name}: Object at {at(slab, event[3])} not freed"


@prints(Kind.MARK_ALL_USED)
def marking(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """The slab is written off."""
    yield f"FIX {m.slabs[event[2]].cache.name}: Marking all objects used"


@prints(Kind.ADJUST_COUNT)
def adjusted(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """Freelist or counter were put right."""
    slab = m.slabs[event[2]]
    cleared = not slab.is_object(slab.freelist) and event[3] == slab.objects
    yield f"FIX {slab.cache.name}: {'Freelist cleared' if cleared else 'Object count adjusted'}"


@prints(Kind.OBJECTS_REMAINING)
def remaining(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``list_slab_objects``: what somebody still holds of a cache that is destroyed."""
    slab = m.slabs[event[2]]
    name = slab.cache.name
    yield from slab_bug(slab, f"Objects remaining in {name} on __kmem_cache_shutdown()", kmsg)
    yield slab_line(m, slab)
    free = set(slab.walk(slab.freelist))
    for index in range(slab.objects):
        obj = slab.object_at(index)
        if obj not in free:
            yield f"Object {at(slab, obj)} @offset={obj}"
            yield from tracking(slab, obj, kmsg)
