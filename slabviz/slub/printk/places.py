"""Slabs and objects as the kernel names them: the address of ``struct slab``, page flags, tracks."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.flags import SlabFlags
from slabviz.model.machine import Machine
from slabviz.model.memory import MASK, address_of
from slabviz.model.poison import TRACK_ALLOC, TRACK_CPU, TRACK_FREE, TRACK_PID, TRACK_WHEN, track_at
from slabviz.model.sizing import TRACK_SIZE
from slabviz.model.slab import Slab
from slabviz.model.track import TEXT
from slabviz.slub.printk.table import Kmsg

VMEMMAP = {0xFF11000000000000: 0xFFD4000000000000}
"""Where the page structs lie, by start of the direct map: this pair with five levels of page tables …"""
VMEMMAP_4_LEVELS = 0xFFFFEA0000000000
"""… and else this."""
STRUCT_PAGE = 64
PG_SLAB, PG_HEAD = 0x200, 0x10000
LAST_CPUPID, LAST_CPUPID_SHIFT, ZONE_SHIFT = 0x1FFFFF, 30, 51
ZONE_STARTS = (0x1000, 0x100000)
"""First page frames of DMA32 and of NORMAL on x86-64."""


def slab_line(m: Machine, slab: Slab) -> str:
    """``print_slab_info``."""
    vmemmap = VMEMMAP.get(m.config.page_offset, VMEMMAP_4_LEVELS)
    struct = vmemmap + slab.pfn * STRUCT_PAGE
    fp = address_of(slab, slab.freelist)
    return f"Slab {pointer(struct)} objects={slab.objects} used={slab.inuse} fp={pointer(fp)} flags={_flags(slab)}"


def _flags(slab: Slab) -> str:
    zone = sum(slab.pfn >= start for start in ZONE_STARTS)
    head = slab.order > 0
    value = PG_SLAB | (PG_HEAD if head else 0) | LAST_CPUPID << LAST_CPUPID_SHIFT | zone << ZONE_SHIFT
    names = "slab|head" if head else "slab"
    return f"{value:#x}({names}|node=0|zone={zone}|lastcpupid={LAST_CPUPID:#x})"


def pointer(address: int) -> str:
    """``0x%p``."""
    return f"0x{address & MASK:016x}"


def at(slab: Slab, offset: int) -> str:
    """The address of a place in a slab."""
    return pointer(slab.address + offset)


def tracking(slab: Slab, obj: int, kmsg: Kmsg) -> Iterator[str]:
    """``print_tracking``: who allocated and who freed an object, as far as that is stored (U)."""
    if not slab.cache.flags & SlabFlags.STORE_USER or slab.memory is None:
        return
    for word, which in (("Allocated", TRACK_ALLOC), ("Freed", TRACK_FREE)):
        start = obj + track_at(slab.cache, which)
        record = slab.memory[start : start + TRACK_SIZE]
        address = _number(record, 0, 8)
        if address:
            age = kmsg.now - _number(record, TRACK_WHEN, 8)
            who = f"cpu={_number(record, TRACK_CPU, 4)} pid={_number(record, TRACK_PID, 4)}"
            yield f"{word} in {kmsg.names.symbol(address - TEXT)} age={age} {who}"


def _number(record: bytearray, start: int, length: int) -> int:
    return int.from_bytes(record[start : start + length], "little")
