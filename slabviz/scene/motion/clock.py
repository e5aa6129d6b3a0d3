"""Which moves are under way at a position: a part of the log around it, scheduled, and cut at the position."""

from __future__ import annotations

from math import ceil, floor

from slabviz.scene.motion.index import Index
from slabviz.scene.motion.pace import Pace, Show, pace_of
from slabviz.scene.motion.schedule import Schedule, Shape
from slabviz.scene.moves import Move
from slabviz.timeline.run import Run

_WAITS = 5
"""So many times the longest move back a chain of moves that wait for each other may reach."""


class Clock:
    """The moves of one run. Keep one as long as the run is on the stage; what it tells follows from its arguments."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._indexes: dict[int, Index] = {}
        self._shapes: dict[int, Shape] = {}
        self._planned: tuple[tuple[int, float, int], list[Move]] | None = None
        self._under_way: tuple[Move, ...] = ()

    def under_way(self, position: float, speed: float, cache: int) -> tuple[Move, ...]:
        """Return the moves under way at ``position`` (ticks) in the order of their events; the same tuple again while
        they do not change. ``speed`` 1 is 4 ticks a second; from 16 on there are none."""
        pace = pace_of(speed)
        if pace.show is not Show.FLIGHTS:
            return ()
        moves = tuple([move for move in self.planned(floor(position), pace, cache) if move.end > position])
        if moves != self._under_way:
            self._under_way = moves
        return self._under_way

    def planned(self, tick: int, pace: Pace, cache: int) -> list[Move]:
        """Return the moves that the events up to ``tick`` have started, those of the last ticks that are over too."""
        key = tick, pace.speed, cache
        if self._planned is None or self._planned[0] != key:
            index = self.index(cache)
            window = ceil(pace.longest * _WAITS)
            schedule = Schedule(pace, self.shape(tick, cache), index.block_of)
            schedule.take(index.held(tick, window))
            schedule.take(index.between(tick - window + 1, tick))
            moves = sorted(_without_waits(schedule.moves), key=lambda move: move.event)
            self._planned = key, [move for move in moves if move.end > tick - pace.longest]
        return self._planned[1]

    def index(self, cache: int) -> Index:
        """Return what moves things of a cache; made again when the log has grown."""
        found = self._indexes.get(cache)
        if found is None or found.events != len(self.run.log):
            found = self._indexes[cache] = Index(self.run.log, cache)
        return found

    def shape(self, tick: int, cache: int) -> Shape:
        """Return the byte layout of a cache's slabs; it never changes, so any tick will do."""
        if cache not in self._shapes:
            kmem_cache = self.run.machine_at(tick).caches[cache]
            self._shapes[cache] = Shape(cache, kmem_cache.red_left_pad, kmem_cache.size)
        return self._shapes[cache]


def _without_waits(moves: list[Move]) -> list[Move]:
    """Leave out slabs that wait to be let go once a later event has done so."""
    last = {move.slab: move.event for move in moves if move.obj < 0}
    return [move for move in moves if move.obj >= 0 or move.end < float("inf") or last[move.slab] == move.event]
