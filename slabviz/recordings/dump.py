"""The state of a cache as the recorder dumps it, kept up to date slab by slab.

A dump names every slab, an operation changes one or two. So the dump is kept, and only the entries of slabs that an
event has named are read again; the chains of those are walked, so that their lengths are found and not concluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from slabviz.model.events import LAST_OF_SLABS, Event
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.recordings.jsonl import JsonObject


class StateDump:
    """``state`` and ``freelists`` of the only cache of a machine, in the structure of the recordings."""

    def __init__(self, machine: Machine, cache: KmemCache) -> None:
        self._machine, self._cache = machine, cache
        self._slabs: dict[str, list[int]] = {}
        self._cpus: list[JsonObject] = [{} for _ in cache.cpu_slab]
        self._state: JsonObject = {"cpu": self._cpus, "node": {}, "slabs": self._slabs}
        self._stale_slabs: set[int] = set()
        self._stale_cpus: set[int] = set(range(len(self._cpus)))

    def follow(self, events: Iterable[Event]) -> None:
        """Note what these events may have changed."""
        for kind, cpu, slab, _, _ in events:
            self._stale_cpus.add(cpu)
            if kind <= LAST_OF_SLABS:
                self._stale_slabs.add(slab)

    def state(self, whole: bool = False) -> JsonObject:
        """The state without ``freelists``; ``whole`` reads every entry again. It is kept: do not change it."""
        live = self._machine.slabs
        if whole:
            self._stale_slabs.update(live, map(int, self._slabs))
            self._stale_cpus.update(range(len(self._cpus)))
        for number in self._stale_slabs:
            if number in live:
                self._slabs[str(number)] = _slab_entry(live[number])
            else:
                self._slabs.pop(str(number), None)
        for cpu in self._stale_cpus:
            self._cpus[cpu] = self._cpu_entry(cpu)
        self._stale_slabs.clear()
        self._stale_cpus.clear()
        node = self._cache.node
        self._state["node"] = {
            "nr_partial": node.nr_partial,
            "nr_slabs": node.nr_slabs,
            "objects": node.total_objects,
            "partial": list(node.partial),
        }
        return self._state

    def freelists(self) -> JsonObject:
        """All free lists as object indexes, the first to be handed out first."""
        cpus: dict[str, Any] = {}
        for number, cpu in enumerate(self._cache.cpu_slab):
            if cpu.slab is not None:
                cpus[str(number)] = _indexes(cpu.slab, cpu.freelist)
        slabs = {str(number): _indexes(slab, slab.freelist) for number, slab in self._machine.slabs.items()}
        return {"cpu": cpus, "slab": slabs}

    def _cpu_entry(self, number: int) -> JsonObject:
        cpu = self._cache.cpu_slab[number]
        slab = cpu.slab
        return {
            "slab": None if slab is None else slab.id,
            "free": 0 if slab is None else slab.length(cpu.freelist),
            "partial": [parked.id for parked in reversed(cpu.partial)],
            "slabs": cpu.partial_slabs,
        }


def _slab_entry(slab: Slab) -> list[int]:
    return [slab.inuse, slab.objects, int(slab.frozen), slab.length(slab.freelist)]


def _indexes(slab: Slab, head: int) -> list[int]:
    return [slab.index_of(offset) for offset in slab.walk(head)]
