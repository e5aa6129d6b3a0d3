"""Looking at the machine of a finished run, tick by tick."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.engine.values import OPERATORS
from slabviz.model.events import APPLY
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.scenario.measures import MEASURES
from slabviz.scenario.story import Comparison, StateTest
from slabviz.timeline.run import Run


def holds(comparison: Comparison, number: int) -> bool:
    """Whether a number fits."""
    return bool(OPERATORS[comparison.operator](number, comparison.number))


def measured(machine: Machine, test: StateTest) -> int:
    """What a test measures on a machine."""
    return MEASURES[test.measure].of(machine, caches_of(machine, test.cache))


def caches_of(machine: Machine, name: str | None) -> list[KmemCache]:
    """The caches that are meant; a kmalloc cache that the run never needed is none."""
    return [cache for cache in machine.caches if name is None or name in (cache.name, *cache.aliases)]


def cache_number(run: Run, name: str) -> int | None:
    """The number of a cache by any of its names; None for one that the run never needed."""
    for number, cache in enumerate(run.config.caches):
        if name == cache.name or name in dict(cache.aliases):
            return number
    return None


def machines(run: Run) -> Iterator[tuple[int, Machine]]:
    """(tick, machine) for every tick of a run. It is one machine that goes on: look, do not keep."""
    machine = Machine.boot(run.config)
    for tick in range(run.log.ticks):
        for kind, cpu, slab, arg, who in run.log.events(*run.log.span(tick)):
            APPLY[kind](machine, cpu, slab, arg, who)
        yield tick, machine


def first_time(run: Run, test: StateTest, earliest: int) -> int | None:
    """The first tick from ``earliest`` on at which a test holds."""
    for tick, machine in machines(run):
        if tick >= earliest and holds(test.comparison, measured(machine, test)):
            return tick
    return None
