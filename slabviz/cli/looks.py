"""The options of ``play`` and ``render`` that say how pictures look and what they show."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from slabviz.scene.looks import Looks
    from slabviz.scene.view import ViewState
    from slabviz.timeline.run import Run

REDUCED_MOTION = "SLABVIZ_REDUCED_MOTION"
"""Environment variable that stands for ``--reduced-motion``; anything but empty or 0 is yes."""

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--theme", default="dark", show_default=True, metavar="NAME", help="dark or light."),
    click.option("--lang", metavar="NAME", help="en or zh_CN. [default: the locale's]"),
    click.option("--scale", type=float, default=1.0, show_default=True, metavar="X", help="Size of all, 1 to 2."),
    click.option("--cache", "cache", metavar="NAME", help="The cache on stage. [default: the scenario's choice]"),
    click.option("--reduced-motion", is_flag=True, help=f"Nothing flies (also: {REDUCED_MOTION}=1)."),
    click.option("--high-contrast", is_flag=True, help="Black or white ground, no tints, strong outlines."),
)


def picture_options(command: Function) -> Function:
    """Decorator: give a command all of these options, to be handed to ``read_looks`` and ``read_view``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_looks(theme: str, lang: str | None, scale: float, reduced_motion: bool, high_contrast: bool) -> Looks:
    """The looks that were asked for. Raises UsageError for one that cannot be."""
    from slabviz.scene.looks import Looks, nearest_language

    still = reduced_motion or os.environ.get(REDUCED_MOTION, "") not in ("", "0")
    return Looks(theme, lang or nearest_language(locale.getlocale()[0]), scale, still, high_contrast)


def read_view(run: Run, cache: str | None) -> ViewState:
    """What is to be seen of a run. Raises UsageError for a cache it does not have."""
    from slabviz.scene.view import ViewState

    names = [each.name for each in run.config.caches]
    if cache is not None and cache not in names:
        raise click.UsageError(f"there is no cache {cache!r}; there are {', '.join(names)}")
    return ViewState(cache=None if cache is None else names.index(cache))
