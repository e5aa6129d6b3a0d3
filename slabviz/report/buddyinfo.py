"""/proc/buddyinfo (``frag_show_print``): free blocks of each order, zone by zone; pages in page sets are not in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slabviz.model.machine import Machine
from slabviz.report.zones import zones

NODE = 0


def buddyinfo(machine: Machine) -> list[str]:
    """The lines of the file."""
    return [buddyinfo_line(NODE, zone.name, zone.free) for zone in zones(machine)]


def buddyinfo_data(machine: Machine) -> list[dict[str, Any]]:
    """Zones with their free blocks by order."""
    return [{"node": NODE, "zone": zone.name, "free": list(zone.free)} for zone in zones(machine)]


def buddyinfo_line(node: int, zone: str, free: Sequence[int]) -> str:
    """One zone's line; like the kernel's, it ends with a blank."""
    return f"Node {node}, zone {zone:>8} " + "".join(f"{blocks:6} " for blocks in free)
