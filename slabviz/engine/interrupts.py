"""The interrupt generator: when each source interrupts, and which CPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from random import Random
from typing import TypeAlias

from slabviz.engine.waits import Work

Arrivals = Callable[[Random], Iterator[int]]
"""Makes the ticks at which a source interrupts, rising, from its own random stream."""
Handler: TypeAlias = "Callable[[int], Work[None]]"
"""Makes the handler's path for the CPU it runs on; it must not sleep."""


def periodic(every: int, first: int | None = None) -> Arrivals:
    """Every so many ticks, the first after one period unless said otherwise."""
    return lambda stream: count(every if first is None else first, every)


def poisson(mean: float) -> Arrivals:
    """Independent arrivals, ``mean`` ticks apart on average; several may fall into one tick."""

    def ticks(stream: Random) -> Iterator[int]:
        now = 0.0
        while True:
            now += stream.expovariate(1.0 / mean)
            yield int(now) + 1

    return ticks


def burst(size: int, every: int, gap: int = 1) -> Arrivals:
    """Every ``every`` ticks ``size`` arrivals, ``gap`` ticks apart."""
    return lambda stream: (start + number * gap for start in count(every, every) for number in range(size))


def scripted(at: tuple[int, ...]) -> Arrivals:
    """At just these ticks."""
    return lambda stream: iter(sorted(at))


@dataclass(slots=True)
class Source:
    """A device that interrupts: ``cpus`` is its affinity, ``until`` the last tick at which it may."""

    actor: int
    cpus: tuple[int, ...]
    handler: Handler
    arrivals: Iterator[int]
    stream: Random
    until: int | None = None

    def target(self) -> int:
        """The CPU that is interrupted this time."""
        return self.cpus[0] if len(self.cpus) == 1 else self.cpus[int(self.stream.random() * len(self.cpus))]


class Schedule:
    """The next arrival of every source; each is drawn ahead."""

    def __init__(self) -> None:
        self.next_tick: float = inf
        """The tick of the next arrival; infinity when there will be none."""
        self._heap: list[tuple[int, int, Source]] = []
        self._order = count()
        self._by_hand: set[int] = set()
        """The order numbers of arrivals that somebody asked for."""
        self._stopped = False

    def add(self, source: Source) -> None:
        """Draw the source's next arrival, if it has one."""
        tick = next(source.arrivals, None)
        if tick is not None and (source.until is None or tick <= source.until) and not self._stopped:
            heappush(self._heap, (tick, next(self._order), source))
            self.next_tick = self._heap[0][0]

    def raise_at(self, source: Source, tick: int) -> None:
        """One more arrival by hand (a device that finishes)."""
        order = next(self._order)
        self._by_hand.add(order)
        heappush(self._heap, (tick, order, source))
        self.next_tick = self._heap[0][0]

    def stop(self) -> None:
        """No source interrupts by itself any more; what was asked for by hand still comes."""
        self._heap = [entry for entry in self._heap if entry[1] in self._by_hand]
        heapify(self._heap)
        self._stopped = True
        self.next_tick = self._heap[0][0] if self._heap else inf

    def due(self, now: int) -> Iterator[Source]:
        """The sources that interrupt at this tick, first come first; each draws its next arrival."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            _, order, source = heappop(heap)
            self._by_hand.discard(order)
            yield source
            self.add(source)
        self.next_tick = heap[0][0] if heap else inf

    def __bool__(self) -> bool:
        return bool(self._heap)
