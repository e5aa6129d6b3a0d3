"""Looking at the machine of a finished run, tick by tick."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from slabviz.engine.values import OPERATORS
from slabviz.model.events import APPLY
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.scenario.measures import MEASURES
from slabviz.scenario.story import Comparison, EventTest, StateTest
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Run

NOWHERE = -2
"""The number of a cache or word that a run does not have: no event carries it."""


def holds(comparison: Comparison, number: int) -> bool:
    """Whether a number fits."""
    return bool(OPERATORS[comparison.operator](number, comparison.number))


def measured(machine: Machine, test: StateTest) -> int:
    """What a test measures on a machine."""
    measure, caches = MEASURES[test.measure], caches_of(machine, test.cache)
    if test.cpu is None or measure.on is None:
        return measure.of(machine, caches)
    return measure.on(machine, caches, test.cpu)


def caches_of(machine: Machine, name: str | None) -> list[KmemCache]:
    """The caches that are meant; a kmalloc cache that the run never needed is none."""
    return [cache for cache in machine.caches if name is None or name in (cache.name, *cache.aliases)]


def cache_number(run: Run, name: str) -> int | None:
    """The number of a cache by any of its names; None for one that the run never needed."""
    for number, cache in enumerate(run.config.caches):
        if name == cache.name or name in dict(cache.aliases):
            return number
    return None


def happened(run: Run, tally: Tally, test: EventTest, first: int, last: int) -> npt.NDArray[np.int64]:
    """The ticks from first to last at which something happens, rising."""
    cache = None if test.cache is None else cache_number(run, test.cache)
    if test.mark is not None:
        found = tally.marks(run.words.index(test.mark) if test.mark in run.words else NOWHERE)
    else:
        found = tally.occurrences(test.event)
    return found.within(first, last, NOWHERE if test.cache is not None and cache is None else cache, test.cpu)


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
