"""How long CPUs spun for locks, read from a log: from each LOCK_WAIT to the LOCK that ends it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.events import Kind
from slabviz.model.log import EventLog

Numbers = npt.NDArray[np.int64]


@dataclass(slots=True, frozen=True)
class LockSpans:
    """One entry for each time that somebody had to spin: its row in the log, the lock, the tick, and ticks spun."""

    rows: Numbers
    locks: Numbers
    began: Numbers
    ticks: Numbers


def lock_spans(log: EventLog) -> LockSpans:
    """All waits of a log, those of one CPU after the other."""
    rows = log.matrix()
    numbers = np.flatnonzero(np.isin(rows[:, 0], (Kind.LOCK_WAIT, Kind.LOCK)))
    if not len(numbers):
        nothing = np.zeros(0, dtype=np.int64)
        return LockSpans(nothing, nothing, nothing, nothing)
    # Whoever spins does nothing else: the next of these events on its CPU is that it got the lock.
    numbers = numbers[np.argsort(rows[numbers, 1], kind="stable")]
    kinds, cpus, locks = rows[numbers, :3].T
    ticks = np.searchsorted(np.frombuffer(log.starts, dtype=np.int32), numbers, side="right") - 1
    until = np.where(cpus == np.roll(cpus, -1), np.roll(ticks, -1), log.ticks - 1)
    until[-1] = log.ticks - 1  # the last ones of each CPU may spin still
    waiting = kinds == Kind.LOCK_WAIT
    return LockSpans(numbers[waiting], locks[waiting].astype(np.int64), ticks[waiting], (until - ticks)[waiting])
