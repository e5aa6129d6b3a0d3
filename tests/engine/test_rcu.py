"""Frees that wait for a grace period."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.waits import Work
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.testing.story import story
from slabviz.timeline.timeline import Timeline

Make = Callable[..., Engine]


def take_and_retire(engine: Engine, cpu: int, count: int = 1) -> Work[None]:
    """Allocate ``count`` objects and hand each to call_rcu."""
    for _ in range(count):
        address = yield from kmem_cache_alloc(engine.world, cpu, engine.machine.caches[0], GFP_KERNEL, 1)
        place = engine.machine.virt_to_slab(address)
        assert place is not None
        yield from engine.rcu.call_rcu(cpu, *place)


def run_until_quiet(engine: Engine, at_most: int = 500) -> int:
    for _ in range(at_most):
        engine.tick()
        if engine.quiet:
            return engine.now
    pytest.fail(f"not quiet after {at_most} ticks")


def when(engine: Engine, name: str) -> list[tuple[int, int]]:
    return [(tick, cpu) for tick, cpu, told in story(engine.log) if told == name]


def test_an_object_is_freed_by_the_softirq_of_its_cpu_after_the_grace_period(make_engine: Make) -> None:
    engine = make_engine(cpus=2)
    engine.start(1, 1, take_and_retire(engine, 1))
    run_until_quiet(engine)
    ((queued, _),) = when(engine, "RCU_QUEUE")
    ((over, cpu),) = when(engine, "GRACE_PERIOD")
    assert (over - queued, cpu) == (engine.rcu.grace_period, 1)
    ((freed, cpu),) = when(engine, "FREE_FASTPATH")
    assert when(engine, "SOFTIRQ_ENTER") < [(freed, cpu)] < when(engine, "SOFTIRQ_EXIT")
    assert cpu == 1


def test_until_then_it_is_its_holders(make_engine: Make) -> None:
    engine = make_engine()
    engine.start(0, 1, take_and_retire(engine, 0))
    for _ in range(engine.rcu.grace_period):
        engine.tick()
    assert sum(len(slab.owners) for slab in engine.machine.slabs.values()) == 2  # the warm one, and this
    run_until_quiet(engine)
    assert sum(len(slab.owners) for slab in engine.machine.slabs.values()) == 1


def test_one_softirq_frees_all_that_are_ready(make_engine: Make) -> None:
    engine = make_engine()
    engine.rcu.grace_period = 40
    engine.start(0, 1, take_and_retire(engine, 0, 6))
    run_until_quiet(engine)
    freed = len(when(engine, "FREE_FASTPATH"))
    assert freed == 6
    assert 1 <= len(when(engine, "SOFTIRQ_ENTER")) < 6


def test_pages_of_a_typesafe_by_rcu_slab_wait_for_a_grace_period() -> None:
    engine = Engine(
        MachineConfig(2, 2048, (CacheConfig("sighand", 2048, flags=SlabFlags.TYPESAFE_BY_RCU, min_partial=0),))
    )
    cache = engine.machine.caches[0]

    def task() -> Work[None]:
        address = yield from kmem_cache_alloc(engine.world, 0, cache, GFP_KERNEL, 1)
        place = engine.machine.virt_to_slab(address)
        assert place is not None
        yield from kmem_cache_free(engine.world, 0, *place)
        yield from kmem_cache_shrink(engine.world, 0, cache)

    engine.start(0, engine.rcu.actor, task())
    run_until_quiet(engine)
    ((discarded, _),) = when(engine, "DISCARD_SLAB_RCU")
    ((freed, cpu),) = when(engine, "RCU_FREE_SLAB")
    assert freed - discarded > engine.rcu.grace_period
    assert (cache.node.nr_slabs, engine.machine.slabs, engine.machine.rcu_slabs) == (0, {}, {})
    assert when(engine, "PCP_FREE") == [(freed + 2, cpu)]
    between = Timeline(engine.config, engine.log).machine_at(freed - 1)
    assert (between.caches[0].node.nr_slabs, list(between.rcu_slabs)) == (0, [0])  # uncounted, yet not free
