"""A recording's operations carried out on the model, and what the recorder would have written down about each.

Nothing here knows the recorded answers: a ``Replayer`` is given operations and tells what came of them, in the words of
the recording's format.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from slabviz.model.era import Era
from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.slab import Slab
from slabviz.recordings.dump import StateDump
from slabviz.recordings.fragment import fragment, release
from slabviz.recordings.jsonl import JsonObject
from slabviz.recordings.record import DEACTIVATE, Header, Operation
from slabviz.recordings.words import alloc_path, free_path, slow_path_entries
from slabviz.slub.atomic import Atomic
from slabviz.slub.world import World

PAGES = 1 << 18  #: page frames of the replaying machine: 1 GiB, more than any recording takes
FRAGMENTED_PAGES = 1 << 14  #: the same where all of memory is to be cut into single pages, if so many do

FlushOrder = tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Outcome:
    """What came of one operation; fields as in the recording. ``new`` has the ids of new slabs, in order."""

    obj: list[list[int] | None] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    ev: list[str] = field(default_factory=list)
    path: str | None = None
    flush: FlushOrder = ()
    fallback: dict[int, int] = field(default_factory=dict)


def machine_config(header: Header, era: Era, pages: int = PAGES) -> MachineConfig:
    """A machine like the recorder's, of an era, with ``pages`` page frames and the cache that the header asks for."""
    cache = CacheConfig(
        header.script,
        header.object_size,
        header.requested_align,
        header.asked_flags,
        bool(header.ctor),
        header.random_seq,
        min_partial=header.tuned.get("min_partial"),
        cpu_partial=header.tuned.get("cpu_partial"),
    )
    return MachineConfig(header.nr_cpus, pages, (cache,), kernel=era.name)


def pages_to_fragment(header: Header) -> int:
    """Page frames enough for a recording that fragments memory: as many again as if each operation made a slab."""
    wanted = max(FRAGMENTED_PAGES, 2 * header.ops << header.order)
    return min(PAGES, 1 << (wanted - 1).bit_length())


def chain_starts(header: Header, operation: Operation) -> deque[int]:
    """Where in ``random_seq`` the chains of the operation's new slabs start, in the order they are taken."""
    sequence = header.random_seq or (0,)
    return deque(sequence.index(chain[0]) for chain in operation.new.values())


def flush_order(cache: KmemCache, recorded: FlushOrder, era: Era) -> FlushOrder:
    """The recorded order, if it has just the steps that are needed, each CPU's slab before its stack; else by CPU.

    The steps have the names of the era's functions.
    """
    recorded = tuple((step if step == DEACTIVATE else era.put_partials, cpu) for step, cpu in recorded)
    needed: list[tuple[str, int]] = []
    for number, cpu in enumerate(cache.cpu_slab):
        if cpu.slab is not None:
            needed.append((DEACTIVATE, number))
        if cpu.partial:
            needed.append((era.put_partials, number))
    by_cpu = sorted(recorded, key=lambda step: step[1])  # stable: keeps the order of one CPU's two steps
    return recorded if by_cpu == needed else tuple(needed)


def gone_order(events: Iterable[Event], recorded: list[Any]) -> list[int]:
    """The order in which a shrink's slabs go: as recorded, if every CPU's own order is kept and what the flushes give
    up goes first. The CPUs discard at the same time, outside of any lock."""
    flushed: dict[int, list[int]] = {}
    emptied, rest = set[int](), list[int]()
    for kind, cpu, slab, _, _ in events:
        if kind == Kind.SHRINK_EMPTY:
            emptied.add(slab)
        elif kind == Kind.DISCARD_SLAB:
            (rest if slab in emptied else flushed.setdefault(cpu, [])).append(slab)
    first = [slab for slabs in flushed.values() for slab in slabs]
    kept = [[slab for slab in recorded[: len(first)] if slab in slabs] == slabs for slabs in flushed.values()]
    return recorded if all(kept) and recorded[len(first) :] == rest else first + rest


class _Listening(Atomic):
    """Keeps the events of the operation under way; nobody will ask for the whole log."""

    def __init__(self, world: World) -> None:
        super().__init__(world, EventLog())
        self.events: list[Event] = []

    def commit(self, event: Event) -> None:
        kind, cpu, slab, arg, who = event
        APPLY[kind](self.machine, cpu, slab, arg, who)
        self.events.append(event)


