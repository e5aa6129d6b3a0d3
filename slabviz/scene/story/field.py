"""The overview's map at one tick: what is at every place, and how busy each cache has been.

The field is kept from tick to tick and only what changed in between is looked at, forwards or backwards; the result is
the same as after a jump.
"""

from __future__ import annotations

import numpy as np

from slabviz.scene.story.atlas import FREE, USED, Atlas, Marks
from slabviz.scene.story.population import Numbers

RATE_TICKS = 1000
"""Rates are given for so many ticks."""
_LONG, _SHORT = 1000, 100
"""Windows of ticks; the short one in runs that are shorter than a few long ones."""


class Field:
    """The marks of all places; ``at`` brings them to a tick."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.marks = atlas.first.copy()
        self._now = 0
        self.contents = [self._content(cache) for cache in range(len(atlas.names))]
        """The marks of each cache as bytes; the same object while nothing in it changes."""
        self.used = [content.count(USED) for content in self.contents]
        self.free = [content.count(FREE) for content in self.contents]
        """Objects in use, and free ones, of each cache."""

    def at(self, tick: int) -> None:
        """Bring the field to the end of a tick."""
        atlas, target = self.atlas, int(self.atlas.upto[tick])
        if target == self._now:
            return
        span = slice(*sorted((self._now, target)))
        places, marks, was = atlas.place[span], atlas.mark[span], atlas.was[span]
        if target < self._now:
            places, marks, was = places[::-1], was[::-1], marks[::-1]
        self.marks[places] = marks  # of several changes at one place the last one counts: they are assigned in order
        self._now = target
        self._count(atlas.cache_of[places], marks, was)

    def _count(self, caches: Numbers, marks: Marks, was: Marks) -> None:
        """Bring contents and counts of the caches that changed up to date."""
        touched = np.bincount(caches, minlength=len(self.contents))
        used, free = (
            np.bincount(caches, (marks == mark) * 1.0 - (was == mark), len(self.contents)).tolist()
            for mark in (USED, FREE)
        )
        for cache in np.flatnonzero(touched).tolist():
            content = self._content(cache)
            if content != self.contents[cache]:
                self.contents[cache] = content
                self.used[cache] += int(used[cache])
                self.free[cache] += int(free[cache])

    def _content(self, cache: int) -> bytes:
        first, behind = self.atlas.base[cache : cache + 2]
        return self.marks[first:behind].tobytes()


def window_of(atlas: Atlas) -> int:
    """The ticks that rates of a run are counted over."""
    return _LONG if atlas.ticks >= 4 * _LONG else _SHORT


def rates(atlas: Atlas, tick: int, window: int) -> Numbers:
    """Objects handed out by each cache in the last ``window`` ticks, for RATE_TICKS ticks."""
    return (
        (_upto(atlas, atlas.allocs, tick) - _upto(atlas, atlas.allocs, max(tick - window, -1))) * RATE_TICKS // window
    )


def nr_slabs(atlas: Atlas, tick: int) -> Numbers:
    """``nr_slabs`` of each cache at the end of a tick."""
    return _upto(atlas, atlas.slab_births, tick) - _upto(atlas, atlas.slab_deaths, tick)


def _upto(atlas: Atlas, keys: Numbers, tick: int) -> Numbers:
    """How many of the sorted keys of each cache lie at or before a tick."""
    first = np.arange(len(atlas.names)) * (atlas.ticks + 1)
    return np.searchsorted(keys, first + tick, side="right") - np.searchsorted(keys, first, side="left")


def busiest(atlas: Atlas, window: int) -> int:
    """The highest rate of any cache at any tick of the run."""
    keys = atlas.allocs
    if not len(keys):
        return 0
    lowest = np.maximum(keys - window, keys // (atlas.ticks + 1) * (atlas.ticks + 1) - 1)
    counts = np.arange(1, len(keys) + 1) - np.searchsorted(keys, lowest, side="right")
    return int(counts.max()) * RATE_TICKS // window
