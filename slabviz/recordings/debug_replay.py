"""A debug cache's recording carried out on the model, and what the recorder would have written down about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slabviz.model.era import Era
from slabviz.model.events import Event, Kind
from slabviz.model.flags import SlabFlags
from slabviz.recordings.debug_record import DebugHeader, DebugOperation
from slabviz.recordings.jsonl import JsonObject
from slabviz.recordings.record import Operation
from slabviz.recordings.replay import Outcome, Replayer
from slabviz.recordings.slot_bytes import slot, whole_slab
from slabviz.slub.access import fill_bytes

#: Kind of event -> entries of ``ev``; {} is the slab's id. Here nothing passes through a CPU's lists.
EV: dict[int, tuple[str, ...]] = {
    Kind.DEBUG_ALLOC: ("slow_alloc", "get_partial_node"),
    Kind.SLAB_PAGES: ("slow_alloc", "allocate_slab", "page_alloc:{}"),
    Kind.FREE_TO_PARTIAL: ("slow_free:{}",),
    Kind.DEBUG_FREE_FULL: ("slow_free:{}",),
    Kind.DISCARD_SLAB: ("page_free:{}",),
}


class DebugReplayer(Replayer):
    """One private debug cache, driven by a recording's operations; dumps are taken on the way."""

    def __init__(self, header: DebugHeader, era: Era) -> None:
        super().__init__(header.header, era)
        self._object_size = header.header.object_size
        self._last: dict[int, tuple[int, int]] = {}
        """Where an id's object lies, or lay last: slab id and index."""

    def step(self, operation: Operation) -> Outcome:
        """Carry out one of the allocator's operations."""
        outcome = super().step(replace(operation, flush=()))
        events = self._atomic.events
        for name, place in zip(operation.ids, outcome.obj, strict=False):
            if place is not None:
                self._last[name] = (place[0], place[1])
        outcome.ev = entries(events)
        if operation.op == "shrink":
            outcome.ev = [f"{entry}@{operation.cpu}" for entry in ("do_shrink", *outcome.ev)]
        if operation.op == "alloc":
            outcome.path = "new_slab" if any(event[0] == Kind.SLAB_PAGES for event in events) else "node_partial"
        if operation.op == "free":
            outcome.path = free_path(events)
        return outcome

    def write(self, asked: DebugOperation) -> None:
        """The owner fills his objects."""
        operation = asked.operation
        for name in operation.ids:
            slab, index = self._last[name]
            address = self._machine.slabs[slab].address + self._machine.slabs[slab].object_at(index)
            world = self._atomic.world
            self._atomic.drive(fill_bytes(world, operation.cpu, address, self._object_size, asked.byte, 0))

    def dump(self, operation: Operation) -> list[Any]:
        """What a dump of these ids shows; None for a slab that has been given back."""
        shown: list[JsonObject | None] = []
        for name in operation.ids:
            number, index = self._last.get(name, (-1, 0))
            slab = self._machine.slabs.get(number)
            if slab is None or number in self._machine.rcu_slabs:
                shown.append(None)
            else:
                shown.append(slot(slab, index) if operation.op == "dump" else whole_slab(slab))
        return shown

    def state(self, whole: bool = False) -> JsonObject:
        """The state as recorded; with U the full list is in it."""
        state = super().state(whole)
        if not self._cache.flags & SlabFlags.STORE_USER:
            return state
        return {**state, "node": {**state["node"], "full": list(self._cache.node.full)}}


def free_path(events: Sequence[Event]) -> str:
    """The field ``path`` of a single free; a slab that goes back at once is on no list before."""
    kinds = {event[0] for event in events}
    gone = Kind.FREE_REMOVE_PARTIAL in kinds
    moved = Kind.DEBUG_FREE_FULL in kinds and not gone
    return "slow" + "+to_node_partial" * moved + "+discard" * gone


def entries(events: Sequence[Event]) -> list[str]:
    """The field ``ev`` of one operation."""
    return [entry.format(event[2]) for event in events for entry in EV.get(event[0], ())]
