"""Eras of the allocator: all in which the kernels that are modelled differ stands here, once for each of them.

A machine is of the era that ``MachineConfig.kernel`` names. The paths ask its ``Era`` where kernels part; a rule that
no era changes is not here. A further era is a further row in ``ERAS`` (and a field, where it differs in something new).
Source: ``slub-semantics.md`` 6.3 and the tables and recordings of both kernels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from slabviz.errors import UsageError
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import NAMED_GFP, Gfp

UNNAMED = 64
"""A bit that has no name in an era stands so many places higher in the model, above all that have one."""


@dataclass(frozen=True, slots=True)
class FlagNumbers:
    """Which bit each cache flag is in a ``struct kmem_cache``; the model itself always uses those of ``SlabFlags``.

    ``bits`` maps flags to numbers; None: they are the model's own. What a kernel cannot have is not in it.
    """

    bits: Mapping[SlabFlags, int] | None = None

    def read(self, number: int) -> SlabFlags:
        """The flags that a number of this era stands for; an unnamed bit stays an unnamed flag of its own."""
        if self.bits is None:
            return SlabFlags(number)
        flags, rest = 0, number
        for flag, bit in self.bits.items():
            if number & bit:
                flags |= int(flag)
                rest &= ~bit
        return SlabFlags(flags | rest << UNNAMED)

    def write(self, flags: SlabFlags) -> int:
        """The number of this era for some flags; a flag that the era does not have has no bit."""
        if self.bits is None:
            return int(flags)
        return sum(bit for flag, bit in self.bits.items() if flags & flag) | int(flags) >> UNNAMED


@dataclass(frozen=True, slots=True)
class Era:
    """One kernel, as far as it is unlike another. The comments say since when, and what was before."""

    name: str
    """As ``kernel:`` in a scenario and in the header of a recording."""
    release: str
    """``uname -r`` of the kernel that the recordings come from; for the texts that a kernel prints."""

    # The life of a slab.
    parked_are_frozen: bool
    """Whether slabs on a CPU partial stack are frozen. Since 6.8 only a CPU's current slab is: slabs are frozen when
    they are loaded, thawed before they are put on a list, and a flag tells which ones are on the node's list."""
    parks_beyond_limit_0: bool
    """Whether a visit to the node parks a slab even with cpu_partial_slabs 0. Since 6.8 it does not."""
    put_partials: str
    """The function that puts a stack on the node's list: unfreeze_partials, since 6.8 __put_partials."""

    # Geometry.
    order_by_fewer_objects: bool
    """Whether calculate_order() tries again with fewer objects until little is wasted. Since 6.7 the lowest order is
    fixed by the wanted number, and more waste is accepted instead."""
    compound_at_order_0: bool
    """Whether allocflags have __GFP_COMP also for slabs of one page (by 6.12)."""
    chosen_free_pointer: bool
    """Whether a TYPESAFE_BY_RCU cache may say where its free pointer lies (by 6.12; ``filp`` does)."""
    kmalloc_divisor_aligned: bool
    """Whether every kmalloc size is aligned to its largest power-of-two divisor, 192 to 64 (by 6.12), and not only
    those that are a power of two themselves."""
    kmalloc_unmerged: bool
    """Whether the normal kmalloc caches are made with NO_MERGE (by 6.12)."""
    flags: FlagNumbers

    # GFP.
    gfp: Mapping[str, int]
    """The combinations a caller may ask for by name. __GFP_ATOMIC is gone since 6.3: GFP_ATOMIC is told by
    __GFP_HIGH without direct reclaim. GFP_NOWAIT does not warn by 6.12."""

    def gfp_bits(self, gfp: int) -> int:
        """The bits that this era has for what a caller wrote with those of 6.1."""
        lost = NAMED_GFP["GFP_ATOMIC"] & ~self.gfp["GFP_ATOMIC"]
        return next((self.gfp[name] for name, bits in NAMED_GFP.items() if bits == gfp), gfp & ~lost)

    def extra_slabs(self, cpu_partial_slabs: int) -> int:
        """How many slabs a visit to the node's list parks on the CPU at most, beside the one it loads."""
        if not cpu_partial_slabs and not self.parks_beyond_limit_0:
            return 0
        return cpu_partial_slabs // 2 + 1


LINUX_6_1 = Era(
    name="6.1",
    release="6.1.0-56-amd64",
    parked_are_frozen=True,
    parks_beyond_limit_0=True,
    put_partials="unfreeze_partials",
    order_by_fewer_objects=True,
    compound_at_order_0=False,
    chosen_free_pointer=False,
    kmalloc_divisor_aligned=False,
    kmalloc_unmerged=False,
    flags=FlagNumbers(),
    gfp=NAMED_GFP,
)

LINUX_6_12 = Era(
    name="6.12",
    release="6.12.117+deb12-amd64",
    parked_are_frozen=False,
    parks_beyond_limit_0=False,
    put_partials="put_partials",
    order_by_fewer_objects=False,
    compound_at_order_0=True,
    chosen_free_pointer=True,
    kmalloc_divisor_aligned=True,
    kmalloc_unmerged=True,
    flags=FlagNumbers(
        {
            SlabFlags.CONSISTENCY_CHECKS: 0x1,
            SlabFlags.RED_ZONE: 0x2,
            SlabFlags.POISON: 0x4,
            SlabFlags.KMALLOC: 0x8,
            SlabFlags.HWCACHE_ALIGN: 0x10,
            SlabFlags.CACHE_DMA: 0x20,
            SlabFlags.CACHE_DMA32: 0x40,
            SlabFlags.STORE_USER: 0x80,
            SlabFlags.PANIC: 0x100,
            SlabFlags.TYPESAFE_BY_RCU: 0x200,
            SlabFlags.TRACE: 0x400,
            SlabFlags.NOLEAKTRACE: 0x800,
            SlabFlags.NO_MERGE: 0x1000,
            SlabFlags.ACCOUNT: 0x2000,
            SlabFlags.NO_USER_FLAGS: 0x4000,
            SlabFlags.SKIP_KFENCE: 0x8000,
            SlabFlags.RECLAIM_ACCOUNT: 0x10000,
            SlabFlags.OBJECT_POISON: 0x20000,
            SlabFlags.CMPXCHG_DOUBLE: 0x40000,
            SlabFlags.NO_OBJ_EXT: 0x80000,
        }
    ),
    gfp={
        **NAMED_GFP,
        "GFP_ATOMIC": NAMED_GFP["GFP_ATOMIC"] & ~Gfp.ATOMIC,
        "GFP_NOWAIT": NAMED_GFP["GFP_NOWAIT"] | Gfp.NOWARN,
    },
)

ERAS: dict[str, Era] = {era.name: era for era in (LINUX_6_1, LINUX_6_12)}
"""All eras by name, the oldest first."""

KNOWN = " and ".join(ERAS)
"""For messages."""

_UNAME = re.compile(r"Linux \S+ (\d+\.\d+)\.\d")


def era_named(kernel: str) -> Era:
    """The era of a kernel's version ("6.1"). Raises UsageError, naming those that are known, for another one."""
    if kernel not in ERAS:
        raise UsageError(f"kernel {kernel} is not modelled; known are {KNOWN}")
    return ERAS[kernel]


def version_of(uname: str) -> str:
    """ "6.1" of ``uname -a`` of a 6.1.x kernel; the text itself where it tells no version."""
    found = _UNAME.match(uname)
    return found[1] if found else uname
