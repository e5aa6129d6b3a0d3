"""Reading and writing the memory that the allocator gave: what owners do, and what those do who own nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine
from slabviz.model.memory import address_to_pfn
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import Slab
from slabviz.slub.world import Path, World

WORD = 4
SHORTEST_RUN = 8
"""Bytes: so many equal ones are written as one and repeated."""


def write_bytes(w: World, cpu: int, address: int, data: bytes, who: int) -> Path[None]:
    """Write ``data`` at an address, in one step."""
    yield stores(w, cpu, ((address, data),), who) or None


def stores(w: World, cpu: int, writes: Iterable[tuple[int, bytes]], who: int) -> list[Event]:
    """Several (address, data) as the events of one step."""
    steps: list[Event] = []
    for address, data in writes:
        for slab, offset, start, length in _parts(w.machine, address, len(data)):
            part = data[start : start + length]
            if slab is None:
                steps += _page_poked(cpu, address_to_pfn(w.machine, address + start), offset, part)
            else:
                steps += (*looked_at(cpu, slab), (Kind.WRITE, cpu, slab.id, offset, who))
                steps += poked(cpu, slab, offset, part)
    return steps


def _page_poked(cpu: int, pfn: int, offset: int, data: bytes) -> Iterator[Event]:
    """Events that put ``data`` into a page that is no slab's."""
    words = len(data) // WORD * WORD
    for at in range(0, words, WORD):
        word = int.from_bytes(data[at : at + WORD], "little", signed=True)
        yield (Kind.PAGE_POKE, cpu, pfn, offset + at, word)
    for at in range(words, len(data)):
        yield (Kind.PAGE_POKE_BYTE, cpu, pfn, offset + at, data[at])


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


def _parts(machine: Machine, address: int, length: int) -> Iterator[tuple[Slab | None, int, int, int]]:
    """(slab, offset there, start in the data, length), slab by slab; None and the offset in the page where none is."""
    start = 0
    while start < length:
        place = machine.virt_to_slab(address + start)
        if place is None:
            inside = (address + start) % PAGE_SIZE
            part = min(length - start, PAGE_SIZE - inside)
            yield None, inside, start, part
            start += part
            continue
        slab, offset = place
        part = min(length - start, slab.bytes - offset)
        yield slab, offset, start, part
        start += part
