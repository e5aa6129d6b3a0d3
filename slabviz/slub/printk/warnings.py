"""Warnings: the kernel says that something is wrong and goes on."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine
from slabviz.slub.printk.places import tracking
from slabviz.slub.printk.table import CUT_HERE, Kmsg, prints


def warn(m: Machine, cpu: int, message: str, place: str, function: str, kmsg: Kmsg) -> Iterator[str]:
    """``WARN(…)``; the pid is the actor's number, for the caller to name."""
    yield CUT_HERE
    yield message
    yield f"WARNING: CPU: {cpu} PID: {m.cpus[cpu].stack[0].actor} at {place} {function}"
    yield f"RIP: 0010:{function}"
    kmsg.taints.add("W")


@prints(Kind.WRONG_CACHE)
def wrong_cache(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``cache_from_obj``: the object is another cache's."""
    slab, given = m.slabs[event[2]], m.caches[event[4]]
    message = f"cache_from_obj: Wrong slab cache. {given.name} but object is from {slab.cache.name}"
    yield from warn(m, event[1], message, "mm/slab.h:665", "cache_from_obj+0xa1/0x120", kmsg)
    yield from tracking(slab, event[3], kmsg)


@prints(Kind.NOT_A_SLAB)
def not_a_slab(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``virt_to_cache``: the page is no slab's. Said once only."""
    if "NOT_A_SLAB" in kmsg.once:
        return
    kmsg.once.add("NOT_A_SLAB")
    message = "virt_to_cache: Object is not a Slab page!"
    yield from warn(m, event[1], message, "mm/slab.h:630", "cache_from_obj+0xe0/0x120", kmsg)


@prints(Kind.CACHE_REMAINS)
def cache_remains(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``kmem_cache_destroy``: the cache cannot go."""
    caller = kmsg.names.symbol(m.cpus[event[1]].top.actor)
    name = m.caches[event[2]].name
    message = f"kmem_cache_destroy {name}: Slab cache still has objects when called from {caller}"
    yield from warn(m, event[1], message, "mm/slab_common.c:493", "kmem_cache_destroy+0x141/0x150", kmsg)
