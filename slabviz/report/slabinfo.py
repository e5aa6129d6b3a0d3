"""/proc/slabinfo (``print_slabinfo_header``, ``cache_show``): one line a cache, the newest first.

The columns are ``active_objs num_objs objsize objperslab pagesperslab``, the tunables that SLUB does not have (always
0), and ``active_slabs num_slabs sharedavail``. An idle cache with one loaded cpu slab shows all its objects active.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from slabviz.model.machine import Machine
from slabviz.report.cache_counts import CacheCounts, cache_counts, newest_first

HEAD = (
    "slabinfo - version: 2.1",
    "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
    " : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>",
)


def slabinfo(machine: Machine) -> list[str]:
    """The lines of the file."""
    return [*HEAD, *(slabinfo_line(cache_counts(cache)) for cache in newest_first(machine))]


def slabinfo_data(machine: Machine) -> list[dict[str, Any]]:
    """The rows as plain data, columns by the kernel's names."""
    return [asdict(cache_counts(cache)) for cache in newest_first(machine)]


def slabinfo_line(row: CacheCounts) -> str:
    """One cache's line."""
    return (
        f"{row.name:<17} {row.active_objs:6} {row.num_objs:6} {row.objsize:6} {row.objperslab:4} {row.pagesperslab:4}"
        f" : tunables {0:4} {0:4} {0:4} : slabdata {row.active_slabs:6} {row.num_slabs:6} {0:6}"
    )
