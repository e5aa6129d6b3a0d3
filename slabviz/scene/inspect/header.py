"""What an allocator above kmalloc keeps in front of the data: dev_kmalloc's header, and devres' (devm_kmalloc).

A header is known by its device's list, and dev_kmalloc's also by its magic number; bytes that look like one in an
object that nobody holds are only what is left of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.devmem.dev_kmalloc import HEADER_SIZE, LIST_OFFSET, MAGIC, blocks_of
from slabviz.devmem.device import BLOCKS, DEVRES_HEAD, DRIVER_TEXT, device_address
from slabviz.devmem.devres import DEVM_KMALLOC_RELEASE, NAME, NODE_SIZE, RELEASE, RELEASE_NAME, SIZE, devres_of
from slabviz.devmem.lists import LIST_POISON1, LIST_POISON2
from slabviz.model.era import Era
from slabviz.model.gfp import gfp_name
from slabviz.model.machine import Machine
from slabviz.model.memory import read_bytes
from slabviz.scene.inspect.numbers import full
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped


@dataclass(slots=True, frozen=True)
class Header:
    """``kind`` is dev_kmalloc or devres; ``fields`` are (name, offset, length) without gaps, "" is filler."""

    kind: str
    length: int
    fields: tuple[tuple[str, int, int], ...]


DEV = Header("dev_kmalloc", HEADER_SIZE, (
    ("magic", 0, 4), ("", 4, 4), ("size", 8, 8), ("flags", 16, 4), ("", 20, 4), ("owner", 24, 8),
    ("list.next", LIST_OFFSET, 8), ("list.prev", LIST_OFFSET + 8, 8), ("timestamp", 48, 8), ("caller_addr", 56, 8),
))  # fmt: skip
"""``struct dev_mem_header``."""
DEVRES = Header("devres", NODE_SIZE, (
    ("entry.next", 0, 8), ("entry.prev", 8, 8), ("release", RELEASE, 8), ("name", NAME, 8),
    ("size", SIZE, 8),
))  # fmt: skip
"""``struct devres_node``."""


def header_of(m: Machine, address: int) -> Header | None:
    """The header at the start of an object, if there is one."""
    for device in range(len(m.config.devices)):
        if address in blocks_of(m, device):
            return DEV
        if address in devres_of(m, device):
            return DEVRES
    if m.config.devices and int.from_bytes(read_bytes(m, address, 4), "little") == MAGIC:
        return DEV
    return None


def is_broken(m: Machine, address: int, header: Header) -> bool:
    """Whether a header's magic number is wrong; devres has none."""
    return header is DEV and int.from_bytes(read_bytes(m, address, 4), "little") != MAGIC


def meaning(m: Machine, name: str, value: int, tr: Translate) -> tuple[str, str]:
    """A header field's value as a reader writes it, and what it means."""
    if name == "magic":
        return f"0x{value:08x}", tr("inspect.header.magic_ok" if value == MAGIC else "inspect.header.magic_bad")
    if name == "size":
        return f"{grouped(value)} B", tr("inspect.header.size")
    if name == "flags":
        return f"0x{value:x}", _gfp(value, m.era)
    if name == "timestamp":
        return grouped(value), tr("inspect.header.timestamp")
    if name == "caller_addr":
        place = f"driver+0x{value - DRIVER_TEXT:x}" if value >= DRIVER_TEXT else full(value)
        return place, tr("inspect.header.caller")
    if name == "release":
        known = "devm_kmalloc_release" if value == DEVM_KMALLOC_RELEASE else full(value)
        return known, tr("inspect.header.release")
    if name == "name":
        known = '"devm_kzalloc_release"' if value == RELEASE_NAME else full(value)
        return known, tr("inspect.header.name")
    return full(value), _link(m, name, value, tr)


def _gfp(value: int, era: Era) -> str:
    return gfp_name(value, era.gfp)


def _link(m: Machine, name: str, value: int, tr: Translate) -> str:
    """Where a pointer of the header leads: a device, its list's head, or another block's header."""
    if value in (LIST_POISON1, LIST_POISON2):
        return tr("inspect.header.off_list")
    for device, title in enumerate(m.config.devices):
        at = device_address(m, device)
        if value == at and name == "owner":
            return tr("inspect.header.device", device=title)
        if value in (at + BLOCKS, at + DEVRES_HEAD):
            return tr("inspect.header.head", device=title)
    return points_to(m, value, tr) or tr("inspect.points.nowhere")


def points_to(m: Machine, value: int, tr: Translate) -> str:
    """The object that a pointer leads to, or ""."""
    place = m.virt_to_slab(value) if value >= m.config.page_offset else None
    if place is None:
        return ""
    slab, offset = place
    index = slab.index_of(offset)
    if not 0 <= index < slab.objects:
        return tr("inspect.points.slab", slab=slab.id, cache=slab.cache.name)
    inside = offset - slab.object_at(index)
    at = tr("inspect.points.object", index=index, slab=slab.id)
    return f"{at} {inside:+d}" if inside else at
