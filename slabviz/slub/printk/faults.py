"""Where the kernel stops: BUG, a pointer that leads nowhere, a panic, a CPU that does not come back."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import Machine
from slabviz.model.memory import MASK, address_of, address_to_pfn, read_bytes
from slabviz.model.slab import NULL, Slab
from slabviz.slub.printk.table import CUT_HERE, Kmsg, prints

BUILD = "PREEMPT SMP NOPTI"
FUNCTION = {
    Fault.SELF_POINTER: "kmem_cache_free+0x2f7/0x310",
    Fault.FAST_ALLOC: "kmem_cache_alloc+0xeb/0x300",
    Fault.LOAD_FREELIST: "___slab_alloc+0x5c1/0x930",
    Fault.PARTIAL_NODE: "get_partial_node.part.0+0x235/0x400",
    Fault.DEACTIVATE: "deactivate_slab+0x9d/0x460",
    Fault.BULK_ALLOC: "kmem_cache_alloc_bulk+0xf6/0x2c0",
    Fault.NO_SLAB: "__slab_free+0x43/0x370",
    Fault.BAD_MAGIC: "dev_kfree+0x7b/0x90 [dev_mem]",
    Fault.LIST_POINTER: "dev_kfree+0x4c/0x90 [dev_mem]",
}
"""What the instruction pointer shows; the offsets are those of one build."""
KMALLOC_FUNCTION = {
    Fault.SELF_POINTER: "__kmem_cache_free+0x1e3/0x210",
    Fault.FAST_ALLOC: "__kmem_cache_alloc_node+0xd1/0x2a0",
}
CANONICAL_BITS = 47


@prints(Kind.OOPS)
def oops(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """A task dies (``die``)."""
    fault = Fault(event[4])
    kmsg.oopses += 1
    if fault is Fault.SELF_POINTER:
        yield CUT_HERE
        yield "kernel BUG at mm/slub.c:419!"
    elif fault is Fault.BAD_MAGIC:
        yield CUT_HERE
        yield "kernel BUG at drivers/misc/dev_mem.c:88!"
    elif fault is Fault.LIST_POINTER:
        yield from _bad_address(_wild_neighbour(m, event), kmsg)
    else:
        yield from _bad_address(_address(m, event, fault), kmsg)
    yield f"RIP: 0010:{_function(m, event, fault)}"
    kmsg.taints.add("D")


def _wild_neighbour(m: Machine, event: Event) -> int:
    """The address that list_del could not write to: next->prev, or prev->next where next is sound."""
    slab = m.slabs.get(event[2])
    entry = m.page_address(event[3]) if slab is None else slab.address + event[3]
    after, before = (int.from_bytes(read_bytes(m, entry + at, 8), "little") for at in (0, 8))
    mapped = 0 <= address_to_pfn(m, after) - m.config.first_pfn <= m.config.pages
    return before if mapped else (after + 8) & MASK


def _function(m: Machine, event: Event, fault: Fault) -> str:
    slab = m.slabs.get(event[2])
    kmalloc = fault is not Fault.NO_SLAB and slab is not None and slab.cache.flags & SlabFlags.KMALLOC
    return KMALLOC_FUNCTION.get(fault, FUNCTION[fault]) if kmalloc else FUNCTION[fault]


def _address(m: Machine, event: Event, fault: Fault) -> int:
    """The address that could not be read."""
    if fault is Fault.NO_SLAB:
        return 0x20  # slab->freelist of no slab
    slab, hand = m.slabs[event[2]], m.cpus[event[1]].hand
    head = _head(m, slab, event[1], event[3], fault)
    if fault is Fault.LOAD_FREELIST and head == NULL:
        head = hand.chain
    return (address_of(slab, head) + slab.cache.geometry.offset) & MASK


def _head(m: Machine, slab: Slab, cpu: int, obj: int, fault: Fault) -> int:
    if fault is Fault.PARTIAL_NODE:
        return slab.freelist
    if fault is Fault.DEACTIVATE:
        return slab.links.get(obj, NULL) if obj != NULL else m.cpus[cpu].hand.old_chain
    return slab.cache.cpu_slab[cpu].freelist


def _bad_address(address: int, kmsg: Kmsg) -> Iterator[str]:
    high = address >> CANONICAL_BITS
    if high not in (0, MASK >> CANONICAL_BITS):
        yield (
            f"general protection fault, probably for non-canonical address {address:#x}: 0000 [#{kmsg.oopses}] {BUILD}"
        )
        return
    if address < 4096:
        yield f"BUG: kernel NULL pointer dereference, address: {address:016x}"
    else:
        yield f"BUG: unable to handle page fault for address: {address:016x}"
    yield "#PF: supervisor read access in kernel mode"
    yield "#PF: error_code(0x0000) - not-present page"
    yield f"Oops: 0000 [#{kmsg.oopses}] {BUILD}"


@prints(Kind.PANIC)
def panic(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """The same, and the machine stops."""
    yield from oops(m, event, kmsg)
    why = "Fatal exception in interrupt" if len(m.cpus[event[1]].stack) > 1 else "Fatal exception"
    yield f"Kernel panic - not syncing: {why}"
    yield f"---[ end Kernel panic - not syncing: {why} ]---"


@prints(Kind.STUCK)
def stuck(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """The watchdog's line, which a real machine prints some 22 seconds later."""
    actor = m.cpus[event[1]].top.actor
    name = kmsg.names.symbol(actor).partition("+")[0]
    yield f"watchdog: BUG: soft lockup - CPU#{event[1]} stuck for 22s! [{name}:{actor}]"
