"""From events to moves: when each one starts, and how long it takes.

A thing is in one place only, so that what follows from another move waits for it: an object does not leave a slab that
is still coming, a slab does not leave before the objects that fly back to it have landed. A move of something that is
soon moved on hurries, so that waiting does not add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil

from slabviz.model.events.kinds import Kind
from slabviz.scene.motion.causes import ALLOCS, COUNT, FREES, GIVES_BACK, OF_A_CPU, SLABS, WAITS, Journey
from slabviz.scene.motion.index import Row
from slabviz.scene.motion.pace import Pace
from slabviz.scene.moves import NEVER, Move, MoveKind
from slabviz.scene.state import Key

BEFORE = -NEVER
_QUICKEST = 0.4
"""A move that hurries takes at least so much of its time."""


@dataclass(slots=True, frozen=True)
class Shape:
    """What the offsets and slabs of one cache mean: ``pad`` and ``size`` are bytes."""

    cache: int
    pad: int
    size: int

    def index_of(self, offset: int) -> int:
        """Return the index of the object at an offset."""
        return (offset - self.pad) // self.size


BlockOf = Callable[[int], tuple[int, bool]]
"""Number of an event to (order of its block, whether it goes through a page set), see ``Index.block_of``."""


@dataclass(slots=True)
class Schedule:
    """Takes rows in order and makes moves of them."""

    pace: Pace
    shape: Shape
    block_of: BlockOf
    moves: list[Move] = field(default_factory=list)
    _arrives: dict[int, float] = field(default_factory=dict)
    """When the last move of a slab is over."""
    _objects: dict[int, float] = field(default_factory=dict)
    """When the last object that flies back to a slab is there."""
    _landed: dict[tuple[int, int], float] = field(default_factory=dict)
    """When the last flight of an object, by slab and index, lands."""
    _extra: dict[int, float] = field(default_factory=dict)
    """By CPU: when its last slab from the node started."""
    _origins: dict[int, Key] = field(default_factory=dict)
    """Where the pages of a new slab came from."""
    _level: dict[int, float] = field(default_factory=dict)
    """By CPU: when its last split or merge is over."""

    def take(self, rows: Iterable[Row]) -> None:
        """Add the moves of rows in the order of the log."""
        for _, group in groupby(rows, key=lambda row: row.tick):
            self._take_tick(list(group))

    def _take_tick(self, rows: list[Row]) -> None:
        """Objects that fly back first: what a tick frees into a slab lands before the slab goes on."""
        apart = min(self.pace.stagger, self.pace.spread / max(len(rows) - 1, 1))
        timed = [(row, row.tick + place * apart) for place, row in enumerate(rows)]
        for row, when in timed:
            if row.kind in FREES:
                self._free(row, when)
        for row, when in timed:
            self._other(row, when)

    def _other(self, row: Row, when: float) -> None:
        kind = Kind(row.kind)
        if kind is Kind.DEBUG_ALLOC_NEW:
            self._counted(row, when, ("partial",))
        if kind in ALLOCS:
            self._alloc(row, when)
        elif kind in SLABS:
            self._slab(row, when)
        elif kind is Kind.SLAB_PAGES:
            self._new(row, when)
        elif kind is Kind.ALLOC_SLAB:
            self._counted(row, when, ("active", row.cpu))
        elif kind in GIVES_BACK:
            self._give_back(row, when)
        elif kind is Kind.BUDDY_SPLIT:
            self._block(row, when, MoveKind.SPLIT, row.slab + 1, row.slab)
        elif kind is Kind.BUDDY_MERGE:
            self._block(row, when, MoveKind.MERGE, row.slab, row.slab + 1)

    def _add(
        self, row: Row, kind: MoveKind, start: float, duration: float, source: Key, target: Key, *, hold: float = 0.0,
        obj: int = -1, who: int = 0, origin: Key = (),
    ) -> Move:  # fmt: skip
        move = Move(
            kind,
            row.number,
            start,
            duration,
            row.cpu,
            self.shape.cache,
            row.slab,
            obj,
            who,
            source,
            target,
            hold,
            origin,
        )
        self.moves.append(move)
        return move

    def _alloc(self, row: Row, when: float) -> None:
        obj = self.shape.index_of(row.arg)
        self._fly(row, when, MoveKind.ALLOC, ("cell", row.slab, obj), ("holder", row.who), obj)

    def _free(self, row: Row, when: float) -> None:
        obj = self.shape.index_of(row.arg)
        landing = self._fly(row, when, MoveKind.FREE, ("holder", row.who), ("cell", row.slab, obj), obj)
        self._objects[row.slab] = max(landing, self._objects.get(row.slab, BEFORE))

    def _fly(self, row: Row, when: float, kind: MoveKind, source: Key, target: Key, obj: int) -> float:
        thing = row.slab, obj
        start = max(when, self._arrives.get(row.slab, BEFORE), self._landed.get(thing, BEFORE))
        duration = _hurried(self.pace.flight, start, row.next_tick)
        fades = self.pace.drain if kind is MoveKind.FREE else 0.0
        hold = min(fades, max(row.next_tick - start - duration, 0.0))
        move = self._add(row, kind, start, duration, source, target, hold=hold, obj=obj, who=row.who)
        self._landed[thing] = move.end
        return start + duration

    def _slab(self, row: Row, when: float) -> None:
        journey = SLABS[Kind(row.kind)]
        source, target = (_place(name, row.cpu) for name in (journey.source, journey.target))
        start = max(when, self._arrives.get(row.slab, BEFORE), self._ready(row.slab, journey))
        if row.kind in WAITS:
            self._add(row, MoveKind.SLAB, NEVER, self.pace.slab, source, target)
            return
        if row.kind == Kind.CPU_PARTIAL_NODE:
            start = max(start, self._extra.get(row.cpu, BEFORE) + self.pace.extra)
        if journey.source == "partial":
            self._extra[row.cpu] = start
        duration = _hurried(self.pace.slab, start, row.next_tick)
        hold = 0.0
        if journey.target == COUNT:  # it ends there
            duration = _hurried(self.pace.leg, start, row.next_tick)
            hold = max(row.next_tick - start - duration, 0.0)
        self._arrives[row.slab] = self._add(row, MoveKind.SLAB, start, duration, source, target, hold=hold).end

    def _ready(self, slab: int, journey: Journey) -> float:
        """When the objects that fly back to a slab have landed. It stands until the tick after, unless little time is
        left before it is no slab any more."""
        landed = self._objects.get(slab, BEFORE)
        return landed if journey.target == COUNT or landed == BEFORE else ceil(landed)

    def _new(self, row: Row, when: float) -> None:
        """Pages to the node's count. They wait there until the node has counted them, and a moment more."""
        order, from_set = self.block_of(row.number)
        source: Key = ("pcp", row.cpu) if from_set else ("order", order)
        self._origins[row.slab] = source
        start, arrived = when, when + self.pace.leg
        hold = max(row.next_tick, arrived) - arrived + self.pace.stop
        move = self._add(row, MoveKind.PAGES, start, self.pace.leg, source, (COUNT,), hold=hold)
        self._arrives[row.slab] = move.end

    def _counted(self, row: Row, when: float, target: Key) -> None:
        start = max(when, self._arrives.get(row.slab, when + self.pace.stop))
        origin = self._origins.get(row.slab, ())
        move = self._add(row, MoveKind.PAGES, start, self.pace.leg, (COUNT,), target, origin=origin)
        self._arrives[row.slab] = move.end

    def _give_back(self, row: Row, when: float) -> None:
        start = max(when, self._arrives.get(row.slab, BEFORE))
        if row.kind == Kind.DISCARD_SLAB_RCU:  # it waits for a grace period; only the count changes
            move = self._add(row, MoveKind.GIVE_BACK, start, max(self.pace.stop, 0.1), (COUNT,), (COUNT,))
        else:
            order, to_set = self.block_of(row.number)
            target: Key = ("pcp", row.cpu) if to_set else ("order", order)
            move = self._add(row, MoveKind.GIVE_BACK, start, self.pace.leg, (COUNT,), target)
        self._arrives[row.slab] = move.end

    def _block(self, row: Row, when: float, kind: MoveKind, source: int, target: int) -> None:
        start = max(when, self._level.get(row.cpu, BEFORE))
        move = Move(
            kind, row.number, start, self.pace.level, row.cpu, -1, -1, target, 0, ("order", source), ("order", target)
        )
        self._level[row.cpu] = move.end
        self.moves.append(move)


def _hurried(duration: float, start: float, deadline: float) -> float:
    """The duration of a move that should be over at ``deadline``."""
    return min(duration, max(deadline - start, _QUICKEST * duration))


def _place(name: str, cpu: int) -> Key:
    return (name, cpu) if name in OF_A_CPU else (name,)
