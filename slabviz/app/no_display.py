"""What ``play`` does where no window can be opened: a short animation and a still, under names nobody has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from slabviz.app.film import Shot, Watch, shoot
from slabviz.scene.looks import Looks
from slabviz.scene.view import ViewState
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

SPEED = 4.0
TICKS = 128
"""Length of the animation: 8 seconds at 4x."""

NO_SCREEN = frozenset({"dummy", "offscreen"})
"""SDL's video drivers that show nothing."""


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Say whether a window can be opened; ``platform`` as in ``sys.platform``. On Linux a display must be named."""
    driver = environment.get("SDL_VIDEODRIVER") or environment.get("SDL_VIDEO_DRIVER") or ""
    if driver:
        return driver not in NO_SCREEN
    if platform.startswith("linux"):
        return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return True


def shots(run: Run | Pair, name: str, folder: Path) -> tuple[Shot, Shot]:
    """An animation (MP4, or GIF without the extra ``video``) and a still after ``name``, both new in ``folder``."""
    film_suffix = ".mp4" if find_spec("av") else ".gif"
    stem = _new_stem(folder, name, (film_suffix, ".png"))
    last = min(run.last_tick, TICKS)
    return (
        Shot(folder / f"{stem}{film_suffix}", speed=SPEED, last=last),
        Shot(folder / f"{stem}.png", at=last),
    )


def write_instead(
    run: Run, name: str, folder: Path, looks: Looks | None = None, view: ViewState | None = None,
    watch: Watch | None = None, other: Run | None = None,
) -> tuple[Path, Path]:  # fmt: skip
    """Write animation and still, and say where. Raises OutputError where ``folder`` cannot be written to."""
    clock = run if other is None else Pair(run, other)
    both = shots(clock, name, folder)
    film, still = (replace(shot, looks=looks or Looks(), view=view or ViewState()) for shot in both)
    shoot(run, film, watch, other)
    shoot(run, still, other=other)
    return film.out, still.out


def _new_stem(folder: Path, name: str, suffixes: tuple[str, ...]) -> str:
    """``fork``, or ``fork-2``, ``fork-3`` … where one of the files is there already."""
    stems = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(stem for stem in stems if not any((folder / f"{stem}{suffix}").exists() for suffix in suffixes))