class Replayer:
    """One private cache on a machine of its own, driven by a recording's operations.

    The reader (``conformance.load``) has made sure that CPUs exist and that ids are allocated before they are freed.
    """

    def __init__(self, header: Header, era: Era, pages: int = PAGES) -> None:
        machine = Machine.boot(machine_config(header, era, pages))
        self._machine = machine
        self._cache: KmemCache = machine.caches[0]
        self._atomic = _Listening(World(machine, self._next_start))
        self._dump = StateDump(machine, self._cache)
        self._header = header
        self._starts: deque[int] = deque()
        self._places: dict[int, tuple[Slab, int]] = {}
        self._verbs = {
            "alloc": self._alloc,
            "free": self._free,
            "bulk_alloc": self._bulk_alloc,
            "bulk_free": self._bulk_free,
            "shrink": self._shrink,
            "fragment": self._fragment,
            "release": self._release,
        }
        self._held: list[int] = []

    def step(self, operation: Operation) -> Outcome:
        """Carry out one operation; of its outcomes only what nobody can predict is looked at: ``new`` (where chains
        start), ``flush``, and for a shrink the order between CPUs in ``gone``."""
        events = self._atomic.events
        events.clear()
        self._starts = chain_starts(self._header, operation)
        outcome = Outcome()
        self._verbs[operation.op](operation, outcome)
        if len(events) > 1:
            outcome.new = [event[2] for event in events if event[0] == Kind.SLAB_PAGES]
            outcome.fallback = self._smaller(outcome.new)
            outcome.gone = outcome.gone or [event[2] for event in events if event[0] == Kind.DISCARD_SLAB]
        outcome.ev = slow_path_entries(events, self._machine.era)
        self._dump.follow(events)
        return outcome

    def state(self, whole: bool = False) -> JsonObject:
        """The state as recorded, without ``freelists``; valid until the next step. ``whole``: read everything again."""
        return self._dump.state(whole)

    def freelists(self) -> JsonObject:
        """The field ``freelists`` as recorded."""
        return self._dump.freelists()

    def _next_start(self, cache: KmemCache) -> int:
        """Where the chain of a new slab starts; 0 for one the recording has not heard of, which then differs anyway."""
        return self._starts.popleft() if self._starts else 0

    def _alloc(self, operation: Operation, outcome: Outcome) -> None:
        address = self._atomic.alloc(self._cache, operation.cpu, operation.ids[0])
        self._hand_out(operation.ids, [address], outcome)
        outcome.path = alloc_path(self._atomic.events)

    def _bulk_alloc(self, operation: Operation, outcome: Outcome) -> None:
        addresses = self._atomic.alloc_bulk(self._cache, operation.cpu, list(operation.ids))
        self._hand_out(operation.ids, addresses, outcome)

    def _hand_out(self, ids: Iterable[int], addresses: Iterable[int], outcome: Outcome) -> None:
        for name, address in zip(ids, addresses, strict=False):  # a failed bulk allocation has no addresses at all
            place = self._machine.virt_to_slab(address)
            if place is None:
                outcome.obj.append(None)
                continue
            self._places[name] = place
            slab, offset = place
            outcome.obj.append([slab.id, slab.index_of(offset)])

    def _free(self, operation: Operation, outcome: Outcome) -> None:
        for slab, offset in self._give_back(operation.ids, outcome):
            self._atomic.free(operation.cpu, slab, offset)
        outcome.path = free_path(self._atomic.events)

    def _bulk_free(self, operation: Operation, outcome: Outcome) -> None:
        places = self._give_back(operation.ids, outcome)
        addresses = [self._machine.address(slab, offset) for slab, offset in places]
        self._atomic.free_bulk(operation.cpu, addresses)

    def _give_back(self, ids: Iterable[int], outcome: Outcome) -> list[tuple[Slab, int]]:
        """Where these objects lie; an id whose allocation failed has nothing to free."""
        places = []
        for name in ids:
            place = self._places.pop(name, None)
            if place is None:
                outcome.obj.append(None)
                continue
            slab, offset = place
            places.append(place)
            outcome.obj.append([slab.id, slab.index_of(offset)])
        return places

    def _smaller(self, slabs: Iterable[int]) -> dict[int, int]:
        """Those of some new slabs that got the smallest order instead of the usual one: slab -> order."""
        orders = {id: self._machine.slabs[id].order for id in slabs if id in self._machine.slabs}
        return {id: order for id, order in orders.items() if order != self._cache.geometry.oo_order}

    def free_blocks(self) -> list[int]:
        """Free blocks by order, in all zones together."""
        return list(map(sum, zip(*(zone.free_counts() for zone in self._machine.zones), strict=True)))

    def _fragment(self, operation: Operation, outcome: Outcome) -> None:
        self._held += self._atomic.drive(fragment(self._atomic.world, operation.cpu))

    def _release(self, operation: Operation, outcome: Outcome) -> None:
        self._atomic.drive(release(self._atomic.world, operation.cpu, self._held))
        self._held = []

    def _shrink(self, operation: Operation, outcome: Outcome) -> None:
        outcome.flush = flush_order(self._cache, operation.flush, self._machine.era)
        self._atomic.flush_order = outcome.flush
        self._atomic.shrink(self._cache, operation.cpu)
        outcome.gone = gone_order(self._atomic.events, operation.gone)
