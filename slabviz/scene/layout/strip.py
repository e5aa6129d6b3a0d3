"""The timeline before anything was played: what is the same for a whole run at one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.bars import SINGLE, BarPicture, bar_picture, column_count
from slabviz.scene.layout.density import Counts, density
from slabviz.timeline.run import Run

FLAG = 20
"""Height of a chapter's flag."""
_INSET = 8
_AXIS = 13
_APART = 10
"""Diamonds nearer to each other than this are one."""


@dataclass(slots=True, frozen=True)
class Scale:
    """Where ticks stand: ``left`` is tick 0, ``left + width`` the last one."""

    left: int
    width: int
    last_tick: int

    def x(self, position: float) -> int:
        """Return where a position in ticks stands."""
        return self.left + int(position * self.width / max(self.last_tick, 1) + 0.5)


@dataclass(slots=True, frozen=True, eq=False)
class Strip:
    """Bars, diamonds and chapters. Two are equal only if they are the same object."""

    rect: Rect
    scale: Scale
    top: int
    base: int
    bars: BarPicture
    interrupts: tuple[int, ...]
    """x of each diamond."""
    chapters: tuple[tuple[int, str], ...]
    """Tick and title."""

    @property
    def has_axis(self) -> bool:
        """Whether single ticks are told apart."""
        return self.scale.last_tick + 1 < SINGLE


def strip_of(run: Run, rect: Rect, cache: int, titles: Sequence[str]) -> Strip:
    """Prepare the timeline of a cache; ``titles`` are those of the run's chapters."""
    x, y, w, h = rect
    ticks = run.log.ticks
    scale = Scale(x + _INSET, w - 2 * _INSET, max(run.last_tick, 0))
    axis = _AXIS if ticks < SINGLE else 0
    base = y + h * 72 // 100 - axis // 2
    top, foot = y + FLAG + 3, y + h - 3 - axis
    found = density(run.log, cache, column_count(scale.width, ticks))
    bars = bar_picture(found, scale.width, base - top, max(foot - base, 2))
    chapters = tuple((chapter.tick, title) for chapter, title in zip(run.chapters, titles, strict=True))
    return Strip(rect, scale, top, base, bars, diamonds(scale, found.interrupts), chapters)


def diamonds(scale: Scale, ticks: Counts) -> tuple[int, ...]:
    """Return where diamonds stand, far enough from each other to be seen."""
    found: list[int] = []
    for tick in ticks.tolist():
        x = scale.x(tick)
        if not found or x - found[-1] >= _APART:
            found.append(x)
    return tuple(found)
