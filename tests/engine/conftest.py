"""Small engines for by-tick stories."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.engine.engine import Engine
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.world import Path


@pytest.fixture
def make_engine() -> Callable[..., Engine]:
    """Make an engine with one cache, and a cpu slab with objects in it on every CPU: the first call can be fast."""

    def make(cpus: int = 1, size: int = 256, seed: int = 0, warm: bool = True) -> Engine:
        engine = Engine(MachineConfig(cpus, 2048, (CacheConfig("cache", size),)), seed)
        engine.cast.enter("pid", "1", "boot")
        for cpu in range(cpus if warm else 0):
            engine.run_now(_discarding(kmem_cache_alloc(engine.world, cpu, engine.machine.caches[0], GFP_KERNEL, 2)))
        return engine

    return make


def _discarding(path: Path[int]) -> Path[None]:
    yield from path
