"""Whole calls in one go: the atomic semantics, for recordings and traces.

The paths are the same as tick by tick; a call that one step decides is made without a generator.
"""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.errors import TaskDied, TaskHangs
from slabviz.model.events import APPLY, Event
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import FULL, EventLog
from slabviz.model.slab import Slab
from slabviz.slub.alloc import alloc_in_one_step, kmem_cache_alloc, slab_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.deactivate import flush_cpu_partial, flush_cpu_slab, flush_slab
from slabviz.slub.free import careful_free, free_in_one_step, kmem_cache_free, slab_free
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.world import FlushCpus, Hangs, Oops, Path, T, World


class Atomic:
    """Drives paths to their end on one machine; every event is applied and logged.

    ``flush_order`` says on which CPUs, and in which order, the next ``FlushCpus`` runs (None: all, by number).
    """

    def __init__(self, world: World, log: EventLog) -> None:
        self.world = world
        self.machine = world.machine
        self.log = log
        self._tail = log.tail
        self.flush_order: Sequence[tuple[str, int]] | None = None

    def commit(self, event: Event) -> None:
        """Apply one event and log it."""
        kind, cpu, slab, arg, who = event
        APPLY[kind](self.machine, cpu, slab, arg, who)
        self._tail.extend(event)

    def drive(self, path: Path[T]) -> T:
        """Run a path to its end and return its result."""
        commit = self.commit
        try:
            while True:
                step = next(path)
                if type(step) is tuple:
                    commit(step)
                elif type(step) is list:
                    for event in step:
                        commit(event)
                elif type(step) is FlushCpus:
                    self._flush(step.cache)
                elif type(step) is Oops:
                    commit(step.event)
                    path.close()
                    raise TaskDied(f"CPU{step.event[1]}: the task died in the allocator", step.event[4])
                elif type(step) is Hangs:
                    commit(step.event)
                    path.close()
                    raise TaskHangs(f"CPU{step.event[1]} spins for ever in the allocator")
        except StopIteration as end:
            result: T = end.value
            if len(self._tail) >= FULL:
                self.log.pack()
            return result

    def alloc(self, cache: KmemCache, cpu: int, owner: int = 0, gfp: int = GFP_KERNEL) -> int:
        """Allocate one object: its address."""
        if self.world.detail:
            return self.drive(kmem_cache_alloc(self.world, cpu, cache, gfp, owner))
        c = cache.cpu_slab[cpu]
        event = alloc_in_one_step(c, cpu, owner)
        if event is None or c.slab is None:
            wild = c.slab is not None and c.slab.is_wild(c.freelist)
            path = kmem_cache_alloc if wild else slab_alloc
            return self.drive(path(self.world, cpu, cache, gfp, owner))
        self.commit(event)
        return c.slab.address + event[3]

    def free(self, cpu: int, slab: Slab, obj: int) -> None:
        """Free the object at this offset of a slab."""
        if self.world.detail:
            return self.drive(kmem_cache_free(self.world, cpu, slab, obj))
        if obj not in slab.owners or slab.memory is not None:
            return self.drive(careful_free(self.world, cpu, slab, obj))
        event = free_in_one_step(slab.cache.cpu_slab[cpu], cpu, slab, obj)
        if event is None:
            return self.drive(slab_free(self.world, cpu, slab, [obj]))
        return self.commit(event)

    def alloc_bulk(self, cache: KmemCache, cpu: int, owners: list[int], gfp: int = GFP_KERNEL) -> list[int]:
        """Allocate an object for each owner, or none."""
        return self.drive(kmem_cache_alloc_bulk(self.world, cpu, cache, gfp, owners))

    def free_bulk(self, cpu: int, addresses: list[int]) -> None:
        """Free objects as ``kmem_cache_free_bulk`` does."""
        self.drive(kmem_cache_free_bulk(self.world, cpu, addresses))

    def shrink(self, cache: KmemCache, cpu: int) -> None:
        """Flush all CPUs and sort the node's list."""
        self.drive(kmem_cache_shrink(self.world, cpu, cache))

    def _flush(self, cache: KmemCache) -> None:
        if self.flush_order is None:
            for cpu in range(len(self.machine.cpus)):
                self.drive(flush_cpu_slab(self.world, cpu, cache))
            return
        for step, cpu in self.flush_order:
            if step == "deactivate":
                self.drive(flush_slab(self.world, cpu, cache))
            else:
                self.drive(flush_cpu_partial(self.world, cpu, cache))
