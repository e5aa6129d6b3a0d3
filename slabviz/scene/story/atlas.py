"""The overview's map of a whole run, made once: where every object of every cache lies, whatever happens to it.

Each cache has a row of *places*, one an object. A slab takes the lowest room that is free when it is made, as long as
it lives, so that nothing ever moves; a cache has as many places as it ever needs at once. What happens is a list of
places with the mark each gets and the one it had, so that it can be followed in both directions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from slabviz.model.kmem_cache import KmemCache
from slabviz.scene.story.population import NEVER, Flags, Numbers, Population, Slabs, ticks_of
from slabviz.timeline.run import Run

NOTHING, FREE, USED = range(3)
"""What is at a place: no slab, an object nobody holds, an object in use."""
Marks = NDArray[np.uint8]


@dataclass(slots=True, frozen=True, eq=False)
class Atlas:
    """``base[cache]`` is its first place and ``base[cache + 1]`` the one behind its last. ``first`` is tick 0.

    ``place``, ``mark`` and ``was`` have one entry a change, in order; those up to the end of a tick are the first
    ``upto[tick]``. ``cache_of`` is the cache of each place.
    """

    names: tuple[str, ...]
    size: tuple[int, ...]
    """``kmem_cache.size``: bytes that one object takes, metadata and padding included."""
    per_slab: tuple[int, ...]
    base: tuple[int, ...]
    cache_of: Numbers
    first: Marks
    place: Numbers
    mark: Marks
    was: Marks
    upto: Numbers
    slab_births: Numbers
    slab_deaths: Numbers
    """Sorted keys (cache × (ticks + 1) + tick): one a slab that is counted from, or no longer from, a tick on."""
    allocs: Numbers
    """Sorted keys as above, one for each object that was handed out after tick 0."""
    ticks: int

    @classmethod
    def of(cls, run: Run, population: Population) -> Atlas:
        """Lay a run out."""
        machine, slabs = run.machine_at(0 if run.log.ticks else -1), population.slabs
        caches = machine.caches
        slot = _slots(slabs)
        base = _bases(caches, slabs, slot)
        start = base[slabs.cache] + slot * np.array([cache.geometry.oo_objects for cache in caches])[slabs.cache]
        cache_of = np.repeat(np.arange(len(caches)), np.diff(base))
        first = np.zeros(int(base[-1]), np.uint8)
        there = np.flatnonzero(slabs.born < 0)
        first[_spread(start[there], slabs.objects[there])] = FREE
        first[start[population.first_row] + population.first_index] = USED
        number, place, mark = _marks(population, start)
        ticks = max(run.log.ticks, 1)
        return cls(
            names=tuple(cache.name for cache in caches),
            size=tuple(cache.size for cache in caches),
            per_slab=tuple(cache.geometry.oo_objects for cache in caches),
            base=tuple(base.tolist()),
            cache_of=cache_of,
            first=first,
            place=place,
            mark=mark,
            was=_before(first, place, mark),
            upto=np.searchsorted(ticks_of(run.log, number), np.arange(ticks), side="right"),
            slab_births=_keys(run, slabs.cache, slabs.born, ticks),
            slab_deaths=_keys(run, slabs.cache, slabs.died, ticks),
            allocs=_allocs(run, population, ticks),
            ticks=ticks,
        )

    @property
    def weights(self) -> list[int]:
        """Bytes that each cache has room for: the memory of its objects when it had most slabs."""
        pairs = zip(self.base, self.base[1:], self.size, strict=False)
        return [(behind - first) * size for first, behind, size in pairs]


def _slots(slabs: Slabs) -> Numbers:
    """The slot of each slab: the lowest of its cache that is free when it is made."""
    slots = np.zeros(len(slabs.id), np.int64)
    free: dict[int, list[int]] = defaultdict(list)
    used: dict[int, int] = defaultdict(int)
    order = [(born, 1, row) for row, born in enumerate(slabs.born.tolist())]
    order += [(died, 0, row) for row, died in enumerate(slabs.died.tolist()) if died < NEVER]
    cache_of = slabs.cache.tolist()
    for _, born, row in sorted(order):
        cache = cache_of[row]
        if not born:
            heappush(free[cache], int(slots[row]))
        elif free[cache]:
            slots[row] = heappop(free[cache])
        else:
            slots[row] = used[cache]
            used[cache] += 1
    return slots


def _bases(caches: list[KmemCache], slabs: Slabs, slot: Numbers) -> Numbers:
    most = np.zeros(len(caches), np.int64)
    np.maximum.at(most, slabs.cache, slot + 1)
    room = most * np.array([cache.geometry.oo_objects for cache in caches], np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(room)])


def _spread(starts: Numbers, counts: Numbers) -> Numbers:
    """``starts[0]``, ``starts[0] + 1`` … for ``counts[0]`` numbers, then the same of the next."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(total)


def _marks(population: Population, start: Numbers) -> tuple[Numbers, Numbers, Marks]:
    """(event, place, mark) of everything after tick 0, in order; a new slab's objects are free before one is taken."""
    slabs, changes = population.slabs, population.changes
    made, gone = np.flatnonzero(slabs.born >= 0), np.flatnonzero(slabs.died < NEVER)
    pieces = (
        (np.repeat(slabs.born[made], slabs.objects[made]), _spread(start[made], slabs.objects[made]), FREE),
        (changes.number, start[changes.row] + changes.index, np.where(changes.held, USED, FREE)),
        (np.repeat(slabs.died[gone], slabs.objects[gone]), _spread(start[gone], slabs.objects[gone]), NOTHING),
    )
    number = np.concatenate([piece[0] for piece in pieces])
    place = np.concatenate([piece[1] for piece in pieces])
    mark = np.concatenate([np.broadcast_to(piece[2], len(piece[0])) for piece in pieces]).astype(np.uint8)
    order = np.argsort(number, kind="stable")
    return number[order], place[order], mark[order]


def _before(first: Marks, place: Numbers, mark: Marks) -> Marks:
    """The mark that each change finds at its place."""
    order = np.argsort(place, kind="stable")
    sorted_places = place[order]
    again = np.zeros(len(place), bool)
    again[1:] = sorted_places[1:] == sorted_places[:-1]
    was = np.empty(len(place), np.uint8)
    was[order] = np.where(again, np.roll(mark[order], 1), first[sorted_places])
    return was


def _keys(run: Run, caches: Numbers, numbers: Numbers, ticks: int) -> Numbers:
    keys: Numbers = np.sort(caches * (ticks + 1) + np.minimum(ticks_of(run.log, numbers), ticks))
    return keys


def _allocs(run: Run, population: Population, ticks: int) -> Numbers:
    changes = population.changes
    taken: Flags = changes.held
    return _keys(run, population.slabs.cache[changes.row[taken]], changes.number[taken], ticks)
