"""Where the kernel stops: a BUG, or a pointer that leads nowhere. Whoever runs there does not come back."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.fault import Fault, Stuck
from slabviz.model.slab import NULL, Slab
from slabviz.slub.world import Hangs, Oops, Path


def oops(cpu: int, slab: Slab, obj: int, fault: Fault) -> Path[None]:
    """Die here (``die``, ``make_task_dead``). ``obj`` is the object that was being dealt with, or NULL."""
    yield Oops((Kind.OOPS, cpu, slab.id, obj if 0 <= obj < slab.bytes else NULL, fault))
    raise AssertionError("a path that has died was resumed")


def hangs(cpu: int, slab: Slab) -> Path[None]:
    """Follow a circle for ever; only the watchdog notices."""
    yield Hangs((Kind.STUCK, cpu, slab.cache.id, Stuck.CIRCLE, 0))
    while True:
        yield None


def points_to_itself(slab: Slab, obj: int, after: int) -> bool:
    """``BUG_ON(object == fp)``: the naive detection of a double free, in a hardened kernel."""
    return obj == after and slab.cache.hardened
