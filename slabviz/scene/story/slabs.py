"""The slabs' cards: which of their objects are free, held, leaving or coming back.

Cards are kept from tick to tick; only those of slabs that an event names are made again (after a jump: all). The
result is the same either way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from slabviz.model.events import LAST_OF_SLABS
from slabviz.model.slab import Slab
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import Cell, CellState, SlabCard, SlabState
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.tenures import NEUTRAL

FEW = 600
"""Events between two pictures up to which changed slabs are looked up one by one."""
MOST_CELLS = 60_000
"""Cells kept for use in other cards."""

_STATES = {MoveKind.ALLOC: CellState.LEFT, MoveKind.FREE: CellState.RETURNING}


@dataclass(slots=True, frozen=True)
class Contents:
    """A slab's objects, wherever it stands: ``used`` counts the solid cells, ``moving`` the dashed ones."""

    cells: tuple[Cell, ...]
    used: int
    moving: int
    flying: frozenset[int]
    """Indexes of the dashed ones."""


@dataclass(slots=True)
class Tally:
    """Who has how many objects of the cache: solid cells, dashed ones that left, dashed ones that come back."""

    held: Counter[int] = field(default_factory=Counter)
    arriving: Counter[int] = field(default_factory=Counter)
    returning: Counter[int] = field(default_factory=Counter)

    def add(self, contents: Contents, times: int) -> None:
        """Count the cells of a slab, or with ``times`` -1 take them out again."""
        counters = {CellState.USED: self.held, CellState.LEFT: self.arriving, CellState.RETURNING: self.returning}
        for cell in contents.cells:
            counter = counters.get(cell.state)
            if counter is not None:
                counter[cell.actor] += times
                if not counter[cell.actor]:
                    del counter[cell.actor]


class Shelf:
    """The contents of all slabs of one cache at one instant, and who holds their objects."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._contents: dict[int, Contents] = {}
        self._cards: dict[int, SlabCard] = {}
        self._cells: dict[tuple[int, CellState, int | None, int], Cell] = {}
        self._behind: int | None = None
        self._flying: frozenset[int] = frozenset()
        self._parked_are_frozen = True

    def update(self, m: Moment) -> None:
        """Bring the shelf to a moment."""
        self._parked_are_frozen = m.machine.era.parked_are_frozen
        flights = _flights(m)
        flying = frozenset(flights)
        changed = self._changed(m)
        if changed is None:
            self._contents.clear()
            self._cards.clear()
            self.tally = Tally()
            changed = {slab.id for slab in m.machine.slabs.values() if slab.cache is m.cache}
        for slab in changed | flying | self._flying:
            self._renew(m, slab, flights.get(slab, {}))
        self._behind, self._flying = m.behind, flying
        if len(self._cells) > MOST_CELLS:
            self._cells.clear()

    def contents(self, slab: int) -> Contents:
        """What lies in a slab."""
        return self._contents[slab]

    def card(self, slab: Slab, state: SlabState) -> SlabCard:
        """The card of a slab that stands somewhere."""
        known = self._cards.get(slab.id)
        if known is None or known.state is not state:
            held = self._contents[slab.id]
            frozen = slab.frozen or self._parked_are_frozen
            known = SlabCard(slab.id, state, held.cells, held.used, slab.objects, held.moving, frozen)
            self._cards[slab.id] = known
        return known

    def _changed(self, m: Moment) -> set[int] | None:
        """Slabs named by events between the last moment and this one; None after a jump."""
        if self._behind is None or abs(m.behind - self._behind) > FEW:
            return None
        first, behind = sorted((self._behind, m.behind))
        return {event[2] for event in m.run.log.events(first, behind) if event[0] <= LAST_OF_SLABS}

    def _renew(self, m: Moment, slab_id: int, flights: dict[int, Move]) -> None:
        old = self._contents.pop(slab_id, None)
        if old is not None:
            self.tally.add(old, -1)
        self._cards.pop(slab_id, None)
        slab = m.machine.slabs.get(slab_id)
        if slab is not None and slab.cache is m.cache:
            new = self._contents[slab_id] = self._look_into(m, slab, flights)
            self.tally.add(new, 1)

    def _look_into(self, m: Moment, slab: Slab, flights: dict[int, Move]) -> Contents:
        cache, owners, cells = slab.cache, slab.owners, []
        used = 0
        for index in range(slab.objects):
            who = owners.get(index * cache.size + cache.red_left_pad)
            state = CellState.FREE if who is None else CellState.USED
            flight = flights.get(index)
            if flight is not None:
                state, who = _STATES[flight.kind], flight.actor
            used += state is CellState.USED
            cells.append(self._cell(m, index, state, who))
        return Contents(tuple(cells), used, len(flights), frozenset(flights))

    def _cell(self, m: Moment, index: int, state: CellState, who: int | None) -> Cell:
        colour = NEUTRAL if who is None else m.tenures.colour(who, m.behind)
        key = (index, state, who, colour)
        cell = self._cells.get(key)
        if cell is None:
            cell = Cell(index, state) if who is None else Cell(index, state, who, m.actor(who).mark, colour)
            self._cells[key] = cell
        return cell


def _flights(m: Moment) -> dict[int, dict[int, Move]]:
    """By slab and object: the move under way of that object; the first, if another waits until it is over."""
    found: dict[int, dict[int, Move]] = {}
    for move in sorted(m.moves, key=lambda move: move.event):
        if move.cache == m.cache.id and move.kind in _STATES:
            found.setdefault(move.slab, {}).setdefault(move.obj, move)
    return found
