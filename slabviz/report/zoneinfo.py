"""/proc/zoneinfo (``zoneinfo_show_print``), as far as the model knows: lines about what it does not have are left out.

The statistics of the node stand once, in its first zone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from slabviz.model.machine import Machine
from slabviz.report.buddyinfo import NODE
from slabviz.report.zones import PageSet, SlabPages, ZoneCounts, slab_pages, zones


def zoneinfo(machine: Machine) -> list[str]:
    """The lines of the file."""
    lines: list[str] = []
    for number, zone in enumerate(zones(machine)):
        lines.append(f"Node {NODE}, zone {zone.name:>8}")
        if not number:
            lines += _node(slab_pages(machine))
        lines += _zone(zone)
    return lines


def zoneinfo_data(machine: Machine) -> dict[str, Any]:
    """Node statistics and zones as plain data, in pages."""
    slabs = slab_pages(machine)
    node = {"nr_slab_reclaimable": slabs.reclaimable, "nr_slab_unreclaimable": slabs.unreclaimable}
    return {"node": NODE, "stats": node, "zones": [asdict(zone) for zone in zones(machine)]}


def _node(slabs: SlabPages) -> list[str]:
    return [
        "  per-node stats",
        _statistic("nr_slab_reclaimable", slabs.reclaimable),
        _statistic("nr_slab_unreclaimable", slabs.unreclaimable),
    ]


def _statistic(name: str, value: int) -> str:
    return f"      {name:<12} {value}"


def _zone(zone: ZoneCounts) -> list[str]:
    own = {"min": zone.watermarks.min, "low": zone.watermarks.low, "high": zone.watermarks.high}
    marks = {"boost": zone.boost, **{name: pages + zone.boost for name, pages in own.items()}}
    lines = [
        f"  pages free     {zone.nr_free}",
        *(f"        {name:<8} {pages}" for name, pages in marks.items()),
        f"        managed  {zone.managed}",
        f"        protection: ({', '.join(map(str, zone.protection))})",
        _statistic("nr_free_pages", zone.nr_free),
        "  pagesets",
    ]
    for cpu, page_set in enumerate(zone.page_sets):
        lines += _page_set(cpu, page_set)
    return [*lines, f"  start_pfn:           {zone.start_pfn}"]


def _page_set(cpu: int, found: PageSet) -> list[str]:
    return [
        f"    cpu: {cpu}",
        f"              count: {found.count}",
        f"              high:  {found.high}",
        f"              batch: {found.batch}",
    ]
