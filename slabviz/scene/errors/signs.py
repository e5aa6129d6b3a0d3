"""Whether anything goes wrong in a run: looked up first, since most runs need nothing else of this package."""

from __future__ import annotations

import numpy as np

from slabviz.model.events import Kind
from slabviz.model.log import EventLog

TROUBLE = (
    Kind.MISTAKE, Kind.DEV_BAD_MAGIC, Kind.DEVM_NOT_FOUND, Kind.KFREE_NO_SLAB, Kind.SLAB_REPORT, Kind.WRONG_CACHE,
    Kind.NOT_A_SLAB, Kind.OBJECTS_REMAINING, Kind.CACHE_REMAINS, Kind.OOPS, Kind.PANIC, Kind.STUCK, Kind.OOM_KILL,
    Kind.OOM_PANIC, Kind.MIGHT_SLEEP_BUG,
)  # fmt: skip
"""Events that say that something goes wrong."""


def trouble(log: EventLog) -> list[int]:
    """The numbers of the events of a log that say so, in order."""
    found: list[int] = np.flatnonzero(np.isin(log.matrix()[:, 0], list(map(int, TROUBLE)))).tolist()
    return found
