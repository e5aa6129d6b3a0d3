"""Every slab that a run ever counts, and every object that changes hands: the log read once, in columns.

What was there at the end of tick 0 comes from the machine of that tick, so that a run of one tick (a recorded state)
has a population too; what happened afterwards comes from the log. All arrays are in the order of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.model.events.kinds import Kind
from slabviz.model.events.statistics import Rows
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.timeline.run import Run

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

TAKES = (Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW)
"""Events that give an object to a holder."""
RETURNS = (
    Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.BULK_PUSH, Kind.BULK_FREE,
    Kind.DEBUG_FREE_FULL, Kind.MARK_ALL_USED,
)  # fmt: skip
"""Events after which nobody holds an object."""
BIRTHS = (Kind.ALLOC_SLAB, Kind.DEBUG_ALLOC_NEW)
DEATHS = (Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU)
"""Events from which on a slab is counted in ``nr_slabs``, and no longer."""
NEVER = 1 << 40


@dataclass(slots=True, frozen=True, eq=False)
class Slabs:
    """One row a slab: those of tick 0 first, then as they were made. ``born`` and ``died`` are numbers of events:
    -1 where it was there from the start, NEVER where it stays."""

    id: Numbers
    cache: Numbers
    objects: Numbers
    order: Numbers
    born: Numbers
    died: Numbers

    @property
    def bytes(self) -> Numbers:
        """Size of each in bytes."""
        return PAGE_SIZE << self.order


@dataclass(slots=True, frozen=True, eq=False)
class Changes:
    """One row an object that is taken or comes back; ``number`` is the event's, ``row`` the slab's in ``Slabs``.

    ``held`` says whether somebody holds it afterwards, ``was`` whether somebody held it before: a second free of the
    same object changes nothing.
    """

    number: Numbers
    row: Numbers
    index: Numbers
    held: Flags
    was: Flags


@dataclass(slots=True, frozen=True, eq=False)
class Population:
    """All slabs and changes of a run; ``first_row`` and ``first_index`` are the objects held at the end of tick 0."""

    slabs: Slabs
    changes: Changes
    first_row: Numbers
    first_index: Numbers

    @classmethod
    def of(cls, run: Run) -> Population:
        """Read a run. Takes some 100 ns an event."""
        behind = run.log.span(0)[1] if run.log.ticks else 0
        machine = run.machine_at(0 if run.log.ticks else -1)
        rows = run.log.matrix()
        slabs = _slabs(machine, rows, behind)
        row_of = np.full(max(int(slabs.id.max(initial=-1)), int(rows[:, 2].max(initial=-1))) + 1, -1, np.int64)
        row_of[slabs.id] = np.arange(len(slabs.id))
        first_row, first_index = _held(machine, row_of)
        return cls(slabs, _changes(machine, rows, behind, slabs, row_of, (first_row, first_index)), first_row,
                   first_index)  # fmt: skip


def ticks_of(log: EventLog, numbers: Numbers) -> Numbers:
    """The tick of each event, by number; -1 (there from the start) is tick 0, NEVER is behind the last."""
    starts = np.frombuffer(log.starts, np.int32)
    found = np.searchsorted(starts, numbers, side="right") - 1
    return np.where(numbers >= NEVER, log.ticks, np.maximum(found, 0))


def _slabs(machine: Machine, rows: Rows, behind: int) -> Slabs:
    """Those that are counted at the end of tick 0, and those that the log makes."""
    made, died = _numbers(rows, behind, BIRTHS), _numbers(rows, behind, DEATHS)
    later = rows[made, 2].astype(np.int64)
    unborn = {*later.tolist(), *machine.rcu_slabs}  # a slab in hand is counted with its own event
    first = [slab for slab in machine.slabs.values() if slab.id not in unborn]
    pages = _numbers(rows, 0, (Kind.SLAB_PAGES,))
    cache_of = dict(zip(rows[pages, 2].tolist(), rows[pages, 3].tolist(), strict=True))
    smaller = _smaller(rows)
    caches = np.array([slab.cache.id for slab in first] + [cache_of[slab] for slab in later.tolist()], np.int64)
    shapes = [cache.geometry for cache in machine.caches]
    objects = [slab.objects for slab in first]
    orders = [slab.order for slab in first]
    for slab in later.tolist():
        shape, small = shapes[cache_of[slab]], slab in smaller
        objects.append(shape.min_objects if small else shape.oo_objects)
        orders.append(shape.min_order if small else shape.oo_order)
    ids = np.concatenate([np.array([slab.id for slab in first], np.int64), later])
    born = np.concatenate([np.full(len(first), -1, np.int64), made])
    death_of = dict(zip(rows[died, 2].tolist(), died.tolist(), strict=True))
    deaths = np.array([death_of.get(slab, NEVER) for slab in ids.tolist()], np.int64)
    return Slabs(ids, caches, np.array(objects, np.int64), np.array(orders, np.int64), born, deaths)


def _numbers(rows: Rows, behind: int, kinds: tuple[Kind, ...]) -> Numbers:
    """Numbers of the events of some kinds, from ``behind`` on."""
    return np.flatnonzero(np.isin(rows[behind:, 0], kinds)) + behind


def _smaller(rows: Rows) -> set[int]:
    """The slabs of the smallest order: the next one that a CPU makes of a cache after its normal order failed."""
    told = rows[np.isin(rows[:, 0], (Kind.ORDER_FALLBACK, Kind.SLAB_PAGES))]
    waiting: set[tuple[int, int]] = set()
    found = set()
    for kind, cpu, subject, arg, _ in told.tolist():
        if kind == Kind.ORDER_FALLBACK:
            waiting.add((cpu, subject))
        elif (cpu, arg) in waiting:
            waiting.remove((cpu, arg))
            found.add(subject)
    return found


def _held(machine: Machine, row_of: Numbers) -> tuple[Numbers, Numbers]:
    found = [
        (int(row_of[slab.id]), slab.index_of(offset))
        for slab in machine.slabs.values()
        for offset in slab.owners
        if row_of[slab.id] >= 0
    ]
    both = np.array(found, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _changes(
    machine: Machine, rows: Rows, behind: int, slabs: Slabs, row_of: Numbers, first: tuple[Numbers, Numbers]
) -> Changes:
    numbers = _numbers(rows, behind, (*TAKES, *RETURNS))
    numbers = numbers[row_of[rows[numbers, 2]] >= 0]
    row = row_of[rows[numbers, 2]]
    size = np.array([cache.size for cache in machine.caches], np.int64)[slabs.cache[row]]
    pad = np.array([cache.red_left_pad for cache in machine.caches], np.int64)[slabs.cache[row]]
    index, beside = np.divmod(rows[numbers, 3] - pad, size)
    # A wrong free may name a place inside an object, which nobody holds.
    real = (beside == 0) & (index >= 0) & (index < slabs.objects[row])
    numbers, row, index = numbers[real], row[real], index[real]
    held = np.isin(rows[numbers, 0], TAKES)
    return Changes(numbers, row, index, held, _before(slabs, row, index, held, first))


def _before(slabs: Slabs, row: Numbers, index: Numbers, held: Flags, first: tuple[Numbers, Numbers]) -> Flags:
    """What each change found: what the one before it of the same object left, or how it was at tick 0."""
    base = np.cumsum(slabs.objects) - slabs.objects
    place = base[row] + index
    at_first = np.zeros(int(slabs.objects.sum()) + 1, bool)
    at_first[base[first[0]] + first[1]] = True
    order = np.argsort(place, kind="stable")
    sorted_places = place[order]
    again = np.zeros(len(place), bool)
    again[1:] = sorted_places[1:] == sorted_places[:-1]
    was = np.empty(len(place), bool)
    was[order] = np.where(again, np.roll(held[order], 1), at_first[sorted_places])
    return was
