"""What of the log moves things of one cache, found at once with numpy and kept: any part of it is two searches away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.model.events.kinds import KINDS, LAST_OF_SLABS, Kind
from slabviz.model.log import EventLog
from slabviz.model.sizing import MAX_ORDER
from slabviz.scene.motion.causes import ALLOCS, BLOCKS, FREES, HELD_AFTER, MOVES_SLABS, STARTS
from slabviz.scene.moves import NEVER

Numbers = NDArray[np.int64]


@dataclass(slots=True, frozen=True)
class Row:
    """One event that starts a move: its number and tick, the event, and the tick of the next event that moves the same
    object or slab (NEVER: none)."""

    number: int
    tick: int
    kind: int
    cpu: int
    slab: int
    arg: int
    who: int
    next_tick: float


class Index:
    """The events of ``log`` that move objects and slabs of one cache, and blocks of the buddy system."""

    def __init__(self, log: EventLog, cache: int) -> None:
        matrix = log.matrix()
        self.log = log
        self.events = len(matrix)
        """So much of the log is indexed."""
        numbers = np.flatnonzero(_mine(matrix, cache))
        ticks = np.searchsorted(np.frombuffer(log.starts, np.int32), numbers, side="right") - 1
        kept = _followed(matrix[numbers, 0], ticks)
        self._numbers, self._ticks = numbers[kept], ticks[kept]
        self._rows = matrix[self._numbers]
        self._next = _next_ticks(self._rows, self._ticks)
        self._held = np.flatnonzero(np.isin(self._rows[:, 0], list(HELD_AFTER)))
        self._orders: dict[int, tuple[int, bool]] = {}

    def between(self, first: int, last: int) -> list[Row]:
        """Return the rows of the ticks ``first`` … ``last``."""
        low, high = np.searchsorted(self._ticks, (first, last + 1))
        return list(self._make(range(int(low), int(high))))

    def matter(self, first: int, last: int) -> tuple[NDArray[np.int32], Numbers]:
        """Return the events, shape (n, 5), of some ticks and the tick of each, without making rows."""
        low, high = np.searchsorted(self._ticks, (first, last + 1))
        return self._rows[low:high], self._ticks[low:high]

    def held(self, tick: int, window: int) -> list[Row]:
        """Return the rows from before the last ``window`` ticks whose slab is still held by a path: it may be
        interrupted for long."""
        ticks = self._ticks[self._held]
        found = self._held[(ticks <= tick - window) & (self._next[self._held] > tick - window)]
        return list(self._make(found.tolist()))

    def block_of(self, number: int) -> tuple[int, bool]:
        """Return the order of the block that a SLAB_PAGES event was given, or that a discard gives, and whether it
        goes through the page set of the CPU."""
        found = self._orders.get(number)
        if found is None:
            found = self._orders[number] = self._look_for_block(number)
        return found

    def _look_for_block(self, number: int) -> tuple[int, bool]:
        """Look along the log at what the CPU of an event did just before it, or does just after it."""
        matrix = self.log.matrix()
        back = int(matrix[number, 0]) == Kind.SLAB_PAGES
        near = matrix[max(number - _FAR, 0) : number][::-1] if back else matrix[number + 1 : number + _FAR]
        fits = np.flatnonzero(np.isin(near[:, 0], _OF_PAGES) & (near[:, 1] == matrix[number, 1]))
        if not len(fits):
            return 0, False
        kind, order = int(near[fits[0], 0]), int(near[fits[0], 2])
        return order, kind in (Kind.PCP_ALLOC, Kind.PCP_FREE)

    def _make(self, places: Sequence[int]) -> Iterator[Row]:
        for place in places:
            kind, cpu, slab, arg, who = self._rows[place].tolist()
            yield Row(int(self._numbers[place]), int(self._ticks[place]), kind, cpu, slab, arg, who,
                      float(self._next[place]))  # fmt: skip


_OF_PAGES = (
    Kind.BUDDY_TAKE, Kind.BUDDY_SPLIT, Kind.PCP_ALLOC, Kind.PCP_FREE, Kind.BUDDY_MERGE, Kind.BUDDY_PUT_HEAD,
    Kind.BUDDY_PUT_TAIL,
)  # fmt: skip
_FAR = 400
"""Events; the page allocator's answer is next to the question, unless an interrupt came between."""


def _mine(matrix: NDArray[np.int32], cache: int) -> NDArray[np.bool_]:
    """Tell of each event whether it moves something of the cache, or a block of the buddy system."""
    kinds, slabs = matrix[:, 0], matrix[:, 2]
    made = matrix[kinds == Kind.SLAB_PAGES]
    owner = np.full(int(slabs.max(initial=0)) + 2, -1, np.int32)
    owner[made[:, 2]] = made[:, 3]
    starts = np.zeros(KINDS, bool)
    starts[list(STARTS)] = True
    mine = starts[kinds] & (kinds <= LAST_OF_SLABS)
    mine[mine] = owner[slabs[mine]] == cache
    return mine | np.isin(kinds, list(BLOCKS))


def _followed(kinds: NDArray[np.int32], ticks: Numbers) -> NDArray[np.bool_]:
    """Leave out the splits and merges of ticks that have more than anybody can follow: memory being set up."""
    blocks = np.isin(kinds, list(BLOCKS))
    counts = np.bincount(ticks[blocks], minlength=int(ticks.max(initial=0)) + 1)
    return ~blocks | (counts[ticks] <= MAX_ORDER)


def _next_ticks(rows: NDArray[np.int32], ticks: Numbers) -> NDArray[np.float64]:
    """Return for each event the tick of the next one that moves the same slab, or the same object."""
    found = np.full(len(rows), NEVER)
    names = rows[:, 2].astype(np.int64) << 32
    for kinds, things in ((MOVES_SLABS, names), (ALLOCS | FREES, names + rows[:, 3])):
        chosen = np.flatnonzero(np.isin(rows[:, 0], list(kinds)))
        order = chosen[np.argsort(things[chosen], kind="stable")]
        same = things[order[:-1]] == things[order[1:]]
        found[order[:-1][same]] = ticks[order[1:][same]]
    return found
