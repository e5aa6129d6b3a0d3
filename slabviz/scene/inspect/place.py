"""Where a slab is kept, as the machine says it."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.machine import Machine
from slabviz.model.slab import Slab


@dataclass(slots=True, frozen=True)
class SlabPlace:
    """``kind``: active, parked, partial, full (on the full list), hand, rcu, or none (full, on no list).

    ``cpu`` is the owner, -1 for none; the slab is number ``index`` of ``count``, from 1, where it is in a list.
    """

    kind: str
    cpu: int = -1
    index: int = 0
    count: int = 0


def place_of(m: Machine, slab: Slab) -> SlabPlace:
    """Find a slab: on a CPU, on the node's lists, in somebody's hand, waiting for RCU, or nowhere."""
    for cpu, c in enumerate(slab.cache.cpu_slab):
        if c.slab is slab:
            return SlabPlace("active", cpu)
        if slab in c.partial:
            return SlabPlace("parked", cpu, len(c.partial) - c.partial.index(slab), len(c.partial))
    node = slab.cache.node
    for kind, listed in (("partial", node.partial), ("full", node.full)):
        if slab.id in listed:
            return SlabPlace(kind, -1, list(listed).index(slab.id) + 1, len(listed))
    if slab.id in m.rcu_slabs:
        return SlabPlace("rcu")
    for each in m.cpus:
        if any(slab in context.hand.slabs() for context in each.stack):
            return SlabPlace("hand", each.id)
    return SlabPlace("hand" if any(slab is held for held in m.in_flight()) else "none")


def free_chain(slab: Slab, place: SlabPlace) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Indexes of the slab's free objects in the order of their chains: the CPU's own freelist, and the slab's."""
    cpu: tuple[int, ...] = ()
    if place.kind == "active":
        c = slab.cache.cpu_slab[place.cpu]
        cpu = tuple(slab.index_of(obj) for obj in slab.walk(c.freelist))
    return cpu, tuple(slab.index_of(obj) for obj in slab.walk(slab.freelist))
