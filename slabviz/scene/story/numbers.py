"""How numbers are written: digits in groups, slab ids, values that a move is changing, sizes."""

from __future__ import annotations

GAP = "\u2009"
"""A thin space between groups of three digits."""


def grouped(number: int) -> str:
    """``1284`` as ``1 284``, with a thin gap."""
    return f"{number:,}".replace(",", GAP)


def slab_id(slab: int) -> str:
    """The id of a slab, with at least two digits."""
    return f"{slab:02d}"


def changing(old: int, new: int) -> str:
    """A value, or ``old → new`` while a move is changing it."""
    return grouped(new) if old == new else f"{grouped(old)} → {grouped(new)}"


def size(count: int) -> str:
    """A size in bytes in its largest whole unit: ``16 MiB``, ``32 KiB``, ``640 B``."""
    for unit, bits in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >> bits and not count & ((1 << bits) - 1):
            return f"{grouped(count >> bits)} {unit}"
    return f"{grouped(count)} B"
