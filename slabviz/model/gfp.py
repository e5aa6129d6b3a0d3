"""GFP flags: what an allocation may do to get memory (``include/linux/gfp_types.h``).

The numbers are 6.1's, and those that are still there have them in later kernels; see ``Era.gfp`` for what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag


class Gfp(IntFlag):
    """Single flags and the usual combinations; the values are 6.1's."""

    DMA = 0x1
    HIGHMEM = 0x2
    DMA32 = 0x4
    MOVABLE = 0x8
    RECLAIMABLE = 0x10
    HIGH = 0x20
    IO = 0x40
    FS = 0x80
    ZERO = 0x100
    ATOMIC = 0x200
    DIRECT_RECLAIM = 0x400
    KSWAPD_RECLAIM = 0x800
    NOWARN = 0x2000
    RETRY_MAYFAIL = 0x4000
    NOFAIL = 0x8000
    NORETRY = 0x10000
    MEMALLOC = 0x20000
    COMP = 0x40000
    NOMEMALLOC = 0x80000
    HARDWALL = 0x100000
    THISNODE = 0x200000
    ACCOUNT = 0x400000


GFP_KERNEL = int(Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM | Gfp.IO | Gfp.FS)
GFP_ATOMIC = int(Gfp.HIGH | Gfp.ATOMIC | Gfp.KSWAPD_RECLAIM)
GFP_NOWAIT = int(Gfp.KSWAPD_RECLAIM)
GFP_NOIO = int(Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM)
GFP_NOFS = int(Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM | Gfp.IO)
GFP_USER = int(GFP_KERNEL | Gfp.HARDWALL)
GFP_KERNEL_ACCOUNT = int(GFP_KERNEL | Gfp.ACCOUNT)

NAMED_GFP: dict[str, int] = {
    "GFP_KERNEL": GFP_KERNEL,
    "GFP_ATOMIC": GFP_ATOMIC,
    "GFP_NOWAIT": GFP_NOWAIT,
    "GFP_NOIO": GFP_NOIO,
    "GFP_NOFS": GFP_NOFS,
    "GFP_USER": GFP_USER,
    "GFP_KERNEL_ACCOUNT": GFP_KERNEL_ACCOUNT,
}
"""The combinations a caller may ask for by name, in 6.1."""


def may_sleep(gfp: int) -> bool:
    """``gfpflags_allow_blocking``: whether the allocation may sleep."""
    return bool(gfp & Gfp.DIRECT_RECLAIM)


def cannot_wait(gfp: int) -> bool:
    """Whether an allocation is like GFP_ATOMIC: up to 6.2 __GFP_ATOMIC says so, since then what it may not do."""
    return bool(gfp & Gfp.ATOMIC) or not may_sleep(gfp)


def gfp_name(gfp: int, names: Mapping[str, int] = NAMED_GFP) -> str:
    """The usual name of a combination, by the ``names`` of an era, or its value in hex."""
    return next((name for name, value in names.items() if value == gfp), f"{gfp:#x}")
