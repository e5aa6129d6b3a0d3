"""A device as memory knows it: a structure with two list heads, in real bytes.

The structures lie behind the last page frame that the page allocator manages, where a kernel's own data may lie: they
are there before anything is allocated and never move. Layout of one (64 bytes): head of the list of dev_kmalloc blocks
at +0, of devres blocks at +16; each head is two pointers, next and prev.
"""

from __future__ import annotations

from slabviz.devmem.lists import init_list_head
from slabviz.errors import UsageError
from slabviz.model.events import Kind
from slabviz.model.lock import Lock
from slabviz.model.machine import Machine
from slabviz.slub.access import stores
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import Path, World

DEVICE_SIZE = 64
BLOCKS = 0
DEVRES_HEAD = 16

DRIVER_TEXT = 0xFFFFFFFFC0000000
"""Where modules' code begins: call sites of drivers lie here."""


def device_lock_name(device: str) -> str:
    """The lock that guards a device's lists, in ``MachineConfig.locks``."""
    return f"{device}.devres_lock"


def device_address(m: Machine, device: int) -> int:
    """Address of the structure of a device. Raises UsageError for one that the machine does not have."""
    if not 0 <= device < len(m.config.devices):
        raise UsageError(f"there is no device {device}: this machine has {len(m.config.devices)}")
    return m.page_address(m.config.first_pfn + m.config.pages) + device * DEVICE_SIZE


def lock_device(w: World, cpu: int, device: int) -> Path[None]:
    """Take ``dev->devres_lock``, which guards the device's lists."""
    if w.detail:
        yield from spin_lock_irqsave(cpu, _lock(w.machine, device))


def unlock_device(w: World, cpu: int, device: int) -> Path[None]:
    """Give ``dev->devres_lock`` back."""
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, _lock(w.machine, device))


def _lock(m: Machine, device: int) -> Lock:
    return m.named_lock(device_lock_name(m.config.devices[device]))


def register_device(w: World, cpu: int, device: int, who: int) -> Path[None]:
    """A device appears; its lists are empty (``device_initialize``)."""
    address = device_address(w.machine, device)
    heads = (init_list_head(address + BLOCKS), init_list_head(address + DEVRES_HEAD))
    yield [(Kind.DEV_REGISTER, cpu, device, 0, who), *stores(w, cpu, heads, who)]
