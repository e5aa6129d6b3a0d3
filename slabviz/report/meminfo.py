"""/proc/meminfo (``meminfo_proc_show``), as far as the model knows: lines about what it does not have are left out.

``Slab`` is the sum of ``SReclaimable`` and ``SUnreclaim``. The model has no reclaimable kernel memory but slabs, so
``KReclaimable`` equals ``SReclaimable``. Pages in per-CPU page sets are neither free nor anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping

from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.report.zones import pages_of_class, slab_pages, zones

KIB_A_PAGE = PAGE_SIZE // 1024
LABEL, WIDTH = 16, 24
"""Columns: the least a label takes, and where a number ends unless it is longer."""


def meminfo(machine: Machine) -> list[str]:
    """The lines of the file, in the kernel's order."""
    return meminfo_lines(meminfo_data(machine))


def meminfo_data(machine: Machine) -> dict[str, int]:
    """The values in kB by the kernel's names."""
    known, slabs = zones(machine), slab_pages(machine)
    pages = {
        "MemTotal": sum(zone.managed for zone in known),
        "MemFree": sum(zone.nr_free for zone in known),
        "Cached": pages_of_class(machine, "file"),
        "AnonPages": pages_of_class(machine, "user"),
        "KReclaimable": slabs.reclaimable,
        "Slab": slabs.reclaimable + slabs.unreclaimable,
        "SReclaimable": slabs.reclaimable,
        "SUnreclaim": slabs.unreclaimable,
    }
    return {name: count * KIB_A_PAGE for name, count in pages.items()}


def meminfo_lines(values: Mapping[str, int]) -> list[str]:
    """A line for each name; all values are in kB but those of HugePages_…, which are pages and have no unit."""
    return [meminfo_line(name, value, "" if name.startswith("HugePages_") else " kB") for name, value in values.items()]


def meminfo_line(name: str, value: int, unit: str = " kB") -> str:
    """One line: the number ends in column 24, further right only when it is too long."""
    label = f"{name}:".ljust(LABEL)
    return f"{label}{value:>{WIDTH - len(label)}}{unit}"
