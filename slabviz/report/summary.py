"""What a run amounts to, cache by cache, and how its expectations came out.

There is no clock in it: the same source and seed give the same summary.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.events import Kind
from slabviz.model.events.statistics import Rows, cache_of_each
from slabviz.model.lock import ZONE_LOCK
from slabviz.report.counters import Counters, counters
from slabviz.report.lock_waits import LockWaits, lock_waits
from slabviz.timeline.run import Run, Verdict

TAKEN = (Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW)
"""Events that give an object to a holder."""
RETURNED = (
    Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.BULK_PUSH, Kind.BULK_FREE,
    Kind.DEBUG_FREE_FULL, Kind.MARK_ALL_USED,
)  # fmt: skip
"""Events that take an object from its holder."""
COUNTED = (Kind.ALLOC_SLAB, Kind.DEBUG_ALLOC_NEW)
UNCOUNTED = (Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU)

NO_WAITS = LockWaits(0, 0)


@dataclass(slots=True, frozen=True)
class Level:
    """Something that goes up and down: how much at the end, and at most."""

    end: int
    peak: int


@dataclass(slots=True, frozen=True)
class CacheSummary:
    """One cache. ``objects`` are those that somebody holds, ``slabs`` as nr_slabs counts them."""

    name: str
    objects: Level
    slabs: Level
    allocs: int
    frees: int
    """Objects handed out and given back, members of a bulk one by one."""
    fast_path_share: float | None
    """Share of the calls that one compare-and-exchange on the CPU's freelist was enough for; None without calls."""
    lock_waits: LockWaits
    """Spinning for the node's list_lock."""
    counters: dict[str, int]
    """The kernel's statistics by name."""


@dataclass(slots=True, frozen=True)
class Summary:
    """A whole run."""

    source: str
    seed: int
    kernel: str
    cpus: int
    ticks: int
    events: int
    caches: tuple[CacheSummary, ...]
    zone_lock_waits: LockWaits
    in_vain: tuple[str, ...]
    """Who can never go on, in words."""
    verdicts: tuple[Verdict, ...]

    def __str__(self) -> str:
        """A table for people."""
        return "\n".join((*_head(self), *_columns([HEADINGS, *map(_row, self.caches)]), *map(_line, self.verdicts)))


def summary(run: Run) -> Summary:
    """Sum a run up."""
    log, rows = run.log, run.log.matrix()
    cache_of, waits = cache_of_each(rows), lock_waits(log)
    caches = tuple(
        _cache(run.config.caches[id].name, rows[cache_of == id], found, waits.get(id, NO_WAITS))
        for id, found in enumerate(counters(log, len(run.config.caches)))
    )
    return Summary(
        run.about.called, run.about.seed, run.about.kernel, run.config.cpus, run.last_tick, len(log), caches,
        _of_zones(waits), run.about.in_vain, run.verdicts,
    )  # fmt: skip


def _of_zones(waits: dict[int, LockWaits]) -> LockWaits:
    """The waits for the locks of all zones together."""
    zones = [found for lock, found in waits.items() if lock <= ZONE_LOCK]
    return LockWaits(sum(found.waits for found in zones), sum(found.ticks for found in zones))


def summary_json(summaries: Mapping[str, Summary]) -> str:
    """Summaries by variant as JSON text; a single one stands alone. Equal runs give equal bytes."""
    plain = {variant: asdict(found) for variant, found in summaries.items()}
    told = {"variants": plain} if len(plain) > 1 else next(iter(plain.values()))
    return json.dumps(told, indent=2, ensure_ascii=False)


def _cache(name: str, rows: Rows, found: Counters, waits: LockWaits) -> CacheSummary:
    kinds = rows[:, 0]
    taken, returned = np.isin(kinds, TAKEN), np.isin(kinds, RETURNED)
    share = found.fast_path_share
    return CacheSummary(
        name,
        _level(taken, returned),
        _level(np.isin(kinds, COUNTED), np.isin(kinds, UNCOUNTED)),
        int(taken.sum()),
        int(returned.sum()),
        None if share is None else round(share, 4),
        waits,
        found.values,
    )


def _level(up: npt.NDArray[np.bool_], down: npt.NDArray[np.bool_]) -> Level:
    heights = np.cumsum(up.astype(np.int64) - down)
    return Level(int(heights[-1]), int(heights.max())) if len(heights) else Level(0, 0)


HEADINGS = ("cache", "objects", "peak", "slabs", "peak", "allocs", "frees", "fast path", "lock waits", "ticks")


def _row(cache: CacheSummary) -> tuple[str, ...]:
    numbers = (
        cache.objects.end, cache.objects.peak, cache.slabs.end, cache.slabs.peak, cache.allocs, cache.frees,
    )  # fmt: skip
    share = "-" if cache.fast_path_share is None else f"{cache.fast_path_share:.1%}"
    waits = cache.lock_waits
    return (cache.name, *(f"{number:,}" for number in numbers), share, f"{waits.waits:,}", f"{waits.ticks:,}")


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """The first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(cells))
        for cells in (tuple(zip(row, widths, strict=True)) for row in rows)
    ]


def _head(found: Summary) -> list[str]:
    zone = found.zone_lock_waits
    return [
        f"{found.source or 'run'}: Linux {found.kernel}, {found.cpus} CPUs, seed {found.seed}",
        f"{found.ticks:,} ticks, {found.events:,} events; zone lock: {zone.waits:,} waits, {zone.ticks:,} ticks",
        *(f"in vain: {who}" for who in found.in_vain),
    ]


def _line(verdict: Verdict) -> str:
    detail = f" ({verdict.detail})" if verdict.detail else ""
    return f"{'held  ' if verdict.held else 'FAILED'}  {verdict.text}{detail}  {verdict.where}"
