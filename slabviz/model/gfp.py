"""GFP flags: what an allocation may do to get memory (``include/linux/gfp_types.h``).

The numbers are 6.1's, and those that are still there have them in later kernels; see ``Era.gfp`` for what differs.
"""

from __future__ import annotations

from collections.abc import Mapping

from slabviz.errors import UsageError


class Gfp:
    """The single flags; the values are 6.1's. Plain numbers, as every page that is asked for looks at several of them
    and an enum would make each look an object."""

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


GFP_KERNEL = Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM | Gfp.IO | Gfp.FS
GFP_ATOMIC = Gfp.HIGH | Gfp.ATOMIC | Gfp.KSWAPD_RECLAIM
GFP_NOWAIT = Gfp.KSWAPD_RECLAIM
GFP_NOIO = Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM
GFP_NOFS = Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM | Gfp.IO
GFP_USER = GFP_KERNEL | Gfp.HARDWALL
GFP_KERNEL_ACCOUNT = GFP_KERNEL | Gfp.ACCOUNT
GFP_DMA = Gfp.DMA

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
"""The combinations a caller may ask for by name, in 6.1."""


#: Single flags that a caller may add: those of a page table (MOVABLE, HIGHMEM, COMP …) make no sense for objects.
SINGLE_GFP: dict[str, int] = {
    f"__GFP_{name}": getattr(Gfp, name)
    for name in (
        "DMA", "RECLAIMABLE", "HIGH", "IO", "FS", "ZERO", "ATOMIC", "DIRECT_RECLAIM", "KSWAPD_RECLAIM", "NOWARN",
        "RETRY_MAYFAIL", "NOFAIL", "NORETRY", "MEMALLOC", "NOMEMALLOC", "HARDWALL", "THISNODE", "ACCOUNT",
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


def cannot_wait(gfp: int) -> bool:
    """Whether an allocation is like GFP_ATOMIC: up to 6.2 __GFP_ATOMIC says so, since then what it may not do."""
    return bool(gfp & Gfp.ATOMIC) or not may_sleep(gfp)


def gfp_name(gfp: int, names: Mapping[str, int] = NAMED_GFP) -> str:
    """The usual name of a combination, by the ``names`` of an era, or its names joined by ``|``; what has no name stays
    in hex."""
    exact = next((name for name, value in names.items() if value == gfp), None)
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


#: What a trace calls GFP bits (``__def_gfpflag_names`` of 6.1), in the order in which they are looked for: combinations
#: first, each taking its bits away.
TRACE_GFP: tuple[tuple[str, int], ...] = (
    ("GFP_TRANSHUGE", 0x1C24CA),
    ("GFP_TRANSHUGE_LIGHT", 0x1C20CA),
    ("GFP_HIGHUSER_MOVABLE", GFP_USER | 0xA),
    ("GFP_HIGHUSER", GFP_USER | 0x2),
    ("GFP_USER", GFP_USER),
    ("GFP_KERNEL_ACCOUNT", GFP_KERNEL_ACCOUNT),
    ("GFP_KERNEL", GFP_KERNEL),
    ("GFP_NOFS", GFP_NOFS),
    ("GFP_ATOMIC", GFP_ATOMIC),
    ("GFP_NOIO", GFP_NOIO),
    ("GFP_NOWAIT", GFP_NOWAIT),
    ("GFP_DMA", 0x1),
    ("__GFP_HIGHMEM", 0x2),
    ("GFP_DMA32", 0x4),
    ("__GFP_HIGH", 0x20),
    ("__GFP_ATOMIC", 0x200),
    ("__GFP_IO", 0x40),
    ("__GFP_FS", 0x80),
    ("__GFP_NOWARN", 0x2000),
    ("__GFP_RETRY_MAYFAIL", 0x4000),
    ("__GFP_NOFAIL", 0x8000),
    ("__GFP_NORETRY", 0x10000),
    ("__GFP_COMP", 0x40000),
    ("__GFP_ZERO", 0x100),
    ("__GFP_NOMEMALLOC", 0x80000),
    ("__GFP_MEMALLOC", 0x20000),
    ("__GFP_HARDWALL", 0x100000),
    ("__GFP_THISNODE", 0x200000),
    ("__GFP_RECLAIMABLE", 0x10),
    ("__GFP_MOVABLE", 0x8),
    ("__GFP_ACCOUNT", 0x400000),
    ("__GFP_WRITE", 0x1000),
    ("__GFP_RECLAIM", 0xC00),
    ("__GFP_DIRECT_RECLAIM", 0x400),
    ("__GFP_KSWAPD_RECLAIM", 0x800),
    ("__GFP_ZEROTAGS", 0x800000),
)


def gfp_flags_text(gfp: int) -> str:
    """GFP bits as a trace prints them (``show_gfp_flags``): names joined by ``|``, unknown bits in hex at the end."""
    if not gfp:
        return "none"
    words, rest = [], gfp
    for name, bits in TRACE_GFP:
        if rest & bits == bits:
            words.append(name)
            rest &= ~bits
    return "|".join([*words, f"{rest:#x}"] if rest else words)


def gfp_of_text(text: str) -> int:
    """The bits of what ``gfp_flags_text`` says. Raises ValueError, with the word, for a name that it never says."""
    if text == "none":
        return 0
    known, gfp = dict(TRACE_GFP), 0
    for word in text.split("|"):
        if word in known:
            gfp |= known[word]
        elif word.startswith("0x"):
            gfp |= int(word, 16)
        else:
            raise ValueError(word)
    return gfp


def gfp_migratetype(gfp: int) -> int:
    """The migrate type that an allocation asks for: 0 unmovable, 1 movable, 2 reclaimable."""
    return (gfp & (Gfp.MOVABLE | Gfp.RECLAIMABLE)) >> 3
