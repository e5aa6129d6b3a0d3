"""The limit of every model figure: an idealised allocator, as little as can still be called one.

Dataclass, method, and one event tuple for each op (``rendertech.md`` section 7), fed the very ops that the model gets.
It does what each model of SLUB must: objects are addresses, a free finds the slab of its address, a CPU has a freelist
and a transaction id of its own, holders are known, ways are counted, empty slabs are given back. It knows no orders, no
CPU partial lists, no locks, no pages, no interrupts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from slabviz.cli.bench.stream import Op

ALLOC, FREE, REFILL, DISCARD = range(4)

Event: TypeAlias = tuple[int, int, int, int, int]


@dataclass(slots=True, eq=False)
class IdealSlab:
    """A slab: its number, which is its place in memory, the chain of its free objects, and who holds the others."""

    id: int
    freelist: list[int]
    inuse: int = 0
    frozen: bool = False
    """True while it is the active slab of a CPU."""
    owners: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class IdealCpu:
    """A CPU's own: its active slab and transaction id."""

    slab: IdealSlab
    tid: int = 0


@dataclass(slots=True, eq=False)
class IdealCache:
    """One cache, with one list of partial slabs."""

    objects: int
    cpus: list[IdealCpu]
    slabs: dict[int, IdealSlab] = field(default_factory=dict)
    partial: dict[int, IdealSlab] = field(default_factory=dict)
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    events: list[Event] = field(default_factory=list)
    made: int = 0

    @classmethod
    def of(cls, cpus: int, objects: int) -> IdealCache:
        """A cache for ``cpus`` CPUs with ``objects`` objects in each slab."""
        return cls(objects, [IdealCpu(IdealSlab(-1, [])) for _ in range(cpus)])

    def alloc(self, cpu: int, owner: int = 0) -> int:
        """One object: its address, counted in objects."""
        c = self.cpus[cpu]
        if not c.slab.freelist:
            self._refill(cpu, c)
        slab = c.slab
        index = slab.freelist.pop()
        slab.inuse += 1
        slab.owners[index] = owner
        c.tid += 1
        self.emit((ALLOC, cpu, slab.id, index, owner))
        return slab.id * self.objects + index

    def free(self, cpu: int, address: int) -> None:
        """Give the object at ``address`` back."""
        number, index = divmod(address, self.objects)
        slab, c = self.slabs[number], self.cpus[cpu]
        slab.freelist.append(index)
        slab.inuse -= 1
        owner = slab.owners.pop(index)
        c.tid += 1
        self.emit((FREE, cpu, number, index, owner))
        if not slab.frozen:
            self._settle(cpu, slab)

    def emit(self, event: Event) -> None:
        """Keep and count an event."""
        self.counts[event[0]] += 1
        self.events.append(event)

    def _settle(self, cpu: int, slab: IdealSlab) -> None:
        """Where a slab that is nobody's active one belongs after a free."""
        if not slab.inuse:
            self.partial.pop(slab.id, None)
            del self.slabs[slab.id]
            self.emit((DISCARD, cpu, slab.id, 0, 0))
        elif len(slab.freelist) == 1:
            self.partial[slab.id] = slab

    def _refill(self, cpu: int, c: IdealCpu) -> None:
        if self.partial:
            slab = self.partial.popitem()[1]
        else:
            self.made += 1
            slab = self.slabs[self.made] = IdealSlab(self.made, list(range(self.objects)))
        self.emit((REFILL, cpu, slab.id, 0, 0))
        c.slab.frozen = False
        slab.frozen = True
        c.slab = slab


def run_ideal(stream: list[Op], cpus: int, objects: int) -> IdealCache:
    """Feed ``stream`` to an idealised cache."""
    cache = IdealCache.of(cpus, objects)
    alloc, free = cache.alloc, cache.free
    live: list[int] = []
    for cpu, place in stream:
        if place < 0:
            live.append(alloc(cpu))
        else:
            address = live[place]
            live[place] = live[-1]
            live.pop()
            free(cpu, address)
    return cache
