"""GFP flags of Linux 6.1: what an allocation may do to get memory (``include/linux/gfp_types.h``)."""

from __future__ import annotations

from enum import IntFlag

from slabviz.errors import UsageError


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
GFP_DMA = int(Gfp.DMA)

NAMED_GFP: dict[str, int] = {
    "GFP_KERNEL": GFP_KERNEL,
    "GFP_ATOMIC": GFP_ATOMIC,
    "GFP_NOWAIT": GFP_NOWAIT,
    "GFP_NOIO": GFP_NOIO,
    "GFP_NOFS": GFP_NOFS,
    "GFP_USER": GFP_USER,
    "GFP_KERNEL_ACCOUNT": GFP_KERNEL_ACCOUNT,
    "GFP_DMA": GFP_DMA,
}
"""The combinations a caller may ask for by name."""


#: Single flags that a caller may add: those of a page table (MOVABLE, HIGHMEM, COMP …) make no sense for objects.
SINGLE_GFP: dict[str, int] = {
    f"__GFP_{flag.name}": int(flag)
    for flag in (
        Gfp.DMA, Gfp.RECLAIMABLE, Gfp.HIGH, Gfp.IO, Gfp.FS, Gfp.ZERO, Gfp.ATOMIC, Gfp.DIRECT_RECLAIM,
        Gfp.KSWAPD_RECLAIM, Gfp.NOWARN, Gfp.RETRY_MAYFAIL, Gfp.NOFAIL, Gfp.NORETRY, Gfp.MEMALLOC, Gfp.NOMEMALLOC,
        Gfp.HARDWALL, Gfp.THISNODE, Gfp.ACCOUNT,
    )
}  # fmt: skip


def parse_gfp(text: str) -> int:
    """The value of names joined by ``|``, as C writes them: ``GFP_KERNEL | __GFP_ZERO``.

    Raises UsageError, with the word as its first argument, for a name that no allocation of objects may use.
    """
    known, value = NAMED_GFP | SINGLE_GFP, 0
    for word in text.split("|"):
        if word.strip() not in known:
            raise UsageError(word.strip())
        value |= known[word.strip()]
    return value


def may_sleep(gfp: int) -> bool:
    """``gfpflags_allow_blocking``: whether the allocation may sleep."""
    return bool(gfp & Gfp.DIRECT_RECLAIM)


def gfp_name(gfp: int) -> str:
    """The usual name of a combination, or its names joined by ``|``; what has no name stays in hex."""
    exact = next((name for name, value in NAMED_GFP.items() if value == gfp), None)
    if exact is not None:
        return exact
    return _joined(gfp)


def _joined(gfp: int) -> str:
    """The largest combination in it, and the single flags beside it."""
    named = max((item for item in NAMED_GFP.items() if item[1] & gfp == item[1]), key=lambda item: item[1].bit_count(),
                default=("", 0))  # fmt: skip
    words, rest = [named[0]] if named[0] else [], gfp & ~named[1]
    for name, value in SINGLE_GFP.items():
        if rest & value:
            words.append(name)
            rest &= ~value
    return "|".join(words + ([f"{rest:#x}"] if rest else [])) or "0"
