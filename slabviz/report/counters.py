"""The kernel's counters of a run, cache by cache, as SLUB_STATS would show them: a fold over the log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.events import Kind
from slabviz.model.events.statistics import STATISTICS, Rows, cache_of_each
from slabviz.model.log import EventLog

KINDS = max(Kind) + 1


@dataclass(slots=True, frozen=True)
class Counters:
    """The statistics of one cache by the kernel's names, in the kernel's order; those that are 0 too."""

    values: dict[str, int]

    def __getitem__(self, name: str) -> int:
        """One statistic. Raises KeyError for a name that is none."""
        return self.values[name]

    @property
    def allocs(self) -> int:
        """Allocations of single objects, and those of a bulk that left the fast path."""
        return self["ALLOC_FASTPATH"] + self["ALLOC_SLOWPATH"]

    @property
    def frees(self) -> int:
        """Frees of single objects, and groups of a bulk."""
        return self["FREE_FASTPATH"] + self["FREE_SLOWPATH"]

    @property
    def fast_path_share(self) -> float | None:
        """Calls that one compare-and-exchange on the CPU's own freelist was enough for, 0 to 1; None without calls."""
        calls = self.allocs + self.frees
        return (self["ALLOC_FASTPATH"] + self["FREE_FASTPATH"]) / calls if calls else None


def counters(log: EventLog, caches: int, last_tick: int | None = None) -> list[Counters]:
    """The counters of every cache after all events of ``last_tick`` (None: of the whole log)."""
    rows = log.matrix()
    if last_tick is not None:
        rows = rows[: log.span(last_tick)[1]]
    table = kinds_by_cache(rows, caches)
    return [
        Counters({name: int(sum(row[kind] for kind in kinds)) for name, kinds in STATISTICS.items()}) for row in table
    ]


def kinds_by_cache(rows: Rows, caches: int) -> npt.NDArray[np.int64]:
    """How many events of each kind each cache had: shape (caches, KINDS). ``rows`` begin where the log does."""
    cache_of = cache_of_each(rows)
    own = cache_of >= 0
    flat = cache_of[own] * KINDS + rows[own, 0]
    return np.bincount(flat, minlength=caches * KINDS).reshape(caches, KINDS)
