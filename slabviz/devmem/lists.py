"""``struct list_head`` in real bytes (include/linux/list.h): two pointers, next at +0 and prev at +8.

What was overwritten leads somewhere else: whoever follows a pointer out of memory dies there.
"""

from __future__ import annotations

from collections.abc import Iterable

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.machine import Machine
from slabviz.model.memory import address_to_pfn, read_bytes
from slabviz.model.slab import NULL
from slabviz.slub.access import stores
from slabviz.slub.world import Oops, Path, World

POINTER = 8
NEXT, PREV = 0, POINTER
LIST_POISON1 = 0xDEAD000000000100
LIST_POISON2 = 0xDEAD000000000122
"""What list_del leaves in an entry: nobody can follow these."""
LONGEST = 100_000
"""Entries that are looked at before a list is taken for a circle without its head."""

Store = tuple[int, bytes]


def pointer(address: int) -> bytes:
    """A pointer as memory holds it."""
    return address.to_bytes(POINTER, "little")


def read_pointer(m: Machine, address: int) -> int:
    """The pointer at an address."""
    return int.from_bytes(read_bytes(m, address, POINTER), "little")


def init_list_head(head: int) -> Store:
    """An empty list: the head points to itself."""
    return head, pointer(head) * 2


def is_mapped(m: Machine, address: int) -> bool:
    """Whether following a pointer works: it leads to a page frame, or to the devices behind them."""
    pfn = address_to_pfn(m, address) - m.config.first_pfn
    return 0 <= pfn <= m.config.pages


def entries(m: Machine, head: int) -> list[int]:
    """The entries of a list, first to last; it ends where a pointer leads out of memory or in a circle."""
    found: dict[int, None] = {}
    at = read_pointer(m, head + NEXT)
    while at != head and is_mapped(m, at) and at not in found and len(found) < LONGEST:
        found[at] = None
        at = read_pointer(m, at + NEXT)
    return list(found)


def list_add_tail(w: World, cpu: int, entry: int, head: int, who: int) -> Path[None]:
    """Put an entry at the end of a list, in one step."""
    last = read_pointer(w.machine, head + PREV)
    yield from _reachable(w, cpu, entry, (last,))
    yield stores(w, cpu, _linked(entry, last, head), who)


def _linked(entry: int, last: int, head: int) -> Iterable[Store]:
    return (
        (head + PREV, pointer(entry)), (entry, pointer(head) + pointer(last)), (last + NEXT, pointer(entry)),
    )  # fmt: skip


def list_del(w: World, cpu: int, entry: int, who: int) -> Path[None]:
    """Take an entry off its list, in one step; its pointers are poisoned."""
    after, before = read_pointer(w.machine, entry + NEXT), read_pointer(w.machine, entry + PREV)
    yield from _reachable(w, cpu, entry, (after, before))
    yield stores(
        w, cpu,
        ((after + PREV, pointer(before)), (before + NEXT, pointer(after)),
         (entry, pointer(LIST_POISON1) + pointer(LIST_POISON2))),
        who,
    )  # fmt: skip


def _reachable(w: World, cpu: int, entry: int, neighbours: Iterable[int]) -> Path[None]:
    """Die if a neighbour is nowhere (a general protection fault, or a page fault)."""
    if not all(is_mapped(w.machine, neighbour) for neighbour in neighbours):
        yield died(w, cpu, entry, Fault.LIST_POINTER)
        raise AssertionError("a path that has died was resumed")


def died(w: World, cpu: int, address: int, fault: Fault) -> Oops:
    """What is asked of whoever drives: what runs dies while it deals with the memory at an address."""
    place = w.machine.virt_to_slab(address)
    slab, offset = (NULL, address_to_pfn(w.machine, address)) if place is None else (place[0].id, place[1])
    event: Event = (Kind.OOPS, cpu, slab, offset, fault)
    return Oops(event)
