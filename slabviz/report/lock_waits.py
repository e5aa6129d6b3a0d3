"""How often and how long CPUs spun for each lock, read from a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.log import EventLog
from slabviz.timeline.lock_spans import lock_spans


@dataclass(slots=True, frozen=True)
class LockWaits:
    """What one lock cost: how often somebody had to spin for it, and how many ticks in all."""

    waits: int
    ticks: int


def lock_waits(log: EventLog) -> dict[int, LockWaits]:
    """The waits for each lock that was ever waited for, by its id (``model/lock.py``)."""
    spans = lock_spans(log)
    return {int(lock): _waits(spans.ticks[spans.locks == lock]) for lock in np.unique(spans.locks)}


def _waits(spans: npt.NDArray[np.int64]) -> LockWaits:
    return LockWaits(len(spans), int(spans.sum()))
