"""The consistency checks of SLAB_CONSISTENCY_CHECKS (F): what they find is reported and, where it can be, put right.

Each check is a generator of events that returns whether all is well. They read the slab as it is at the beginning of
the step they belong to; what one of them restores no later one looks at. list_lock is held. Source: mm/slub.c of 6.1.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

from slabviz.model.events import Event, Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.memory import get_freepointer
from slabviz.model.poison import freeptr_outside_object
from slabviz.model.reason import Reason, checks_of, fault, region
from slabviz.model.slab import NULL, Slab

Check: TypeAlias = Generator[Event, None, bool]

LEAVES_NO_MARK = frozenset({Reason.ALIGNMENT_PADDING, Reason.OBJECT_PADDING})
"""Damage that is reported and restored, and does not count against the object."""


def run(check: Check, steps: list[Event]) -> bool:
    """Carry out a check: its events are added to ``steps``."""
    try:
        while True:
            steps.append(next(check))
    except StopIteration as end:
        return bool(end.value)


def report(cpu: int, slab: Slab, obj: int, reason: Reason) -> Event:
    """A report of the kernel (``slab_err``, ``object_err``)."""
    return (Kind.SLAB_REPORT, cpu, slab.id, obj if 0 <= obj < slab.bytes else NULL, reason)


def check_bytes_and_report(cpu: int, slab: Slab, obj: int, reason: Reason) -> Check:
    """Bytes that are not what belongs there are reported and restored."""
    wrong = fault(slab, obj, reason)
    if wrong is None:
        return True
    first, last = wrong
    yield report(cpu, slab, obj, reason)
    yield (Kind.FIX_RESTORING, cpu, slab.id, obj, reason)
    yield (Kind.POKE_BYTE, cpu, slab.id, first, region(slab, obj, reason)[2])
    yield (Kind.REPEAT, cpu, slab.id, first, last - first + 1)
    return False


def check_slab(cpu: int, slab: Slab) -> Check:
    """Counters, and the padding behind the last object."""
    if slab.inuse > slab.objects:
        yield report(cpu, slab, NULL, Reason.TOO_MANY_USED)
        return False
    if slab.frozen:
        yield report(cpu, slab, NULL, Reason.DISABLED)
        return False
    if slab.cache.flags & SlabFlags.POISON and slab.bytes % slab.cache.size:
        yield from check_bytes_and_report(cpu, slab, slab.object_at(0), Reason.SLAB_PADDING)
    return True


def check_object(cpu: int, slab: Slab, obj: int, used: bool) -> Check:
    """Red zones, poison, padding, free pointer; ``used``: as somebody holds it, else as it lies on a freelist."""
    for reason in checks_of(slab, used):
        well = yield from check_bytes_and_report(cpu, slab, obj, reason)
        if not well and reason not in LEAVES_NO_MARK:
            return False
    if used and not freeptr_outside_object(slab.cache):
        return True
    after = get_freepointer(slab, obj)
    if after != NULL and not slab.is_object(after):
        yield report(cpu, slab, obj, Reason.FREEPOINTER_CORRUPT)
        yield (Kind.SET_FREE_POINTER, cpu, slab.id, obj, NULL)  # the rest of the free objects is lost
        return False
    return True


def alloc_consistency_checks(cpu: int, slab: Slab, obj: int) -> Check:
    """Whether an object may be handed out."""
    if not (yield from check_slab(cpu, slab)):
        return False
    if not slab.is_object(obj):
        yield report(cpu, slab, obj, Reason.FREELIST_POINTER)
        return False
    return (yield from check_object(cpu, slab, obj, used=False))


def free_consistency_checks(cpu: int, slab: Slab, obj: int) -> Check:
    """Whether an object may be freed."""
    if not slab.is_object(obj):
        yield report(cpu, slab, obj, Reason.INVALID_POINTER)
        return False
    if (yield from on_freelist(cpu, slab, obj)):
        yield report(cpu, slab, obj, Reason.ALREADY_FREE)
        return False
    return (yield from check_object(cpu, slab, obj, used=True))


def on_freelist(cpu: int, slab: Slab, search: int) -> Check:
    """Whether an object is on the slab's freelist; a chain or a counter that is wrong on the way is put right."""
    found, nr, before = slab.freelist, 0, NULL
    while found != NULL and nr <= slab.objects:
        if found == search:
            return True
        if not slab.is_object(found):
            if before == NULL:
                yield report(cpu, slab, NULL, Reason.HEAD_CORRUPT)
                yield (Kind.ADJUST_COUNT, cpu, slab.id, slab.objects, 0)
                return False
            yield report(cpu, slab, before, Reason.FREECHAIN_CORRUPT)
            yield (Kind.SET_FREE_POINTER, cpu, slab.id, before, NULL)
            break
        before, found, nr = found, get_freepointer(slab, found), nr + 1
    if slab.inuse != slab.objects - nr:
        yield report(cpu, slab, NULL, Reason.WRONG_COUNT)
        yield (Kind.ADJUST_COUNT, cpu, slab.id, slab.objects - nr, 0)
    return False
