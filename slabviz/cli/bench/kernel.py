"""What a frame of the Kernel level costs: 160 000 objects in some 150 caches, of which 1 % change in every frame."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median

from slabviz.cli.bench.figure import Figure, cpu_seconds
from slabviz.cli.bench.live import MILLI, REFRESH, SIZE
from slabviz.library import Studio
from slabviz.scene.levels import Level
from slabviz.scene.view import ViewState
from slabviz.testing.server import OBJECTS, server_run

FRAMES = 90
WARM_UP = 15


def figures() -> Iterator[Figure]:
    """Frames a second by the median frame's CPU time: numbers, map, layout and drawing of one tick a frame."""
    run = server_run(FRAMES + WARM_UP)
    studio = Studio(run, SIZE, view=ViewState(level=Level.KERNEL))

    def show(tick: int) -> None:
        studio.painter.frame(studio.composer.scene(tick, studio.view))

    seconds = [cpu_seconds(partial(show, tick)) for tick in range(1, FRAMES + WARM_UP)][WARM_UP:]
    measured = {"ms": median(seconds) * MILLI, "objects": OBJECTS, "changes": OBJECTS // 100}
    yield Figure("Kernel level 1920x1080, 1 % of 160,000", 1 / median(seconds), REFRESH, "frames/s", measured=measured)
