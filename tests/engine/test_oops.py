"""What goes wrong in the allocator: who dies, what he takes with him, and what the others do then."""

from __future__ import annotations

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import scripted
from slabviz.engine.waits import SleepFor, Work
from slabviz.model.events import Kind
from slabviz.model.flags import NO_FLAGS, SlabFlags
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.image import image_of, machine_of
from slabviz.model.lock import DEAD
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.model.slub_debug import letters
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.cache_from_obj import kmem_cache_free
from slabviz.slub.world import Path
from slabviz.timeline.timeline import Timeline


def engine_of(flags: SlabFlags = NO_FLAGS, *, cpus: int = 2, panic_on_oops: bool = False) -> Engine:
    config = MachineConfig(cpus, 4096, (CacheConfig("cache", 64, flags=flags),), panic_on_oops=panic_on_oops)
    engine = Engine(config)
    engine.cast.enter("pid", "1", "first")
    engine.cast.enter("pid", "2", "second")
    return engine


def frees_twice(engine: Engine, cpu: int, who: int) -> Path[None]:
    cache = engine.machine.caches[0]
    yield from kmem_cache_alloc(engine.world, cpu, cache, GFP_ATOMIC, who)
    address = yield from kmem_cache_alloc(engine.world, cpu, cache, GFP_ATOMIC, who)
    yield from kmem_cache_free(engine.world, cpu, cache, address)
    yield from kmem_cache_free(engine.world, cpu, cache, address)


def works(engine: Engine, cpu: int, who: int, rounds: int, after: int = 1) -> Work[None]:
    cache = engine.machine.caches[0]
    yield SleepFor(after)
    for _ in range(rounds):
        address = yield from kmem_cache_alloc(engine.world, cpu, cache, GFP_KERNEL, who)
        yield from kmem_cache_free(engine.world, cpu, cache, address)


def kinds(engine: Engine) -> list[Kind]:
    return [Kind(event[0]) for event in engine.log.events()]


def play(engine: Engine, ticks: int = 400) -> None:
    for _ in range(ticks):
        if engine.quiet:
            return
        engine.tick()


def test_a_double_free_of_the_newest_object_kills_the_task_and_the_machine_goes_on() -> None:
    engine = engine_of()
    task = engine.start(0, 2, frees_twice(engine, 0, 2))
    other = engine.start(1, 3, works(engine, 1, 3, 5))
    play(engine)
    assert kinds(engine).count(Kind.OOPS) == 1
    assert task.over
    assert other.over
    assert kinds(engine).count(Kind.TASK_EXIT) == 1
    assert engine.machine.parked[2].actor == 2  # with all that it held


def test_folding_the_log_and_images_know_of_the_dead() -> None:
    engine = engine_of(letters("U"))
    engine.start(0, 2, frees_twice(engine, 0, 2))
    engine.start(1, 3, works(engine, 1, 3, 5))
    play(engine)
    timeline = Timeline(engine.config, engine.log)
    assert image_of(timeline.machine_at(engine.log.ticks - 1)) == image_of(engine.machine)
    assert image_of(machine_of(engine.config, image_of(engine.machine))) == image_of(engine.machine)


def test_who_dies_with_list_lock_keeps_it_and_whoever_wants_it_is_stuck() -> None:
    engine = engine_of(letters("ZP"))  # found only when the pointer is stored, under the lock
    engine.start(0, 2, frees_twice(engine, 0, 2))
    engine.start(1, 3, works(engine, 1, 3, 5, after=60))
    play(engine)
    assert engine.machine.caches[0].node.list_lock.holder == DEAD
    assert engine.stuck == {1}
    assert kinds(engine).count(Kind.STUCK) == 1
    assert engine.now < 400
    assert engine.quiet


@pytest.mark.parametrize("where", ["interrupt", "process"])
def test_in_an_interrupt_or_with_panic_on_oops_the_machine_stops(where: str) -> None:
    engine = engine_of(panic_on_oops=where == "process")
    if where == "process":
        engine.start(0, 2, frees_twice(engine, 0, 2))
    else:
        nic = engine.cast.enter("irq", "n", "nic")
        engine.interrupt(nic, (0,), scripted((5,)), lambda cpu: frees_twice(engine, cpu, nic))
    engine.start(1, 3, works(engine, 1, 3, 50))
    play(engine)
    assert engine.panicked
    assert kinds(engine)[-1] is Kind.PANIC
    ticks = engine.log.ticks
    engine.tick()
    assert engine.log.ticks == ticks


def test_with_checks_the_second_free_is_refused_and_the_task_lives() -> None:
    engine = engine_of(letters("F"))
    task = engine.start(0, 2, frees_twice(engine, 0, 2))
    play(engine)
    assert task.over
    assert Kind.SLAB_REPORT in kinds(engine)
    assert Kind.OOPS not in kinds(engine)
    assert kinds(engine).count(Kind.FIX_NOT_FREED) == 1
