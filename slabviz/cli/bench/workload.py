"""What the model is given to do: whole calls in one go, and programs on CPUs with interrupts, tick by tick."""

from __future__ import annotations

import numpy as np

from slabviz.cli.bench.stream import SEED, Op
from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import poisson
from slabviz.engine.waits import Work
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.atomic import Atomic
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.world import NULL_POINTER, Path, World

OBJECT_SIZE = 256
OBJECTS = 16
"""In a slab of that size (order 0)."""

PAGES = 1 << 18
CPUS = 4
MEAN_GAP = 40
"""Ticks between two interrupts of a source, on average."""

LONGEST_RUN = 12
MOST_HELD = 400


def model(cpus: int) -> Atomic:
    """A booted machine with one cache, and the driver of its paths."""
    machine = Machine.boot(MachineConfig(cpus, PAGES, (CacheConfig("bench", OBJECT_SIZE),)))
    return Atomic(World(machine, lambda cache: -1), EventLog())


def run_model(stream: list[Op], atomic: Atomic) -> None:
    """Feed ``stream`` to the model, call by call."""
    cache = atomic.machine.caches[0]
    alloc, free, virt_to_slab = atomic.alloc, atomic.free, atomic.machine.virt_to_slab
    live: list[int] = []
    for cpu, place in stream:
        if place < 0:
            live.append(alloc(cache, cpu))
        elif found := virt_to_slab(live[place]):
            live[place] = live[-1]
            live.pop()
            free(cpu, *found)


def busy_engine() -> Engine:
    """Four CPUs, each with a task that allocates and frees the newest, and two sources of Poisson interrupts."""
    engine = Engine(MachineConfig(CPUS, PAGES, (CacheConfig("bench", OBJECT_SIZE),)), SEED)
    cache = engine.machine.caches[0]
    for cpu in range(CPUS):
        actor = engine.cast.enter("pid", str(cpu), f"task/{cpu}")
        engine.start(cpu, actor, _walk(engine, cpu, cache, actor))
    for name in ("disk", "net"):
        actor = engine.cast.enter("irq", name[0], name)

        def handler(cpu: int, actor: int = actor) -> Path[None]:
            return _handle(engine, cpu, cache, actor)

        engine.interrupt(actor, tuple(range(CPUS)), poisson(MEAN_GAP), handler)
    return engine


def completed_calls(log: EventLog) -> int:
    """Calls of alloc and free in a log of ticks; those under way at its end are a handful."""
    kinds = np.bincount(log.matrix()[:, 0], minlength=len(Kind))
    return int(kinds[Kind.ALLOC_ENTER] + kinds[Kind.FREE_ENTER])


def _walk(engine: Engine, cpu: int, cache: KmemCache, actor: int) -> Work[None]:
    random = engine.streams.stream(f"walk:{cpu}")
    held: list[int] = []
    while True:
        run = random.randint(1, LONGEST_RUN)
        if len(held) >= MOST_HELD or (len(held) >= run and random.random() < 0.5):
            for _ in range(run):
                yield from _free(engine, cpu, held.pop())
        else:
            for _ in range(run):
                held.append((yield from kmem_cache_alloc(engine.world, cpu, cache, GFP_KERNEL, actor)))


def _handle(engine: Engine, cpu: int, cache: KmemCache, actor: int) -> Path[None]:
    address = yield from kmem_cache_alloc(engine.world, cpu, cache, GFP_ATOMIC, actor)
    if address != NULL_POINTER:
        yield from _free(engine, cpu, address)


def _free(engine: Engine, cpu: int, address: int) -> Path[None]:
    if found := engine.machine.virt_to_slab(address):
        yield from kmem_cache_free(engine.world, cpu, *found)
