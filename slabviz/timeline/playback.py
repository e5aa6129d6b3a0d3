"""The playback position: where a viewer is in a run, how quickly and in which direction. Pure: time is given to it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from slabviz.model.events import LAST_OF_SLABS, Kind
from slabviz.timeline.run import Run

TICKS_PER_SECOND = 4.0
"""At speed 1."""
LAST_OF_CACHES = int(Kind.ALLOC_NODE)
"""Kinds behind LAST_OF_SLABS up to this one name a cache."""


@dataclass(slots=True)
class Playback:
    """``position`` in ticks (12.4: after tick 12, on the way to 13), ``speed`` 1 for 4 ticks a second."""

    run: Run
    position: float = 0.0
    speed: float = 1.0
    playing: bool = False
    backward: bool = False
    other: Run | None = None
    """A second run on the same clock, while the two are compared."""
    stops: tuple[float, ...] = ()
    """Ticks at which playing stops besides those of chapters: there a question waits."""
    loop: tuple[float, float] | None = None
    """The range that is played over and over, in ticks, the earlier end first; None: none."""
    _event_ticks: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)

    @property
    def last(self) -> float:
        """The last position of the run, of two the later one."""
        ends = [run.last_tick for run in (self.run, self.other) if run is not None]
        return float(max(*ends, 0))

    @property
    def at_end(self) -> bool:
        """Whether nothing comes after this position."""
        return self.position >= self.last

    def pause(self) -> None:
        """Stop here."""
        self.playing = False

    def play(self, *, backward: bool) -> None:
        """Play in this direction."""
        self.backward = backward
        self.playing = self.loop is not None or (self.position > 0 if backward else not self.at_end)

    def advance(self, seconds: float) -> None:
        """Let time pass. A chapter that pauses, and the ends of the run, stop the playing there."""
        if not self.playing:
            return
        step = seconds * self.speed * TICKS_PER_SECOND
        if self.loop is not None and self.loop[0] < self.loop[1]:
            self._advance_in(self.loop, -step if self.backward else step)
            return
        stop = self._next_stop()
        if self.backward:
            self.position = max(self.position - step, stop)
        else:
            self.position = min(self.position + step, stop)
        if self.position == stop:
            self.playing = False

    def _advance_in(self, loop: tuple[float, float], step: float) -> None:
        """Inside the range, over its end to its other end; from outside of it, into it. Chapters do not stop it."""
        first, length = loop[0], loop[1] - loop[0]
        if loop[0] <= self.position <= loop[1]:
            self.position = first + (self.position + step - first) % length
        else:
            self.position = loop[1] if self.backward else first

    def seek(self, position: float) -> None:
        """Go to a position, cut to the run; playing goes on."""
        self.position = min(max(position, 0.0), self.last)

    def step_ticks(self, count: int) -> None:
        """Whole ticks: from between two ticks, a step goes to the next whole one on its side."""
        self.playing = False
        here = floor(self.position) if count > 0 else ceil(self.position)
        self.seek(here + count)

    def step_events(self, count: int, cache: int) -> None:
        """To the next tick with an event of this cache, back when negative."""
        self.playing = False
        ticks = self._ticks_of(cache)
        if count > 0:
            place = int(np.searchsorted(ticks, floor(self.position), side="right")) + count - 1
        else:
            place = int(np.searchsorted(ticks, ceil(self.position), side="left")) + count
        if 0 <= place < len(ticks):
            self.seek(float(ticks[place]))

    def step_chapters(self, count: int) -> None:
        """To the start of a chapter; one step back from inside a chapter is its own start."""
        ticks = sorted({chapter.tick for chapter in self.run.chapters})
        if count > 0:
            place = bisect_right(ticks, self.position) + count - 1
            self.seek(ticks[place] if place < len(ticks) else self.last)
        else:
            place = bisect_left(ticks, self.position) + count
            self.seek(ticks[place] if 0 <= place < len(ticks) else 0.0)

    def _next_stop(self) -> float:
        """Where playing ends: the next chapter that pauses or question, or the run's end on this side."""
        if self.backward:
            return 0.0
        pauses = sorted([*(float(chapter.tick) for chapter in self.run.chapters if chapter.pause), *self.stops])
        place = bisect_right(pauses, self.position)
        return min(pauses[place], self.last) if place < len(pauses) else self.last

    def _ticks_of(self, cache: int) -> npt.NDArray[np.int64]:
        """The ticks that hold an event of a cache, rising; found once per cache."""
        if cache not in self._event_ticks:
            self._event_ticks[cache] = event_ticks(self.run, cache)
        return self._event_ticks[cache]


def event_ticks(run: Run, cache: int) -> npt.NDArray[np.int64]:
    """Ticks with an event that names this cache or one of its slabs, rising."""
    matrix = run.log.matrix()
    kinds, subjects = matrix[:, 0], matrix[:, 2]
    made = matrix[kinds == Kind.SLAB_PAGES]
    slabs = made[made[:, 3] == cache, 2]
    mine = (kinds <= LAST_OF_SLABS) & np.isin(subjects, slabs)
    mine |= (kinds > LAST_OF_SLABS) & (kinds <= LAST_OF_CACHES) & (subjects == cache)
    ticks = np.searchsorted(np.asarray(run.log.starts), np.flatnonzero(mine), side="right") - 1
    return ticks[np.flatnonzero(np.diff(ticks, prepend=-1))]  # each once; np.unique would import numpy.ma at the start
