"""How much happened when: the bars of the timeline, computed from the log at once and kept by size and cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.model.events.kinds import Kind
from slabviz.model.log import EventLog

_FAST = (Kind.ALLOC_FASTPATH, Kind.FREE_FASTPATH, Kind.BULK_POP, Kind.BULK_PUSH)
_SLOW_OF_CACHE = (Kind.ALLOC_SLOWPATH,)
_SLOW_OF_SLAB = (Kind.FREE_SLOWPATH,)

Counts = NDArray[np.int64]


@dataclass(slots=True, frozen=True)
class Density:
    """Events a column: ``fast`` and ``slow`` paths of one cache. ``interrupts`` are ticks, in order, of all CPUs."""

    fast: Counts
    slow: Counts
    interrupts: Counts


def density(log: EventLog, cache: int, columns: int) -> Density:
    """Count the events of ``cache`` in ``columns`` equal parts of the log's ticks."""
    matrix = log.matrix()
    ticks = _tick_of_each(log, len(matrix))
    kind, subject = matrix[:, 0], matrix[:, 2]
    ours = _cache_of_slab(matrix) == cache
    of_slab = np.isin(kind, (*_FAST, *_SLOW_OF_SLAB))
    mine = np.zeros(len(matrix), bool)
    mine[of_slab] = ours[subject[of_slab]]
    fast = mine & np.isin(kind, _FAST)
    slow = (mine & np.isin(kind, _SLOW_OF_SLAB)) | (np.isin(kind, _SLOW_OF_CACHE) & (subject == cache))
    interrupts = _distinct(ticks[kind == Kind.IRQ_ENTER])
    return Density(_spread(ticks[fast], log.ticks, columns), _spread(ticks[slow], log.ticks, columns), interrupts)


def _distinct(rising: Counts) -> Counts:
    """Return each value of a rising array once (``np.unique`` would sort, and import numpy.ma at the first frame)."""
    return rising[np.flatnonzero(np.diff(rising, prepend=-1))]


def _tick_of_each(log: EventLog, events: int) -> Counts:
    starts = np.frombuffer(log.starts, np.int32).astype(np.int64)
    return np.repeat(np.arange(len(starts)), np.diff(np.append(starts, events)))


def _cache_of_slab(matrix: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the cache of each slab by id; -1 where no slab was ever made."""
    made = matrix[matrix[:, 0] == Kind.SLAB_PAGES]
    highest = int(matrix[:, 2].max(initial=0))
    owner = np.full(highest + 2, -1, np.int32)
    owner[made[:, 2]] = made[:, 3]
    return owner


def _spread(ticks: Counts, count: int, columns: int) -> Counts:
    return np.bincount(ticks * columns // max(count, 1), minlength=columns)
