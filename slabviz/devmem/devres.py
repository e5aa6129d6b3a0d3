"""devm_kmalloc and its relatives: memory that goes when its driver is detached (drivers/base/devres.c of 6.1).

One kmalloc holds a header of 40 bytes (``struct devres_node``: list entry 16, release callback 8, name 8, size 8) and
the data behind it. There is no magic number: a block is known by hanging on its device's list.
"""

from __future__ import annotations

from slabviz.devmem.device import DEVRES_HEAD, device_address, lock_device, unlock_device
from slabviz.devmem.lists import POINTER, entries, init_list_head, list_add_tail, list_del, pointer, read_pointer
from slabviz.model.events import Kind
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.slub.access import stores, write_bytes
from slabviz.slub.cache_from_obj import page_of
from slabviz.slub.kmalloc import kfree, kmalloc
from slabviz.slub.world import NULL_POINTER, Path, World, telling

NODE_SIZE = 40
RELEASE, NAME, SIZE = 16, 24, 32
"""Offsets in the header behind the list entry."""

DEVM_KMALLOC_RELEASE = 0xFFFFFFFF81A00000
"""Address of the callback ``devm_kmalloc_release``, which does nothing: the core frees the block."""
RELEASE_NAME = 0xFFFFFFFF82600000
"""Address of its name, "devm_kzalloc_release"."""


def devm_kmalloc(w: World, cpu: int, device: int, size: int, gfp: int, who: int) -> Path[int]:
    """``size`` bytes for as long as a driver is attached: the address behind the header, or NULL_POINTER.

    0 bytes give ZERO_SIZE_PTR, and nothing is listed.
    """
    m = w.machine
    asked = (Kind.DEVM_KMALLOC_ENTER, cpu, device, size, who)
    if not size:
        yield asked
        return ZERO_SIZE_PTR
    node = yield from telling(asked, kmalloc(w, cpu, NODE_SIZE + size, gfp, who))
    if node == NULL_POINTER:
        return NULL_POINTER
    header = pointer(node) * 2 + pointer(DEVM_KMALLOC_RELEASE) + pointer(RELEASE_NAME) + pointer(size)
    yield from write_bytes(w, cpu, node, header, who)
    yield from lock_device(w, cpu, device)
    yield from list_add_tail(w, cpu, node, device_address(m, device) + DEVRES_HEAD, who)
    yield from unlock_device(w, cpu, device)
    return node + NODE_SIZE


def devm_kfree(w: World, cpu: int, device: int, address: int, who: int) -> Path[bool]:
    """Free one block early: the list is searched from its newest entry; whether it was there.

    What is not on this device's list gets a warning and stays. NULL and ZERO_SIZE_PTR are ignored.
    Raises UsageError for an address outside of memory.
    """
    m = w.machine
    if address in (NULL_POINTER, ZERO_SIZE_PTR):
        yield (Kind.KFREE_NOTHING, cpu, 0, address, 0)
        return True
    place = page_of(m, address), address % PAGE_SIZE
    yield (Kind.DEVM_KFREE_ENTER, cpu, *place, who)
    yield from lock_device(w, cpu, device)
    node = address - NODE_SIZE
    found = any(entry == node and _is_kmalloc(m, entry) for entry in reversed(devres_of(m, device)))
    if found:
        yield from list_del(w, cpu, node, who)
    yield from unlock_device(w, cpu, device)
    if found:
        yield from kfree(w, cpu, node)
    else:
        yield (Kind.DEVM_NOT_FOUND, cpu, *place, who)
    return found


def _is_kmalloc(m: Machine, node: int) -> bool:
    return read_pointer(m, node + RELEASE) == DEVM_KMALLOC_RELEASE


def devres_release_all(w: World, cpu: int, device: int, who: int) -> Path[int]:
    """The driver is detached: its whole list is taken off and released, the newest first; how many blocks."""
    m, head = w.machine, device_address(w.machine, device) + DEVRES_HEAD
    yield from lock_device(w, cpu, device)
    nodes = devres_of(m, device)
    yield stores(w, cpu, (init_list_head(head),), who)
    yield from unlock_device(w, cpu, device)
    for left, node in reversed(list(enumerate(nodes))):
        yield (Kind.DEVRES_RELEASE, cpu, device, left, who)
        yield from kfree(w, cpu, node)
    return len(nodes)


def devres_of(m: Machine, device: int) -> list[int]:
    """Addresses of the headers on a device's devres list, in the order of registration, as memory has it."""
    return entries(m, device_address(m, device) + DEVRES_HEAD)


def size_of(m: Machine, node: int) -> int:
    """Bytes of data that a header tells of."""
    assert POINTER == 8
    return read_pointer(m, node + SIZE)
