"""From a checked scenario to an engine that is about to begin: machine, memory, tasks, interrupts."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile

from slabviz.devmem.device import device_lock_name, register_device
from slabviz.engine import interrupts
from slabviz.engine.engine import Engine
from slabviz.engine.identities import Identities, Identity
from slabviz.engine.interpreter import run_program, spawn
from slabviz.engine.interrupts import Arrivals, Handler
from slabviz.engine.job import Job, LiveDevice, LiveQueue, Requests, Stage
from slabviz.engine.kworkers import start_kworkers
from slabviz.engine.lru import Lru
from slabviz.engine.memory import background, populate
from slabviz.engine.pressure import put_under_pressure
from slabviz.engine.program import Body, Create, Sleep
from slabviz.engine.streams import Streams, permutation
from slabviz.engine.values import Const
from slabviz.engine.waits import Work
from slabviz.engine.workload import Burst, Interrupt, Periodic, PoissonArrivals, Scripted, Task
from slabviz.model.cpu import ContextKind
from slabviz.model.era import era_named
from slabviz.model.kmalloc_caches import kmalloc_config
from slabviz.model.machine import CacheConfig, MachineConfig, cache_geometry
from slabviz.model.merging import merged
from slabviz.model.sizing import PAGE_SIZE
from slabviz.scenario.check import bodies, locks_of, steps
from slabviz.scenario.kmalloc_sizes import kmalloc_classes
from slabviz.scenario.scenario import Scenario


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
        engine.start(cpu, actor, background(engine, actor, blocks, pages.traffic), daemon=True)
    _devices(stage)
    if scenario.workload.works:
        start_kworkers(stage)
    _softirqs(stage)
    _interrupts(stage)
    for name, task in scenario.workload.tasks.items():
        _task(stage, name, task)
    return stage


def _config(scenario: Scenario, seed: int) -> MachineConfig:
    spec = scenario.machine
    chance = Streams(seed)
    all_steps = [step for body in bodies(scenario) for step in steps(body)]
    created = {step.cache for step in all_steps if isinstance(step, Create)}
    caches = [replace(cache.config(name), at_boot=name not in created) for name, cache in scenario.caches.items()]
    era = era_named(scenario.kernel)
    caches += [kmalloc_config(row, index, era) for row, index in kmalloc_classes(all_steps)]
    if spec.merge:
        caches = list(merged(caches, spec.cpus, spec.slub_debug))
    if spec.freelist_random:
        caches = [_shuffled(scenario, cache, chance) for cache in caches]
    caches = [replace(cache, random=chance.stream(f"random:{cache.name}").getrandbits(64)) for cache in caches]
    devices = tuple(scenario.workload.devices)
    return MachineConfig(
        spec.cpus, spec.memory // PAGE_SIZE, tuple(caches), spec.possible_cpus or spec.cpus, spec.first_free_pfn,
        spec.page_offset, scenario.kernel, hardened=spec.hardened, init_on_alloc=spec.init_on_alloc,
        slub_debug=spec.slub_debug, panic_on_oops=spec.panic_on_oops, slub_max_order=spec.slub_max_order,
        locks=(*locks_of(scenario), *map(device_lock_name, devices)), devices=devices,
        memory=spec.memory_config(),
    )  # fmt: skip


def _shuffled(scenario: Scenario, cache: CacheConfig, chance: Streams) -> CacheConfig:
    """The cache with its permutation of objects, drawn once (SLAB_FREELIST_RANDOM)."""
    cpus = scenario.machine.cpus
    possible = scenario.machine.possible_cpus or cpus
    era, machine = era_named(scenario.kernel), scenario.machine
    shape = cache_geometry(cache, cpus, possible, machine.slub_debug, era, machine.slub_max_order)
    objects = shape.oo_objects
    order = permutation(objects, chance.stream(f"random_seq:{cache.name}")) if objects > 1 else ()
    return replace(cache, random_seq=order)


def _stage(scenario: Scenario, engine: Engine) -> Stage:
    caches = {name: cache for cache in engine.machine.caches for name in (cache.name, *cache.aliases)}
    queues = {name: LiveQueue(queue.limit) for name, queue in scenario.workload.queues.items()}

    return Stage(engine, scenario.workload, caches, Identities(engine.cast), queues)


def _devices(stage: Stage) -> None:
    engine = stage.engine
    for number, (name, device) in enumerate(stage.workload.devices.items()):
        identity = stage.identities.new_device(device.name or name)
        stage.devices[name] = LiveDevice(number, identity)
        engine.run_now(register_device(engine.world, 0, number, identity.actor))


def _task(stage: Stage, name: str, task: Task) -> None:
    identity = stage.identities.new("pid", (name,), task.pid)
    job = Job(stage, task.cpu, identity, ContextKind.PROCESS, stage.engine.streams.stream(f"task:{name}"))
    body = (Sleep(task.place, Const(task.start_at)), *task.program) if task.start_at else task.program
    spawn(stage, task.cpu, job, body)


def _handler(
    stage: Stage, identity: Identity, context: ContextKind, body: Body, requests: Requests | None = None
) -> Handler:  # fmt: skip
    chance = stage.engine.streams.stream(f"{identity.kind}:{identity.name}")

    def handler(cpu: int) -> Work[None]:
        # What would sleep has been refused by `check`, or is refused by the job; the agent refuses what is left.
        job = Job(stage, cpu, identity, context, chance)
        if requests is not None:
            job.names = requests.get(stage.engine.now)
        yield from run_program(job, body)

    return handler


def _softirqs(stage: Stage) -> None:
    for name, body in stage.workload.softirqs.items():
        identity = stage.identities.device(name, "softirq")
        stage.softirqs[name] = identity.actor
        stage.engine.softirq(identity.actor, _handler(stage, identity, ContextKind.SOFTIRQ, body))


def _interrupts(stage: Stage) -> None:
    for name, source in stage.workload.interrupts.items():
        identity = stage.identities.device(name, "irq")
        stage.irqs[name] = identity.actor
        requests = stage.requests[identity.actor] = Requests()
        handler = _handler(stage, identity, ContextKind.HARDIRQ, source.handler, requests)
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
