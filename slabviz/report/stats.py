"""The statistics that a kernel built with SLUB_STATS keeps, by its names; each file gives the sum and each CPU's share.

They are counted over the log, so a machine without one (a recorded state) has none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from slabviz.model.events.statistics import STATISTICS, cache_of_each
from slabviz.model.log import EventLog

CpuCounts = tuple[int, ...]
"""A statistic by CPU."""


def statistics(log: EventLog, caches: Sequence[int], cpus: int, last_tick: int) -> dict[int, dict[str, CpuCounts]]:
    """The statistics of these caches (by id) after all events of ``last_tick``."""
    rows = log.matrix()[: log.span(last_tick)[1]]
    cache_of = cache_of_each(rows)
    found: dict[int, dict[str, CpuCounts]] = {}
    for cache in caches:
        own = rows[cache_of == cache]
        found[cache] = {
            name: tuple(np.bincount(own[np.isin(own[:, 0], kinds), 1], minlength=cpus).tolist())
            for name, kinds in STATISTICS.items()
        }
    return found


def statistics_lines(name: str, counts: dict[str, CpuCounts]) -> list[str]:
    """One cache: its name, then each statistic as its sysfs file says it (``show_stat``)."""
    return [name, *(f"  {statistic} {_text(values)}" for statistic, values in counts.items())]


def _text(values: CpuCounts) -> str:
    shares = "".join(f" C{cpu}={count}" for cpu, count in enumerate(values) if count)
    return f"{sum(values)}{shares}"
