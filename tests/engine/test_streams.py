"""Chance by name: the same seed gives the same bytes, and a new user of chance leaves the others alone."""

from __future__ import annotations

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import poisson
from slabviz.engine.streams import Streams, permutation
from slabviz.engine.waits import SleepFor, Work
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.world import Path

ORDER = tuple(range(16))


def engine_with(sources: int = 1, cpus: int = 2, seed: int = 3) -> Engine:
    """Every CPU allocates now and then; ``sources`` devices interrupt CPU 0."""
    config = MachineConfig(cpus, 4096, (CacheConfig("cache", 256, random_seq=ORDER),))
    engine = Engine(config, seed)
    for cpu in range(cpus):
        engine.start(cpu, engine.cast.enter("pid", str(cpu), "task"), _task(engine, cpu))
    for number in range(sources):
        actor = engine.cast.enter("irq", str(number), f"device {number}")
        engine.interrupt(actor, (0,), poisson(9), lambda cpu: _handler(engine, cpu))
    for _ in range(600):
        engine.tick()
    return engine


def _task(engine: Engine, cpu: int) -> Work[None]:
    chance = engine.streams.stream(f"task {cpu}")
    while True:
        yield SleepFor(int(chance.random() * 9))
        yield from kmem_cache_alloc(engine.world, cpu, engine.machine.caches[0], GFP_KERNEL, 1)


def _handler(engine: Engine, cpu: int) -> Path[None]:
    yield from kmem_cache_alloc(engine.world, cpu, engine.machine.caches[0], GFP_ATOMIC, 1)


def log_bytes(engine: Engine) -> bytes:
    return engine.log.matrix().tobytes() + bytes(engine.log.starts)


def arrivals(engine: Engine, name: str) -> list[int]:
    (actor,) = (number for number, who in enumerate(engine.cast.actors) if who.name == name)
    return [
        tick
        for tick in range(engine.log.ticks)
        for event in engine.log.of_tick(tick)
        if event[0] == Kind.IRQ_RAISE and event[4] == actor
    ]


def starts(engine: Engine) -> list[int]:
    return [event[3] for event in engine.log.events() if event[0] == Kind.SHUFFLE]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    assert log_bytes(engine_with()) == log_bytes(engine_with())
    assert log_bytes(engine_with()) != log_bytes(engine_with(seed=4))


def test_another_source_does_not_change_the_arrivals_of_the_first() -> None:
    one, two = engine_with(sources=1), engine_with(sources=2)
    assert arrivals(one, "device 0") == arrivals(two, "device 0") != []
    assert arrivals(two, "device 1") != arrivals(two, "device 0")


def test_another_cpu_does_not_change_arrivals_nor_the_starts_of_new_slabs() -> None:
    two, three = engine_with(cpus=2), engine_with(cpus=3)
    assert arrivals(two, "device 0") == arrivals(three, "device 0")
    shared = min(len(starts(two)), len(starts(three)))
    assert shared >= 3
    assert starts(two)[:shared] == starts(three)[:shared]


def test_streams_are_independent_and_known_by_name() -> None:
    streams, again = Streams(1), Streams(1)
    a = [streams.stream("a").random() for _ in range(5)]
    [again.stream("b").random() for _ in range(99)]
    assert [again.stream("a").random() for _ in range(5)] == a
    assert [Streams(2).stream("a").random() for _ in range(5)] != a
    assert streams.stream("a") is streams.stream("a")


def test_numbers_do_not_change_between_releases() -> None:
    """Saved seeds mean something: these are the first numbers of seed 1, for ever."""
    assert permutation(7, Streams(1).stream("cache:task_struct")) == (6, 1, 3, 5, 4, 2, 0)
