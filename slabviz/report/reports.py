"""Every report by name, in two forms: the lines that the kernel (for slabtop: procps) would print, and plain data.

``REPORTS`` is all that the command line and the stage need to know. A report is about a ``Moment``; those of one cache
take its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from slabviz.errors import UsageError
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.report.buddyinfo import buddyinfo, buddyinfo_data
from slabviz.report.cache_counts import newest_first
from slabviz.report.meminfo import meminfo, meminfo_data
from slabviz.report.slabinfo import slabinfo, slabinfo_data
from slabviz.report.slabtop import slabtop, slabtop_data
from slabviz.report.stats import CpuCounts, statistics, statistics_lines
from slabviz.report.sysfs import sysfs, sysfs_data
from slabviz.report.zoneinfo import zoneinfo, zoneinfo_data

FEW = 12
"""Caches named in a message."""


@dataclass(slots=True, frozen=True)
class Moment:
    """What reports are about: a machine as it stands after ``tick``.

    ``log`` and ``tick`` are None for a recorded state: nobody knows how it came about.
    """

    name: str
    machine: Machine
    log: EventLog | None = None
    tick: int | None = None

    @property
    def kernel(self) -> str:
        """The kernel that the machine is like, for instance 6.1."""
        return self.machine.config.kernel

    def cache(self, name: str) -> KmemCache:
        """The cache of that name. Raises UsageError, with the nearest names."""
        names = [cache.name for cache in self.machine.caches]
        if name in names:
            return self.machine.caches[names.index(name)]
        near = get_close_matches(name, names, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {_some(names)}"
        raise UsageError(f"{self.name}: there is no cache {name!r}; {hint}")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


Lines = Callable[[Moment, "str | None"], list[str]]
Data = Callable[[Moment, "str | None"], Any]


@dataclass(slots=True, frozen=True)
class Report:
    """One report: what it shows, whether it needs or takes a cache's name, and its two forms."""

    shows: str
    lines: Lines
    data: Data
    takes_cache: bool = False
    needs_cache: bool = False


def _of_machine(shows: str, lines: Callable[[Machine], list[str]], data: Callable[[Machine], Any]) -> Report:
    return Report(shows, lambda moment, _: lines(moment.machine), lambda moment, _: data(moment.machine))


def _of_cache(shows: str, lines: Callable[[KmemCache], list[str]], data: Callable[[KmemCache], Any]) -> Report:
    return Report(
        shows,
        lambda moment, name: lines(moment.cache(name or "")),
        lambda moment, name: data(moment.cache(name or "")),
        takes_cache=True,
        needs_cache=True,
    )


def _statistics(moment: Moment, name: str | None) -> dict[str, dict[str, CpuCounts]]:
    if moment.log is None or moment.tick is None:
        raise UsageError(f"{moment.name}: a recorded state has no history, so it has no statistics; give a run")
    chosen = [moment.cache(name)] if name else list(newest_first(moment.machine))
    found = statistics(moment.log, [cache.id for cache in chosen], len(moment.machine.cpus), moment.tick)
    return {cache.name: found[cache.id] for cache in chosen}


def _statistics_text(moment: Moment, name: str | None) -> list[str]:
    return [line for cache, counts in _statistics(moment, name).items() for line in statistics_lines(cache, counts)]


REPORTS: dict[str, Report] = {
    "slabinfo": _of_machine("/proc/slabinfo", slabinfo, slabinfo_data),
    "slabtop": _of_machine("slabtop -o", slabtop, slabtop_data),
    "meminfo": _of_machine("/proc/meminfo", meminfo, meminfo_data),
    "buddyinfo": _of_machine("/proc/buddyinfo", buddyinfo, buddyinfo_data),
    "zoneinfo": _of_machine("/proc/zoneinfo", zoneinfo, zoneinfo_data),
    "sysfs": _of_cache("/sys/kernel/slab/CACHE", sysfs, sysfs_data),
    "stats": Report("SLUB_STATS of all caches or of CACHE", _statistics_text, _statistics, takes_cache=True),
}
"""Reports by name, in the order of the help text."""
