"""Which slow call is lit at a tick: one story at a time, held long enough to be read.

A more severe call takes the light away from a lesser one; equals wait until it is free. What is lit follows from the
log alone: the calls are gone through in the order in which they turned slow.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from slabviz.scene.story.calls import OPEN, Call
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.outcome import Outcome, outcome_of, severity

HOLD = 4
"""Ticks that a caption stays after its call has ended: 900 ms are 3.6 ticks at 1×."""
FOREVER = 1 << 40


@dataclass(slots=True, frozen=True)
class Spot:
    """A call in the light from tick ``start`` on, at most until before ``until``."""

    start: int
    until: int
    call: Call
    outcome: Outcome


class Spotlight:
    """The spots of one cache, found as far as they are asked for."""

    def __init__(self, chronicle: Chronicle, cache: int) -> None:
        self._chronicle = chronicle
        self._calls = chronicle.calls.slow[cache]
        self._seen = 0
        self._settled = -1
        self._spots: list[Spot] = []
        self._waiting: list[Call] = []

    def at(self, tick: int) -> Spot | None:
        """The spot that is lit at a tick, if any."""
        self._settle(tick)
        place = bisect_right(self._spots, tick, key=lambda spot: spot.start)
        spot = self._spots[place - 1] if place else None
        return spot if spot is not None and tick < spot.until else None

    def before(self, spot: Spot, tick: int) -> int:
        """How many spots with the same outcome were lit from a tick on, before this one."""
        first = bisect_right(self._spots, tick - 1, key=lambda other: other.start)
        behind = bisect_right(self._spots, spot.start - 1, key=lambda other: other.start)
        return sum(other.outcome is spot.outcome for other in self._spots[first:behind])

    def _settle(self, tick: int) -> None:
        """Go through all calls that turn slow up to a tick; what later ones do cannot change what is lit at it."""
        if tick <= self._settled:
            return
        log = self._chronicle.log
        self._chronicle.read(log.span(min(tick + 1, log.ticks - 1))[1])
        while self._seen < len(self._calls):
            call = self._calls[self._seen]
            start = self._start(call)
            if start > tick:
                break
            while call.last == OPEN and not self._chronicle.ended:
                self._chronicle.read(self._chronicle.read_to + 1)
            self._promote(start)
            self._offer(call, start)
            self._seen += 1
        self._promote(tick)
        self._settled = tick

    def _start(self, call: Call) -> int:
        """One tick before its first slow step, if it had begun then: what was read there is known to be nothing."""
        log = self._chronicle.log
        slow = log.tick_of(call.marks[0][0])
        return max(slow - int(log.tick_of(call.first) < slow), self._spots[-1].start if self._spots else 0)

    def _end(self, call: Call) -> int:
        return FOREVER if call.last == OPEN else self._chronicle.log.tick_of(call.last)

    def _offer(self, call: Call, start: int) -> None:
        current = self._spots[-1] if self._spots else None
        if current is not None and start < current.until:
            if severity(call) <= severity(current.call):
                self._waiting.append(call)
                return
            self._waiting.append(current.call)
        self._light(call, start)

    def _light(self, call: Call, start: int) -> None:
        if self._spots and self._spots[-1].start == start:
            self._spots.pop()
        self._spots.append(Spot(start, self._end(call) + HOLD, call, outcome_of(call)))

    def _promote(self, tick: int) -> None:
        """When the light goes out by ``tick``, the most severe of those that waited and still run gets it."""
        while self._waiting and self._spots[-1].until <= tick:
            free = self._spots[-1].until
            self._waiting = [call for call in self._waiting if self._end(call) > free]
            if not self._waiting:
                return
            best = max(self._waiting, key=severity)
            self._waiting.remove(best)
            self._light(best, free)
