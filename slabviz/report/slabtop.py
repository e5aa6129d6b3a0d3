"""slabtop -o, as procps prints it: totals, then the caches with the most objects first.

Total size leaves the waste at the end of each slab out, CACHE SIZE does not. USE is cut off, not rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.report.cache_counts import CacheCounts, cache_counts, newest_first

KIB = 1024
HEADINGS = "  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME"


@dataclass(slots=True, frozen=True)
class Totals:
    """The head of slabtop; sizes in bytes."""

    active_objs: int
    objs: int
    active_slabs: int
    slabs: int
    active_caches: int
    caches: int
    active_size: int
    size: int
    min_obj_size: int
    avg_obj_size: int
    max_obj_size: int


def slabtop(machine: Machine) -> list[str]:
    """What ``slabtop -o`` prints, all caches."""
    return slabtop_lines([cache_counts(cache) for cache in newest_first(machine)])


def slabtop_data(machine: Machine) -> dict[str, Any]:
    """Totals and rows as plain data, sizes in bytes."""
    rows = [cache_counts(cache) for cache in newest_first(machine)]
    caches = [
        {
            "name": row.name, "objs": row.num_objs, "active": row.active_objs, "use": _use(row),
            "obj_size": row.objsize, "slabs": row.num_slabs, "objs_per_slab": row.objperslab,
            "cache_size": _cache_size(row),
        }
        for row in _sorted(rows)
    ]  # fmt: skip
    return {"totals": asdict(totals(rows)), "caches": caches}


def slabtop_lines(rows: Sequence[CacheCounts]) -> list[str]:
    """The same from rows of /proc/slabinfo, wherever they come from."""
    return [*_head(totals(rows)), "", f"{HEADINGS:<78}", *(_line(row) for row in _sorted(rows))]


def totals(rows: Sequence[CacheCounts]) -> Totals:
    """The sums over all caches."""
    sizes = [row.objsize for row in rows]
    objs, size = sum(row.num_objs for row in rows), sum(row.num_objs * row.objsize for row in rows)
    return Totals(
        sum(row.active_objs for row in rows),
        objs,
        sum(row.active_slabs for row in rows),
        sum(row.num_slabs for row in rows),
        sum(row.num_objs > 0 for row in rows),
        len(rows),
        sum(row.active_objs * row.objsize for row in rows),
        size,
        min(sizes, default=0),
        size // objs if objs else 0,
        max(sizes, default=0),
    )


def _sorted(rows: Sequence[CacheCounts]) -> list[CacheCounts]:
    return sorted(rows, key=lambda row: row.num_objs, reverse=True)


def _use(row: CacheCounts) -> int:
    return 100 * row.active_objs // row.num_objs if row.num_objs else 0


def _cache_size(row: CacheCounts) -> int:
    return row.num_slabs * row.pagesperslab * PAGE_SIZE


def _line(row: CacheCounts) -> str:
    return (
        f"{row.num_objs:6} {row.active_objs:6} {_use(row):3}% {row.objsize / KIB:7.2f}K {row.num_slabs:6}"
        f" {row.objperslab:8} {_cache_size(row) // KIB:9}K {row.name:<23}"
    )


def _head(sums: Totals) -> list[str]:
    smallest, average, largest = sums.min_obj_size / KIB, sums.avg_obj_size / KIB, sums.max_obj_size / KIB
    active_size, size = sums.active_size / KIB, sums.size / KIB
    values = {
        "Active / Total Objects (% used)": _of(sums.active_objs, sums.objs),
        "Active / Total Slabs (% used)": _of(sums.active_slabs, sums.slabs),
        "Active / Total Caches (% used)": _of(sums.active_caches, sums.caches),
        "Active / Total Size (% used)": f"{active_size:.2f}K / {size:.2f}K ({_percent(active_size, size)})",
        "Minimum / Average / Maximum Object": f"{smallest:.2f}K / {average:.2f}K / {largest:.2f}K",
    }
    return [f" {label:<35}: {value}" for label, value in values.items()]


def _of(part: int, whole: int) -> str:
    return f"{part} / {whole} ({_percent(part, whole)})"


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole if whole else 0:.1f}%"
