"""How a run went, tick by tick, for one cache: the curves of the charts, computed from the log at once.

Windows: what is counted in the last ``window`` ticks, so that totals are the sum of the windows side by side. What the
machine was given in tick 0 is no part of the story and is counted nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.model.events.kinds import Kind
from slabviz.model.events.statistics import STATISTICS, cache_of_each
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.scene.layout.memo import Memo
from slabviz.scene.story.population import Numbers, Population, ticks_of
from slabviz.timeline.run import Run

WINDOW = 100
"""Ticks."""
Curve = NDArray[np.float64]
"""One value a tick; nan where there is none."""
Steps = NDArray[np.int64] | NDArray[np.float64]


@dataclass(slots=True, frozen=True, eq=False)
class Series:
    """The curves of one cache; totals count from tick 1 on. Two are equal only if they are the same object."""

    window: int
    fast_share: Curve
    """Percent of the calls in the window that were done on the CPU's own freelist; nan without calls."""
    slabs: Curve
    """``nr_slabs``."""
    unused: Curve
    """Bytes of the slabs that no object in use needs: free objects, padding, metadata and what is left over."""
    lock_taken: Curve
    """How often ``list_lock`` was taken in the window."""
    lock_waits: Curve
    """How often somebody had to spin for ``list_lock`` in the window."""
    fragmentation: Curve
    """Percent of the slabs that would not be needed if the objects in use lay close together."""
    fast: Numbers
    calls: Numbers
    taken: Numbers
    waits: Numbers
    """Totals so far: calls on the fast path, all calls, list_lock taken, list_lock waited for."""


def series_of(memo: Memo, run: Run, cache: int, side: str = "") -> Series:
    """The series of a run's cache, computed once; ``side`` tells two runs apart that share a memo."""
    population = population_of(memo, run, side)
    return memo.value(("series", cache, side), (run.log, len(run.log)), lambda: series(run, cache, population))


def population_of(memo: Memo, run: Run, side: str = "") -> Population:
    """The population of a run, read once."""
    return memo.value(("population", side), (run.log, len(run.log)), lambda: Population.of(run))


def series(run: Run, cache: int, population: Population, window: int = WINDOW) -> Series:
    """Compute all curves of a cache."""
    log, machine = run.log, run.machine_at(0 if run.log.ticks else -1)
    fast, calls = _calls(log, cache)
    taken, waits = (_total(log, _of_lock(log, kind, cache)) for kind in (Kind.LOCK, Kind.LOCK_WAIT))
    windows = {name: _window(total, window) for name, total in
               (("fast", fast), ("calls", calls), ("taken", taken), ("waits", waits))}  # fmt: skip
    share = np.full(len(calls), np.nan)
    some = windows["calls"] > 0
    share[some] = 100 * windows["fast"][some] / windows["calls"][some]
    slabs, size, held = _held_memory(log, cache, population)
    return Series(
        window=window,
        fast_share=share,
        slabs=slabs,
        unused=size - held * machine.caches[cache].geometry.object_size,
        lock_taken=windows["taken"],
        lock_waits=windows["waits"],
        fragmentation=_fragmentation(machine, cache, slabs, held),
        fast=fast,
        calls=calls,
        taken=taken,
        waits=waits,
    )


def _calls(log: EventLog, cache: int) -> tuple[Numbers, Numbers]:
    """(on the fast path, all): calls so far, as the kernel's statistics count them."""
    rows = log.matrix()
    ours = cache_of_each(rows) == cache
    kinds = {name: STATISTICS[name] for name in ("ALLOC_FASTPATH", "ALLOC_SLOWPATH", "FREE_FASTPATH", "FREE_SLOWPATH")}
    quick = (*kinds["ALLOC_FASTPATH"], *kinds["FREE_FASTPATH"])
    slow = (*kinds["ALLOC_SLOWPATH"], *kinds["FREE_SLOWPATH"])
    fast = _total(log, np.flatnonzero(ours & np.isin(rows[:, 0], quick)))
    return fast, fast + _total(log, np.flatnonzero(ours & np.isin(rows[:, 0], slow)))


def _of_lock(log: EventLog, kind: Kind, lock: int) -> Numbers:
    rows = log.matrix()
    return np.flatnonzero((rows[:, 0] == kind) & (rows[:, 2] == lock))


def _total(log: EventLog, numbers: Numbers) -> Numbers:
    """How many of these events there were up to the end of each tick, tick 0 left out."""
    counts = np.bincount(ticks_of(log, numbers), minlength=log.ticks)
    counts[:1] = 0
    return np.cumsum(counts)


def _window(total: Numbers, window: int) -> Curve:
    before = np.zeros_like(total)
    before[window:] = total[:-window] if window < len(total) else 0
    return (total - before).astype(np.float64)


def _held_memory(log: EventLog, cache: int, population: Population) -> tuple[Curve, Curve, Curve]:
    """(slabs, their bytes, objects held) at the end of each tick."""
    slabs, changes = population.slabs, population.changes
    own = slabs.cache == cache
    born, died = ticks_of(log, slabs.born[own]), ticks_of(log, slabs.died[own])
    size = slabs.bytes[own]
    mine = own[changes.row]
    step = changes.held[mine].astype(np.int64) - changes.was[mine]
    first = np.count_nonzero(own[population.first_row])
    return (
        _level(log, (born, np.ones(len(born))), (died, np.ones(len(died)))),
        _level(log, (born, size), (died, size)),
        first + _level(log, (ticks_of(log, changes.number[mine]), step)),
    )


def _level(log: EventLog, plus: tuple[Numbers, Steps], minus: tuple[Numbers, Steps] | None = None) -> Curve:
    """Running sum of what comes and goes: (ticks, how much) each."""
    ticks = max(log.ticks, 1)
    found = np.bincount(plus[0], plus[1], ticks + 1)
    if minus is not None:
        found = found - np.bincount(minus[0], minus[1], ticks + 1)
    return np.cumsum(found[:ticks])


def _fragmentation(machine: Machine, cache: int, slabs: Curve, held: Curve) -> Curve:
    needed = np.ceil(held / machine.caches[cache].geometry.oo_objects)
    some = slabs > 0
    share = np.zeros(len(slabs))
    share[some] = 100 * np.maximum(slabs[some] - needed[some], 0) / slabs[some]
    return share
