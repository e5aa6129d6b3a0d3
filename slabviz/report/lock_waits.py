"""How often and how long CPUs spun for each lock, read from a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    # Whoever spins does nothing else: the next of these events on its CPU is that it got the lock.
    numbers = numbers[np.argsort(rows[numbers, 1], kind="stable")]
    kinds, cpus, locks = rows[numbers, 0], rows[numbers, 1], rows[numbers, 2]
    ticks = np.searchsorted(np.frombuffer(log.starts, dtype=np.int32), numbers, side="right") - 1
    until = np.append(ticks[1:], 0)
    still_spinning = np.append(cpus[1:] != cpus[:-1], True)[: len(cpus)]
    until[still_spinning[: len(until)]] = log.ticks - 1
    waiting = kinds == Kind.LOCK_WAIT
    spans = until[: len(ticks)] - ticks
    return {
        int(lock): LockWaits(int((chosen := waiting & (locks == lock)).sum()), int(spans[chosen].sum()))
        for lock in np.unique(locks[waiting])
    }
