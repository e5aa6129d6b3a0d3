"""Where every slab of the cache is: standing on a list, in somebody's hand, or on its way between two places.

Each slab is in exactly one of these, so that the terms of the footer's sum are the lengths of what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from slabviz.model.cpu import Context
from slabviz.model.events import Kind
from slabviz.model.slab import Slab
from slabviz.scene.moves import Move
from slabviz.scene.story.moment import Moment


class SlabList(Enum):
    """A place of the stage that keeps slabs."""

    ACTIVE = "active"
    PARKED = "parked"
    PARTIAL = "partial"
    FULL = "full"


_FROM = {
    Kind.DEACTIVATE_BYPASS: SlabList.ACTIVE, Kind.CPUSLAB_FLUSH: SlabList.ACTIVE,
    Kind.DEACTIVATE_TO_HEAD: SlabList.ACTIVE, Kind.DEACTIVATE_TO_TAIL: SlabList.ACTIVE,
    Kind.DEACTIVATE_FULL: SlabList.ACTIVE, Kind.DEACTIVATE_EMPTY: SlabList.ACTIVE,
    Kind.CPU_PARTIAL_ALLOC: SlabList.PARKED, Kind.CPU_PARTIAL_DRAIN: SlabList.PARKED,
    Kind.CPU_PARTIAL_FLUSH: SlabList.PARKED,
    Kind.UNFREEZE_PARTIAL: SlabList.PARKED, Kind.UNFREEZE_EMPTY: SlabList.PARKED,
    Kind.ALLOC_FROM_PARTIAL: SlabList.PARTIAL, Kind.CPU_PARTIAL_NODE: SlabList.PARTIAL,
    Kind.FREE_REMOVE_PARTIAL: SlabList.PARTIAL, Kind.SHRINK_EMPTY: SlabList.PARTIAL,
    Kind.CPU_PARTIAL_FREE: SlabList.FULL, Kind.PUT_CPU_PARTIAL: SlabList.FULL, Kind.DEBUG_FREE_FULL: SlabList.FULL,
    Kind.ADD_FULL: SlabList.PARTIAL,
}  # fmt: skip
"""Where a slab was before the event that made it move."""
_OUT_OF_HAND = frozenset({Kind.UNFREEZE_PARTIAL, Kind.UNFREEZE_EMPTY})


@dataclass(slots=True, frozen=True)
class Left:
    """A place that a slab has left, open until it has arrived; ``index`` counts from the list's head.

    ``waits``: it has not set out yet, as the slabs that follow the first one of a visit to the node.
    """

    slab: Slab
    spot: SlabList
    cpu: int
    index: int
    waits: bool


@dataclass(slots=True, frozen=True)
class Held:
    """A slab in the hand of a path on a CPU, and where it goes from there."""

    slab: Slab
    cpu: int
    spot: SlabList | None


@dataclass(slots=True, eq=False)
class Whereabouts:
    """``partial`` and ``full`` are what the machine says; those that are in ``travelling`` have not arrived yet."""

    partial: list[Slab] = field(default_factory=list)
    full: list[Slab] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    travelling: dict[int, Move] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    counts: dict[SlabList, int] = field(default_factory=dict)
    """Slabs that stand on each list."""
    moving: int = 0
    """Slabs on their way or in a hand."""
    uncounted: int = 0
    """New slabs that the node has not counted yet."""
    waiting_for_rcu: int = 0

    @property
    def total(self) -> int:
        """All slabs that are the cache's, or will be at once."""
        return sum(self.counts.values()) + self.moving

    def left_of(self, spot: SlabList, cpu: int = -1) -> list[Left]:
        """Open places of one list, the last one left first: put back in this order, each is where it was."""
        return [left for left in reversed(self.left) if (left.spot, left.cpu) == (spot, cpu)]


def whereabouts(m: Moment) -> Whereabouts:
    """Find all slabs of the cache on stage."""
    machine, cache = m.machine, m.cache
    waiting = {id for id, slab in machine.rcu_slabs.items() if slab.cache is cache}
    found = Whereabouts(partial=list(cache.node.partial.values()), held=list(_held(m)), waiting_for_rcu=len(waiting))
    elsewhere = {slab.id for c in cache.cpu_slab for slab in (*c.partial, c.slab) if slab is not None}
    elsewhere.update(cache.node.partial, waiting, (held.slab.id for held in found.held))
    mine = [slab for slab in machine.slabs.values() if slab.cache is cache]
    found.full = [*cache.node.full.values()]
    elsewhere.update(cache.node.full)
    found.full += sorted((slab for slab in mine if slab.id not in elsewhere), key=lambda slab: slab.id)
    alive = {slab.id for slab in mine} - waiting
    found.travelling = {slab: move for slab, move in m.travelling.items() if slab in alive}
    found.left = [left for id, move in found.travelling.items() for left in _left(m, move, machine.slabs[id])]
    found.uncounted = len(alive) - cache.node.nr_slabs
    _count(m, found, len(alive))
    return found


def _held(m: Moment) -> Iterator[Held]:
    for cpu in m.machine.cpus:
        for context in cpu.stack:
            yield from _in_hand(context, cpu.id, m)
    for context in m.machine.parked.values():
        hand = context.hand
        if hand.slab is not None or hand.old is not None or hand.stack or hand.discards:  # most tasks hold nothing
            yield from _in_hand(context, 0, m)


def _in_hand(context: Context, cpu: int, m: Moment) -> Iterator[Held]:
    hand = context.hand
    if hand.slab is not None and hand.slab.cache is m.cache:
        freeing = context.call is not None and context.call[0] in (Kind.FREE_ENTER, Kind.BULK_FREE_ENTER)
        goes = SlabList.PARTIAL if m.cache.debug else SlabList.PARKED if freeing else SlabList.ACTIVE
        yield Held(hand.slab, cpu, goes)
    if hand.old is not None and hand.old.cache is m.cache:
        yield Held(hand.old, cpu, SlabList.PARTIAL)
    yield from (Held(slab, cpu, SlabList.PARTIAL) for slab in reversed(hand.stack) if slab.cache is m.cache)
    yield from (Held(slab, cpu, None) for slab in hand.discards if slab.cache is m.cache)


def _left(m: Moment, move: Move, slab: Slab) -> Iterator[Left]:
    kind = Kind(next(m.run.log.events(move.event, move.event + 1))[0])
    spot = _FROM.get(kind)
    if spot is not None:
        of_cpu = spot in (SlabList.ACTIVE, SlabList.PARKED)
        index = m.chronicle.left_at.get(move.event, 0)
        if kind in _OUT_OF_HAND:  # a stack in hand stands behind what has been parked since
            index = len(m.cache.cpu_slab[move.cpu].partial)
        yield Left(slab, spot, move.cpu if of_cpu else -1, index, move.start >= m.tick + 1)


def _count(m: Moment, found: Whereabouts, alive: int) -> None:
    away = found.travelling
    cpus = m.cache.cpu_slab
    found.counts = {
        SlabList.ACTIVE: sum(c.slab is not None and c.slab.id not in away for c in cpus),
        SlabList.PARKED: sum(slab.id not in away for c in cpus for slab in c.partial),
        SlabList.PARTIAL: sum(slab.id not in away for slab in found.partial),
        SlabList.FULL: sum(slab.id not in away for slab in found.full),
    }
    found.moving = alive - sum(found.counts.values())
