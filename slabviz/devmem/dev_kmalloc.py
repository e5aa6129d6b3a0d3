"""dev_kmalloc and dev_kfree: the course's allocator for drivers, which puts a header of 64 bytes in front of the data.

Nothing like it is in the kernel (its own relative is ``devres.py``); it is built on the kernel's kmalloc and kfree and
lives with what they do. The header is real memory: whoever writes over it destroys it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from slabviz.devmem.device import BLOCKS, DRIVER_TEXT, device_address, lock_device, unlock_device
from slabviz.devmem.lists import LIST_POISON1, LIST_POISON2, died, entries, list_add_tail, list_del
from slabviz.model.cpu import ContextKind
from slabviz.model.events import Kind
from slabviz.model.fault import Fault
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.machine import Machine
from slabviz.model.memory import read_bytes
from slabviz.model.sizing import PAGE_SIZE
from slabviz.slub.access import write_bytes
from slabviz.slub.cache_from_obj import page_of
from slabviz.slub.kmalloc import kfree, kmalloc
from slabviz.slub.world import NULL_POINTER, Path, World, telling

MAGIC = 0xDEADBEEF
HEADER_SIZE = 64
LIST_OFFSET = 32
_LAYOUT = struct.Struct("<I4xQI4xQQQQQ")

OFFSETS = {
    "magic": (0, 4), "size": (8, 8), "flags": (16, 4), "owner": (24, 8), "list": (32, 16), "timestamp": (48, 8),
    "caller_addr": (56, 8),
}  # fmt: skip
"""``struct dev_mem_header`` as a C compiler lays it out: field -> (offset, length) in bytes."""


@dataclass(frozen=True, slots=True)
class DevMemHeader:
    """The seven fields of a header, the list as its two pointers."""

    magic: int
    size: int
    flags: int
    owner: int
    next: int
    prev: int
    timestamp: int
    caller_addr: int

    def pack(self) -> bytes:
        """The header as 64 bytes."""
        return _LAYOUT.pack(
            self.magic, self.size, self.flags, self.owner, self.next, self.prev, self.timestamp, self.caller_addr
        )


def header_at(m: Machine, address: int) -> DevMemHeader:
    """The header that memory holds at an address, right or wrong."""
    return DevMemHeader(*_LAYOUT.unpack(read_bytes(m, address, HEADER_SIZE)))


def context_flags(m: Machine, cpu: int) -> int:
    """GFP_ATOMIC where nobody may sleep (interrupt, softirq, interrupts off, spinlock held), else GFP_KERNEL.

    Real drivers are told by their callers: a kernel without preemption counting cannot find out.
    """
    top = m.cpus[cpu].top
    atomic = top.kind in (ContextKind.HARDIRQ, ContextKind.SOFTIRQ) or top.irq_depth > 0
    return GFP_ATOMIC if atomic else GFP_KERNEL


def dev_kmalloc(w: World, cpu: int, device: int, size: int, who: int, call_site: int = DRIVER_TEXT) -> Path[int]:
    """Memory of ``size`` bytes for a device (``who`` in the cast): the address behind the header, or NULL_POINTER."""
    m = w.machine
    gfp = context_flags(m, cpu)
    asked = (Kind.DEV_KMALLOC_ENTER, cpu, device, size, who)
    base = yield from telling(asked, kmalloc(w, cpu, HEADER_SIZE + size, gfp, who))
    if base == NULL_POINTER:
        return NULL_POINTER
    owner = device_address(m, device)
    header = DevMemHeader(MAGIC, size, gfp, owner, LIST_POISON1, LIST_POISON2, w.jiffies(), call_site)
    yield from write_bytes(w, cpu, base, header.pack(), who)
    yield from lock_device(w, cpu, device)
    yield from list_add_tail(w, cpu, base + LIST_OFFSET, owner + BLOCKS, who)
    yield from unlock_device(w, cpu, device)
    return base + HEADER_SIZE


def dev_kfree(w: World, cpu: int, user: int, who: int) -> Path[None]:
    """Back from the user's pointer to the header; its magic number is checked, the whole block is freed.

    A wrong magic number is a BUG: whoever runs here dies. NULL is allowed.
    Raises UsageError for an address outside of memory.
    """
    m = w.machine
    if user in (NULL_POINTER, ZERO_SIZE_PTR):
        yield from kfree(w, cpu, user)
        return
    base = user - HEADER_SIZE
    pfn, header_pfn = page_of(m, user), page_of(m, base)
    yield (Kind.DEV_KFREE_ENTER, cpu, pfn, user % PAGE_SIZE, who)
    header = header_at(m, base)
    if header.magic != MAGIC:
        yield (Kind.DEV_BAD_MAGIC, cpu, header_pfn, base % PAGE_SIZE, who)
        yield died(w, cpu, base, Fault.BAD_MAGIC)
        raise AssertionError("a path that has died was resumed")
    device = _device_at(m, header.owner)
    if device is None:  # the owner was overwritten: there is no device whose lock could be taken
        yield died(w, cpu, base, Fault.LIST_POINTER)
        raise AssertionError("a path that has died was resumed")
    yield from lock_device(w, cpu, device)
    yield from list_del(w, cpu, base + LIST_OFFSET, who)
    yield from unlock_device(w, cpu, device)
    yield from kfree(w, cpu, base)


def _device_at(m: Machine, owner: int) -> int | None:
    """The number of the device that an owner pointer means, or None when it means none."""
    return next((device for device in range(len(m.config.devices)) if device_address(m, device) == owner), None)


def blocks_of(m: Machine, device: int) -> list[int]:
    """Addresses of the headers on a device's list, first to last, as memory has it."""
    return [entry - LIST_OFFSET for entry in entries(m, device_address(m, device) + BLOCKS)]
