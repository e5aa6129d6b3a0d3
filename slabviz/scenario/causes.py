"""Which step of the file led to something: the last call of the allocator before it, on the same CPU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from slabviz.errors import Place
from slabviz.model.events import Kind
from slabviz.scenario.tallies import Tally

_OTHERS = (Kind.SWITCH, Kind.IRQ_ENTER, Kind.IRQ_EXIT, Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT)
"""After one of these something else runs on the CPU than what has called: nothing is said then."""


@dataclass(frozen=True, slots=True)
class Causes:
    """Looks from what happened back to the step that called the allocator; ``places`` has the steps by the word of
    their CALL_SITE events."""

    tally: Tally
    places: Mapping[int, Place]

    def at(self, tick: int, cache: int | None, kinds: tuple[int, ...] = ()) -> str:
        """Words for a detail: who changed a cache (None: any) last at or before a tick, as ``; caused by …``.

        Empty where that cannot be told: nothing of it has changed yet, or no step of the file led to it.
        """
        rows, ticks = self.tally.rows, self.tally.tick_of_row
        here = (ticks <= tick) & (self.tally.cache_of_row >= 0)
        if cache is not None:
            here &= self.tally.cache_of_row == cache
        if kinds:
            here &= np.isin(rows[:, 0], kinds) & (ticks == tick)
        found = np.flatnonzero(here)
        return self._called(int(found[-1])) if len(found) else ""

    def _called(self, row: int) -> str:
        rows = self.tally.rows
        mine = (rows[:row, 1] == rows[row, 1]) & np.isin(rows[:row, 0], (Kind.CALL_SITE, *_OTHERS))
        found = np.flatnonzero(mine)
        known = len(found) and rows[found[-1], 0] == Kind.CALL_SITE
        place = self.places.get(int(rows[found[-1], 3])) if known else None
        if place is None:
            return ""
        where = place if place.column else f"{place.file}:{place.line}"
        return f"; caused by {where} at tick {self.tally.tick_of_row[row]}"
