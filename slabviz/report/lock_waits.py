"""How often and how long CPUs spun for each lock, read from a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.events import Kind
from slabviz.model.log import EventLog


@dataclass(slots=True, frozen=True)
class LockWaits:
    """What one lock cost: how often somebody had to spin for it, and how many ticks in all."""

    waits: int
    ticks: int


def lock_waits(log: EventLog) -> dict[int, LockWaits]:
    """The waits for each lock that was ever waited for, by its id (``model/lock.py``)."""
    rows = log.matrix()
    numbers = np.flatnonzero(np.isin(rows[:, 0], (Kind.LOCK_WAIT, Kind.LOCK)))
    if not len(numbers):
        return {}
    # Whoever spins does nothing else: the next of these events on its CPU is that it got the lock.
    numbers = numbers[np.argsort(rows[numbers, 1], kind="stable")]
    kinds, cpus, locks = rows[numbers, :3].T
    ticks = np.searchsorted(np.frombuffer(log.starts, dtype=np.int32), numbers, side="right") - 1
    until = np.where(cpus == np.roll(cpus, -1), np.roll(ticks, -1), log.ticks - 1)
    until[-1] = log.ticks - 1  # the last ones of each CPU may spin still
    waiting = kinds == Kind.LOCK_WAIT
    spans = until - ticks
    return {int(lock): _waits(spans[waiting & (locks == lock)]) for lock in np.unique(locks[waiting])}


def _waits(spans: npt.NDArray[np.int64]) -> LockWaits:
    return LockWaits(len(spans), int(spans.sum()))
