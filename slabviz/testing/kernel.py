"""A small machine to tell stories about the allocator on: whole calls in one go, every law checked after every event.

::

    kernel = Kernel(1536)
    objects = kernel.alloc(22)
    assert kernel.cpu_slab() == 1 and kernel.slab(0).inuse == 21
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from slabviz.model.era import LINUX_6_1
from slabviz.model.events import Kind
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.slab import Slab
from slabviz.slub.deactivate import flush_cpu_partial, flush_cpu_slab, flush_slab
from slabviz.slub.destroy import kmem_cache_destroy
from slabviz.slub.world import NULL_POINTER, World
from slabviz.testing.laws import LawfulAtomic

Object: TypeAlias = tuple[int, int]
"""(slab id, index in the slab)."""


class Kernel:
    """One cache on a few CPUs. Objects are (slab id, index); new slabs are chained by address unless ``random_seq``.

    ``detail`` also yields the steps that change no result when nobody can come between; a story is the same with them.
    """

    def __init__(
        self,
        size: int = 1536,
        *,
        cpus: int = 4,
        pages: int = 2048,
        detail: bool = True,
        cache: CacheConfig | None = None,
        kernel: str = LINUX_6_1.name,
    ) -> None:
        self.config = MachineConfig(cpus, pages, (cache or CacheConfig("cache", size),), kernel=kernel)
        self.machine = Machine.boot(self.config)
        self.cache = self.machine.caches[0]
        self.log = EventLog()
        self.log.begin_tick()
        self.calls = LawfulAtomic(World(self.machine, lambda cache: 0 if cache.random_seq else -1, detail), self.log)

    # Calls.

    def alloc(self, count: int = 1, *, cpu: int = 0) -> list[Object]:
        """Allocate one by one; what could not be had is left out."""
        addresses = [self.calls.alloc(self.cache, cpu, owner=1) for _ in range(count)]
        return self._objects(addresses)

    def free(self, *objects: Object, cpu: int = 0) -> None:
        """Free one by one."""
        for slab, index in objects:
            self.calls.free(cpu, self.slab(slab), self.slab(slab).object_at(index))

    def alloc_bulk(self, count: int, *, cpu: int = 0) -> list[Object]:
        """Allocate all or none in one call."""
        return self._objects(self.calls.alloc_bulk(self.cache, cpu, [1] * count))

    def free_bulk(self, objects: Iterable[Object], *, cpu: int = 0) -> None:
        """Free an array of objects in one call."""
        self.calls.free_bulk(cpu, [self.address(item) for item in objects])

    def shrink(self, *, cpu: int = 0) -> None:
        """Flush all CPUs and sort the node's list (``kmem_cache_shrink``)."""
        self.calls.shrink(self.cache, cpu)

    def destroy(self, *, cpu: int = 0) -> bool:
        """Give up every slab; whether none is left (``kmem_cache_destroy``)."""
        return self.calls.drive(kmem_cache_destroy(self.calls.world, cpu, self.cache))

    def flush(self, *, cpu: int = 0) -> None:
        """Give the node all that a CPU keeps."""
        self.calls.drive(flush_cpu_slab(self.calls.world, cpu, self.cache))

    def flush_cpu_slab(self, *, cpu: int = 0) -> None:
        """Give the node the cpu slab."""
        self.calls.drive(flush_slab(self.calls.world, cpu, self.cache))

    def flush_stack(self, *, cpu: int = 0) -> None:
        """Give the node the CPU partial stack."""
        self.calls.drive(flush_cpu_partial(self.calls.world, cpu, self.cache))

    # What can be seen.

    def slab(self, id: int) -> Slab:
        """A live slab. Raises KeyError when it is gone."""
        return self.machine.slabs[id]

    def address(self, item: Object) -> int:
        """The address of an object."""
        slab = self.slab(item[0])
        return self.machine.address(slab, slab.object_at(item[1]))

    def cpu_slab(self, cpu: int = 0) -> int | None:
        """The id of the slab that a CPU takes from."""
        slab = self.cache.cpu_slab[cpu].slab
        return None if slab is None else slab.id

    def cpu_freelist(self, cpu: int = 0) -> list[int]:
        """Indexes on a CPU's own freelist, the next to be handed out first."""
        c = self.cache.cpu_slab[cpu]
        return [] if c.slab is None else [c.slab.index_of(offset) for offset in c.free_objects()]

    def freelist(self, id: int) -> list[int]:
        """Indexes on a slab's own freelist."""
        slab = self.slab(id)
        return [slab.index_of(offset) for offset in slab.walk(slab.freelist)]

    def stack(self, cpu: int = 0) -> list[tuple[int, int]]:
        """(slab id, count) of a CPU partial stack, head first."""
        return [(slab.id, slab.slabs) for slab in reversed(self.cache.cpu_slab[cpu].partial)]

    def node(self) -> list[int]:
        """Slab ids of the node's partial list, head first."""
        return list(self.cache.node.partial)

    def kinds(self, first: int = 0) -> list[Kind]:
        """The kinds of the events from number ``first`` on."""
        return [Kind(event[0]) for event in self.log.events(first)]

    def _objects(self, addresses: Iterable[int]) -> list[Object]:
        objects = []
        for address in addresses:
            if address != NULL_POINTER and (place := self.machine.virt_to_slab(address)):
                objects.append((place[0].id, place[0].index_of(place[1])))
        return objects
