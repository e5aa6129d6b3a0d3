"""The steps that make, tune and destroy caches, and take CPUs down: the work of an administrator or a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import program
from slabviz.engine.job import Job
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Block, Work
from slabviz.errors import Place
from slabviz.model.flags import is_debug
from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.slub.create import kmem_cache_create
from slabviz.slub.destroy import kmem_cache_destroy
from slabviz.slub.hotplug import slub_cpu_dead
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.tune import cpu_partial_store, min_partial_store

_STATE_WORDS = {
    CacheState.NONE: "has not been created yet",
    CacheState.OPENING: "is only being created",
    CacheState.READY: "is there already",
    CacheState.CLOSING: "is being destroyed",
    CacheState.ZOMBIE: "has been destroyed, with objects left in it",
    CacheState.GONE: "has been destroyed",
}


def ready_cache(job: Job, place: Place, word: str, name: str) -> KmemCache:
    """A cache that may be used. Raises RuntimeStepError for one that is not there, or no more."""
    cache = job.stage.caches[name]
    if cache.state is not CacheState.READY:
        raise job.error(place, f"{word}: cache `{name}` {_STATE_WORDS[cache.state]}")
    return cache


def _must_sleep(job: Job, place: Place, word: str) -> None:
    if not job.may_sleep:
        raise job.error(place, f"{word}: nobody can sleep here")


def _create(job: Job, step: program.Create) -> Work[None]:
    _must_sleep(job, step.place, "create")
    cache = job.stage.caches[step.cache]
    if cache.state not in (CacheState.NONE, CacheState.GONE):
        raise job.error(step.place, f"create: cache `{step.cache}` {_STATE_WORDS[cache.state]}")
    yield from kmem_cache_create(job.cpu, cache)


def _destroy(job: Job, step: program.Destroy) -> Work[None]:
    _must_sleep(job, step.place, "destroy")
    cache = ready_cache(job, step.place, "destroy", step.cache)
    clean = yield from kmem_cache_destroy(job.stage.engine.world, job.cpu, cache)
    if not clean and step.mistake is None:
        raise job.error(
            step.place, f"destroy: {cache.node.nr_slabs} slabs of `{step.cache}` still have objects: free them first, "
            "or write `mistake: leak` if that is the story",
        )  # fmt: skip
    if clean and step.mistake is not None:
        raise job.error(step.place, f"destroy: `mistake: leak`, but no object of `{step.cache}` was left")


def _shrink(job: Job, step: program.Shrink) -> Work[None]:
    _must_sleep(job, step.place, "shrink")
    cache = ready_cache(job, step.place, "shrink", step.cache)
    yield from kmem_cache_shrink(job.stage.engine.world, job.cpu, cache)


def _tune(job: Job, step: program.Tune) -> Work[None]:
    _must_sleep(job, step.place, "tune")
    cache = ready_cache(job, step.place, "tune", step.cache)
    for word, value, store in (
        ("min_partial", step.min_partial, min_partial_store),
        ("cpu_partial", step.cpu_partial, cpu_partial_store),
    ):
        if value is None:
            continue
        number = evaluate(value, job)
        if not 0 <= number <= program.MOST_TUNED:
            raise job.error(step.place, f"tune: {word} {number} is not in the allowed range 0 … {program.MOST_TUNED}")
        if word == "cpu_partial" and number and is_debug(cache.flags):
            raise job.error(step.place, f"tune: cpu_partial of `{step.cache}` can only be 0: it has debug flags")
        yield from store(job.cpu, cache, number)


def _cpu_offline(job: Job, step: program.CpuOffline) -> Work[None]:
    engine = job.stage.engine
    _must_sleep(job, step.place, "cpu_offline")
    if engine.agents[step.cpu].leaving:
        raise job.error(step.place, f"cpu_offline: CPU{step.cpu} is offline already")
    if job.cpu == step.cpu or job.task is None:
        raise job.error(step.place, f"cpu_offline: this task runs on CPU{step.cpu}; take it down from another CPU")
    engine.take_down(job.task, step.cpu)
    yield Block()
    yield from slub_cpu_dead(engine.world, job.cpu, step.cpu)
    engine.rcu.migrate(step.cpu, job.cpu)


def _cpu_online(job: Job, step: program.CpuOnline) -> Work[None]:
    engine = job.stage.engine
    _must_sleep(job, step.place, "cpu_online")
    if engine.machine.cpus[step.cpu].online:
        raise job.error(step.place, f"cpu_online: CPU{step.cpu} is online already")
    yield from engine.bring_up(step.cpu)


CACHE_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    program.Create: _create,
    program.Destroy: _destroy,
    program.Shrink: _shrink,
    program.Tune: _tune,
    program.CpuOffline: _cpu_offline,
    program.CpuOnline: _cpu_online,
}
"""What carries out each of these steps."""
