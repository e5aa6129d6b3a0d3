"""How long somebody holds objects of a cache without a break, and what he keeps meanwhile: a colour and a place.

A colour belongs to one live owner: the first unused of seven, from the first object until the last is gone; while all
are taken, further owners are neutral (visual-spec 4). The place in the holders' panel is found in the same way, from
the moment somebody asks. Both follow from the log alone, never from what was played before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush

COLOURS = 7
NEUTRAL = 7
"""The palette's last colour: of those who came when all others were taken."""

REST = 6
"""Ticks for which a place stays empty after its holder has gone: his last object is still flying."""


@dataclass(slots=True)
class Tenure:
    """``first`` is the number of the event that began it."""

    first: int
    value: int


@dataclass(slots=True)
class _Share:
    held: int = 0
    asked: int = 0
    colour: int = NEUTRAL
    slot: int = -1


@dataclass(slots=True)
class Tenures:
    """Of one cache: who had which colour and which place, and from which event on."""

    colours: dict[int, list[Tenure]] = field(default_factory=dict)
    slots: dict[int, list[Tenure]] = field(default_factory=dict)
    rcu: dict[int, list[Tenure]] = field(default_factory=dict)
    """How many objects of somebody wait for a grace period, from which event on."""
    _queued: set[tuple[int, int]] = field(default_factory=set)
    _shares: dict[int, _Share] = field(default_factory=dict)
    _free_colours: list[int] = field(default_factory=lambda: list(range(COLOURS)))
    _free_slots: list[int] = field(default_factory=list)
    _resting: deque[tuple[int, int]] = field(default_factory=deque)
    _slots: int = 0

    def ask(self, who: int, number: int, tick: int) -> None:
        """Somebody asks for an object: he has a place from now on."""
        share = self._share(who)
        share.asked += 1
        if share.slot < 0:
            share.slot = self._take_slot(tick)
            self.slots.setdefault(who, []).append(Tenure(number, share.slot))

    def take(self, who: int, number: int, tick: int) -> None:
        """Somebody gets an object."""
        share = self._share(who)
        if not share.asked:
            self.ask(who, number, tick)
        share.asked -= 1
        share.held += 1
        if share.held == 1:
            share.colour = heappop(self._free_colours) if self._free_colours else NEUTRAL
            self.colours.setdefault(who, []).append(Tenure(number, share.colour))

    def queue(self, who: int, place: tuple[int, int], number: int) -> None:
        """An object, at (slab, offset), will be freed after a grace period."""
        self._queued.add(place)
        self._count_rcu(who, number, 1)

    def give(self, who: int, place: tuple[int, int], number: int, tick: int) -> None:
        """Somebody gives an object back."""
        if place in self._queued:
            self._queued.remove(place)
            self._count_rcu(who, number, -1)
        share = self._share(who)
        share.held -= 1
        if not share.held and share.colour != NEUTRAL:
            heappush(self._free_colours, share.colour)
        self._end(who, share, tick)

    def refuse(self, who: int, tick: int) -> None:
        """Somebody is told that there is no memory."""
        share = self._share(who)
        share.asked = max(share.asked - 1, 0)
        self._end(who, share, tick)

    def colour(self, who: int, behind: int) -> int:
        """His colour after the events before ``behind``: that of now, or of the last time he held something."""
        return _last(self.colours.get(who), behind, NEUTRAL)

    def slot(self, who: int, behind: int) -> int:
        """His place in the panel of holders."""
        return _last(self.slots.get(who), behind, 0)

    def waits_for_rcu(self, who: int, behind: int) -> int:
        """How many of his objects wait for a grace period."""
        return _last(self.rcu.get(who), behind, 0)

    def _count_rcu(self, who: int, number: int, change: int) -> None:
        history = self.rcu.setdefault(who, [])
        history.append(Tenure(number, (history[-1].value if history else 0) + change))

    def _share(self, who: int) -> _Share:
        share = self._shares.get(who)
        if share is None:
            share = self._shares[who] = _Share()
        return share

    def _end(self, who: int, share: _Share, tick: int) -> None:
        if share.held <= 0 and share.asked <= 0:
            if share.slot >= 0:
                self._resting.append((tick + REST, share.slot))
            self._shares.pop(who, None)

    def _take_slot(self, tick: int) -> int:
        while self._resting and self._resting[0][0] <= tick:
            heappush(self._free_slots, self._resting.popleft()[1])
        if self._free_slots:
            return heappop(self._free_slots)
        self._slots += 1
        return self._slots - 1


def _last(tenures: list[Tenure] | None, behind: int, otherwise: int) -> int:
    """The value of the last tenure that began before an event; the log may have been read further."""
    if not tenures:
        return otherwise
    place = bisect_left(tenures, behind, key=lambda tenure: tenure.first)
    return tenures[place - 1].value if place else otherwise
