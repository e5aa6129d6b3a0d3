"""Which fast-path call the caption tells of while no slow call is lit: one at a time, each long enough to be read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from slabviz.model.events import Kind
from slabviz.scene.story.calls import Call
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.spotlight import HOLD

BLOCK = 64
"""Ticks that are looked through together. Choosing begins anew in each: it never depends on where one came from."""
_FAST = (Kind.ALLOC_FASTPATH, Kind.FREE_FASTPATH)


class FastNotes:
    """The fast events of one cache that are told of."""

    def __init__(self, chronicle: Chronicle, cache: int) -> None:
        self._chronicle = chronicle
        self._cache = cache
        self._blocks: dict[int, list[tuple[int, int]]] = {}

    def at(self, tick: int) -> int | None:
        """Number of the event that is told of at a tick, if one happened less than HOLD ticks ago."""
        block = tick // BLOCK
        if block not in self._blocks:
            self._blocks[block] = self._choose(block * BLOCK)
        notes = self._blocks[block]
        place = bisect_right(notes, (tick, 1 << 62))
        if not place or tick >= notes[place - 1][0] + HOLD:
            return None
        return notes[place - 1][1]

    def _choose(self, tick: int) -> list[tuple[int, int]]:
        """(tick, event) of what is told from when on in a block: the first fast event, and from HOLD ticks later on the
        last one that came meanwhile, else the next one."""
        log = self._chronicle.log
        end = min(tick + BLOCK, log.ticks)
        first, behind = log.span(tick)[0], log.span(end - 1)[1]
        self._chronicle.read(behind)
        chosen: list[tuple[int, int]] = []
        free, untold = tick, -1
        for number, (kind, _, slab, _, _) in enumerate(log.events(first, behind), first):
            if kind not in _FAST or self._chronicle.cache_of[slab] != self._cache:
                continue
            when = log.tick_of(number)
            if untold >= 0 and when > free:
                chosen.append((free, untold))
                free, untold = free + HOLD, -1
            if when >= free:
                chosen.append((when, number))
                free, untold = when + HOLD, -1
            else:
                untold = number
        return [*chosen, (free, untold)] if untold >= 0 else chosen

    def call_of(self, number: int, cpu: int) -> Call | None:
        """The call that an event of a CPU belongs to."""
        calls = self._chronicle.calls.by_cpu[cpu]
        place = bisect_left(calls, number + 1, key=lambda call: call.first)
        return next((call for call in reversed(calls[max(place - 8, 0) : place]) if call.last >= number), None)
