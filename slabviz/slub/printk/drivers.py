"""What is said of memory that drivers give back wrongly: by devres, by kfree, and by the course's dev_kfree."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine
from slabviz.model.memory import read_bytes
from slabviz.slub.printk.table import Kmsg, prints
from slabviz.slub.printk.warnings import warn


@prints(Kind.DEV_BAD_MAGIC)
def bad_magic(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """dev_kfree has looked at the header; the BUG that follows is the OOPS's."""
    header = m.page_address(event[2]) + event[3]
    magic = int.from_bytes(read_bytes(m, header, 4), "little")
    yield f"dev_kfree: bad magic {magic:#010x} instead of 0xdeadbeef at {header:016x}"


@prints(Kind.DEVM_NOT_FOUND)
def not_found(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``devm_kfree``: WARN_ON(rc), which has no words of its own."""
    lines = warn(m, event[1], "", "drivers/base/devres.c:1072", "devm_kfree+0x53/0x60", kmsg)
    yield from (line for line in lines if line)


@prints(Kind.KFREE_NO_SLAB)
def no_slab(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``free_large_kmalloc``: the page is neither a slab's nor a compound one's. Said once only."""
    if "KFREE_NO_SLAB" in kmsg.once:
        return
    kmsg.once.add("KFREE_NO_SLAB")
    message = f"object pointer: 0x{m.page_address(event[3]):016x}"
    yield from warn(m, event[1], message, "mm/slab_common.c:985", "free_large_kmalloc+0x5a/0x80", kmsg)
