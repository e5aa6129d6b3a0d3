"""Writes to /sys/kernel/slab/NAME at run time: min_partial and cpu_partial (mm/slub.c of 6.1)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.slub.world import FlushCpus, Path


def min_partial_store(cpu: int, s: KmemCache, slabs: int) -> Path[None]:
    """Any number of slabs is accepted; what the node keeps now is not looked at again."""
    yield (Kind.TUNE_MIN_PARTIAL, cpu, s.id, slabs, 0)


def cpu_partial_store(cpu: int, s: KmemCache, objects: int) -> Path[None]:
    """The limit in slabs is computed anew, then all CPUs are flushed."""
    yield (Kind.TUNE_CPU_PARTIAL, cpu, s.id, objects, 0)
    yield FlushCpus(s)
