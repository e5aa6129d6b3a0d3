"""What a live frame costs: model step, compose and draw, against putting the same picture together from ready parts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median, quantiles

from slabviz.cli.bench.figure import Figure, cpu_seconds
from slabviz.library import Studio
from slabviz.library.positions import TICKS_PER_SECOND
from slabviz.timeline.run import Run

SIZE = (1920, 1080)
REFRESH = 60
"""Frames a second of a window, at 1x."""

FRAMES = 900
WARM_UP = 60
"""Frames that fill the caches and are not counted: a window has shown them before anybody looks."""

FIRST = 200
LIMIT_EVERY = 10
"""The limit is measured between the frames, once in so many, so that other load hits both alike."""

MOVERS = 24
SPRITE = (16, 12)
MILLI = 1e3


def figures(run: Run) -> Iterator[Figure]:
    """Median and 99th percentile of a frame's CPU time, through the limit's median."""
    studio = Studio(run, SIZE)
    screen = studio.painter.frame(studio.composer.scene(FIRST))
    layer, sprite = screen.copy(), screen.subsurface((0, 0, *SPRITE)).copy()
    flying = [(sprite, (40 * number, 20 * number)) for number in range(MOVERS)]

    def limit() -> None:
        screen.blit(layer, (0, 0))
        screen.fblits(flying)

    def show(position: float) -> None:
        studio.painter.frame(studio.composer.scene(position))

    frames, limits = [], []
    for number in range(FRAMES + WARM_UP):
        seconds = cpu_seconds(partial(show, FIRST + number * TICKS_PER_SECOND / REFRESH))
        if number >= WARM_UP:
            frames.append(seconds)
        if number % LIMIT_EVERY == 0:
            limit()  # brings its surfaces into the processor's cache, where the frame has its own
            limits.append(cpu_seconds(limit))
    yield from _shares(frames, median(limits))


def _shares(frames: list[float], limit: float) -> Iterator[Figure]:
    for name, seconds, bar in (("median", median(frames), 3), ("p99", quantiles(frames, n=100)[-1], 18)):
        measured = {"ms": seconds * MILLI, "limit ms": limit * MILLI}
        yield Figure(f"live frame 1920x1080, {name}", seconds / limit, bar, "x limit", at_most=True, measured=measured)
