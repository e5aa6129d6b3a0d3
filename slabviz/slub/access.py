"""Reading and writing the memory that the allocator gave: what owners do, and what those do who own nothing."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import Slab
from slabviz.slub.world import Path, World

WORD = 4
SHORTEST_RUN = 8
"""Bytes: so many equal ones are written as one and repeated."""


def write_bytes(w: World, cpu: int, address: int, data: bytes, who: int) -> Path[None]:
    """Write ``data`` at an address, in one step; what falls on pages that are no slab's is forgotten."""
    steps: list[Event] = []
    for slab, offset, start, length in _parts(w.machine, address, len(data)):
        steps += (*looked_at(cpu, slab), (Kind.WRITE, cpu, slab.id, offset, who))
        steps += poked(cpu, slab, offset, data[start : start + length])
    yield steps or None


def fill_bytes(w: World, cpu: int, address: int, length: int, value: int, who: int) -> Path[None]:
    """``memset(address, value, length)``, in one step."""
    yield from write_bytes(w, cpu, address, bytes((value,)) * length, who)


def looked_at(cpu: int, slab: Slab) -> Iterator[Event]:
    """What must come before anything is done to the bytes of a slab: they must be there."""
    if slab.memory is None:
        yield (Kind.LOOK, cpu, slab.id, 0, 0)


def poked(cpu: int, slab: Slab, offset: int, data: bytes) -> Iterator[Event]:
    """Events that put ``data`` at an offset of a slab."""
    at = 0
    while at < len(data):
        run = len(data) - at - len(data[at:].lstrip(data[at : at + 1]))
        if run >= SHORTEST_RUN:
            yield (Kind.POKE_BYTE, cpu, slab.id, offset + at, data[at])
            yield (Kind.REPEAT, cpu, slab.id, offset + at, run)
            at += run
        elif at + WORD <= len(data):
            word = int.from_bytes(data[at : at + WORD], "little", signed=True)
            yield (Kind.POKE, cpu, slab.id, offset + at, word)
            at += WORD
        else:
            yield (Kind.POKE_BYTE, cpu, slab.id, offset + at, data[at])
            at += 1


def _parts(machine: Machine, address: int, length: int) -> Iterator[tuple[Slab, int, int, int]]:
    """(slab, offset there, start in the data, length) of what falls into slabs, one after the other."""
    start = 0
    while start < length:
        place = machine.virt_to_slab(address + start)
        if place is None:
            start += PAGE_SIZE - (address + start) % PAGE_SIZE
            continue
        slab, offset = place
        part = min(length - start, slab.bytes - offset)
        yield slab, offset, start, part
        start += part
