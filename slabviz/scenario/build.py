"""From a checked scenario to an engine that is about to begin: machine, memory, tasks, interrupts."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile

from slabviz.engine import interrupts
from slabviz.engine.engine import Engine
from slabviz.engine.identities import Identities, Identity
from slabviz.engine.interpreter import run_program, spawn
from slabviz.engine.interrupts import Arrivals, Handler
from slabviz.engine.job import Job, LiveQueue, Stage
from slabviz.engine.lru import Lru
from slabviz.engine.memory import background, populate
from slabviz.engine.pressure import put_under_pressure
from slabviz.engine.program import Body, Sleep
from slabviz.engine.streams import Streams, permutation
from slabviz.engine.values import Const
from slabviz.engine.waits import Path
from slabviz.engine.workload import Burst, Interrupt, Periodic, PoissonArrivals, Scripted, Task
from slabviz.model.cpu import ContextKind
from slabviz.model.flags import SlabFlags
from slabviz.model.kmalloc_classes import KMALLOC_CLASSES, kmalloc_align, kmalloc_index, kmalloc_name
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.model.sizing import PAGE_SIZE, geometry
from slabviz.scenario.check import bodies, steps
from slabviz.scenario.kmalloc_sizes import kmalloc_indexes
from slabviz.scenario.scenario import CacheSpec, Scenario


def build(scenario: Scenario, seed: int) -> Stage:
    """Make the engine of a scenario and put everything on its stage; the boot is logged as tick 0.

    Raises ScenarioError when a cache cannot be laid out or the memory does not suffice for the machine.
    """
    engine = Engine(_config(scenario, seed), seed, scenario.machine.rcu_grace)
    stage = _stage(scenario, engine)
    pages = scenario.machine.pages
    shares = {"kernel": pages.kernel / 100, "user": pages.user / 100, "file": pages.file / 100}
    blocks = populate(engine, shares)
    reclaim = put_under_pressure(engine, blocks)
    stage.oom = reclaim.oom
    for shrinker in scenario.shrinkers.values():
        cache, queue = stage.caches[shrinker.cache], stage.queues[shrinker.queue]
        reclaim.shrinkers.append(Lru(stage, shrinker.place, cache.id, queue, shrinker.seeks))
    if pages.traffic:
        cpu = scenario.machine.cpus - 1
        actor = engine.cast.enter("pid", "", "page traffic")
        engine.start(cpu, actor, background(engine, cpu, blocks, pages.traffic), daemon=True)
    _softirqs(stage)
    _interrupts(stage)
    for name, task in scenario.workload.tasks.items():
        _task(stage, name, task)
    return stage


def _config(scenario: Scenario, seed: int) -> MachineConfig:
    spec = scenario.machine
    chance = Streams(seed)
    caches = [_cache(name, cache) for name, cache in scenario.caches.items()]
    reached = kmalloc_indexes(step for body in bodies(scenario) for step in steps(body))
    caches += [_kmalloc_cache(index) for index in reached]
    if spec.freelist_random:
        caches = [_shuffled(scenario, cache, chance) for cache in caches]
    return MachineConfig(
        spec.cpus,
        spec.memory // PAGE_SIZE,
        tuple(caches),
        spec.possible_cpus or spec.cpus,
        kernel=scenario.kernel,
        memory=spec.memory_config(),
    )


def _cache(name: str, spec: CacheSpec) -> CacheConfig:
    return CacheConfig(
        name, spec.size, spec.align, spec.slab_flags, spec.ctor, (), spec.owner, spec.min_partial, spec.cpu_partial
    )


def _kmalloc_cache(index: int) -> CacheConfig:
    size = KMALLOC_CLASSES[index]
    return CacheConfig(kmalloc_name(index), size, kmalloc_align(size), SlabFlags.KMALLOC)


def _shuffled(scenario: Scenario, cache: CacheConfig, chance: Streams) -> CacheConfig:
    """The cache with its permutation of objects, drawn once (SLAB_FREELIST_RANDOM)."""
    cpus = scenario.machine.cpus
    shape = geometry(
        cache.object_size, cache.align, cache.flags, cache.ctor, present_cpus=cpus,
        possible_cpus=scenario.machine.possible_cpus or cpus,
    )  # fmt: skip
    objects = shape.oo_objects
    order = permutation(objects, chance.stream(f"random_seq:{cache.name}")) if objects > 1 else ()
    return replace(cache, random_seq=order)


def _stage(scenario: Scenario, engine: Engine) -> Stage:
    caches = {cache.name: cache for cache in engine.machine.caches}
    queues = {name: LiveQueue(queue.limit) for name, queue in scenario.workload.queues.items()}

    def kmalloc_cache(size: int) -> KmemCache:
        return caches[kmalloc_name(kmalloc_index(size) or 0)]

    return Stage(engine, scenario.workload, caches, kmalloc_cache, Identities(engine.cast), queues)


def _task(stage: Stage, name: str, task: Task) -> None:
    identity = stage.identities.new("pid", (name,), task.pid)
    job = Job(stage, task.cpu, identity, ContextKind.PROCESS, stage.engine.streams.stream(f"task:{name}"))
    body = (Sleep(task.place, Const(task.start_at)), *task.program) if task.start_at else task.program
    spawn(stage, task.cpu, job, body)


def _handler(stage: Stage, identity: Identity, context: ContextKind, body: Body) -> Handler:
    chance = stage.engine.streams.stream(f"{identity.kind}:{identity.name}")

    def handler(cpu: int) -> Path[None]:
        # The paths of a handler cannot sleep: whatever would has been refused by `check`, or is refused by the job.
        yield from run_program(Job(stage, cpu, identity, context, chance), body)  # type: ignore[misc]

    return handler


def _softirqs(stage: Stage) -> None:
    for name, body in stage.workload.softirqs.items():
        identity = stage.identities.device(name, "softirq")
        stage.softirqs[name] = identity.actor
        stage.engine.softirq(identity.actor, _handler(stage, identity, ContextKind.SOFTIRQ, body))


def _interrupts(stage: Stage) -> None:
    for name, source in stage.workload.interrupts.items():
        identity = stage.identities.device(name, "irq")
        handler = _handler(stage, identity, ContextKind.HARDIRQ, source.handler)
        until = min(source.until or stage.workload.duration, stage.workload.duration)
        stage.engine.interrupt(identity.actor, source.cpus, _arrivals(source), handler, until)


def _arrivals(source: Interrupt) -> Arrivals:
    first = source.first
    match source.arrivals:
        case Periodic(every):
            return interrupts.periodic(every, first or None)
        case PoissonArrivals(mean):
            made = interrupts.poisson(mean)
        case Burst(size, every, gap):
            made = interrupts.burst(size, every, gap)
        case Scripted(at):
            made = interrupts.scripted(at)
    return lambda stream: dropwhile(lambda tick: tick < first, made(stream))
