"""How near an MP4 export comes to the encoder: drawing and encoding against encoding frames that are ready."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from slabviz.cli.bench.figure import Figure, side_by_side, wall_seconds
from slabviz.export import Clip, mp4
from slabviz.library import Studio
from slabviz.library.positions import TICKS_PER_SECOND
from slabviz.timeline.run import Run

SIZE = (1920, 1080)
FPS = 30
READY = 24
"""Frames that are kept ready, 8 MB each; the film goes forth and back over them."""

TURNS = 3
FIRST = 200
"""The tick at which the film begins: all is busy there."""


def figures(run: Run) -> Iterator[Figure]:
    """Frames a second of the whole export through those of the encoder alone; nothing without the extra ``video``."""
    if not find_spec("av"):
        return
    studio = Studio(run, SIZE)
    there = [FIRST + number * TICKS_PER_SECOND / FPS for number in range(READY)]
    film = [*there, *reversed(there)] * TURNS
    ready = {position: studio.draw(position).copy() for position in there}

    def ours() -> float:
        clip = Clip(map(studio.draw, film), SIZE, FPS, len(film))
        with TemporaryDirectory() as folder:
            return wall_seconds(lambda: mp4.write(clip, Path(folder, "bench.mp4")))

    def limit() -> float:
        clip = Clip([ready[position] for position in film], SIZE, FPS, len(film))
        return wall_seconds(lambda: mp4.encode_in_turn(clip, BytesIO()))

    seconds, encoding = side_by_side(ours, limit)
    measured = {"fps": len(film) / seconds, "limit fps": len(film) / encoding}
    yield Figure("MP4 1920x1080, veryfast", encoding / seconds, 0.8, "of encode-only", measured=measured)
