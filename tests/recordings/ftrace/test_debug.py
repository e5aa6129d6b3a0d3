"""Frees that debugging refuses are told in a trace all the same: the kernel's event comes before the checks."""

from __future__ import annotations

from pathlib import Path

from slabviz.engine.engine import Engine
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.recordings.ftrace.reader import TraceReader
from slabviz.recordings.ftrace.writer import trace
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.world import Path as KernelPath
from slabviz.timeline.run import About, Run


def test_a_double_free_that_is_refused_has_both_its_lines() -> None:
    flags = SlabFlags.CONSISTENCY_CHECKS | SlabFlags.RED_ZONE
    engine = Engine(MachineConfig(1, 2048, (CacheConfig("box", 256, flags=flags),)))
    world, cache = engine.world, engine.machine.caches[0]

    def story() -> KernelPath[None]:
        one = yield from kmem_cache_alloc(world, 0, cache, GFP_KERNEL, 0)
        two = yield from kmem_cache_alloc(world, 0, cache, GFP_KERNEL, 0)
        for address in (one, one, two):
            place = engine.machine.virt_to_slab(address)
            assert place is not None
            yield from kmem_cache_free(world, 0, *place)

    engine.log.begin_tick()
    engine.run_now(story())
    text = trace(Run(engine.config, engine.log, engine.cast, About({})))
    operations = list(TraceReader(Path("x")).operations(text.splitlines(keepends=True)))
    calls = [(op.event, op.address) for op in operations if op.allocates or op.frees]
    one, two = calls[0][1], calls[1][1]
    assert calls[2:] == [("kmem_cache_free", one), ("kmem_cache_free", one), ("kmem_cache_free", two)]
