"""The options of ``play`` and ``render`` that say how pictures look and what they show."""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from slabviz.scene.levels import Selected
    from slabviz.scene.looks import Looks
    from slabviz.scene.view import ViewState
    from slabviz.timeline.run import Run

REDUCED_MOTION = "SLABVIZ_REDUCED_MOTION"
"""Environment variable that stands for ``--reduced-motion``; anything but empty or 0 is yes."""

ERROR = "error"
"""What ``--level`` calls the error screen."""

Value = TypeVar("Value")
Default = TypeVar("Default")
Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--theme", default="dark", show_default=True, metavar="NAME", help="dark or light."),
    click.option("--lang", metavar="NAME", help="en or zh_CN. [default: the locale's]"),
    click.option("--scale", type=float, default=1.0, show_default=True, metavar="X", help="Size of all, 1 to 2."),
    click.option("--cache", "cache", metavar="NAME", help="The cache on stage. [default: the scenario's choice]"),
    click.option("--level", metavar="NAME", help="kernel, cache, slab, object, bytes or error. [default: cache]"),
    click.option("--panel", metavar="NAME", help="holders, path …; text[:REPORT], structs … [default: holders]"),
    click.option("--select", metavar="SLAB[:INDEX]", help="The slab, or the object in it, that is inspected."),
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


def read_view(run: Run, cache: str | None, level: str | None, panel: str | None, select: str | None) -> ViewState:
    """What is to be seen of a run. Raises UsageError for a cache, level or panel that it does not have."""
    from slabviz.scene.lessons import VIEWS
    from slabviz.scene.lessons.report_text import TEXTS
    from slabviz.scene.levels import Level, Panel
    from slabviz.scene.panels import panels
    from slabviz.scene.screens import levels
    from slabviz.scene.view import ViewState

    name, _, report = (panel or Panel.HOLDERS.value).partition(":")
    names = [each.name for each in run.config.caches]
    caches = {name: number for number, name in enumerate(names)}
    near = {**{known.name.lower(): known for known in levels()}, ERROR: Level.CACHE}
    given = {"cache": cache, "level": level, "error_open": level, "panel": panel, "report": panel, "selected": select}
    return ViewState(
        kept=frozenset(name for name, value in given.items() if value is not None),
        cache=_one_of("cache", cache, caches, None),
        error_open=level == ERROR,
        level=_one_of("level", level, near, Level.CACHE),
        panel=_one_of("panel", name, {known.value: known for known in (*panels(), *VIEWS)}, Panel.HOLDERS),
        selected=_selected(select),
        report=_one_of("report", report or None, {known: known for known in TEXTS}, "slabinfo"),
    )


def _one_of(what: str, name: str | None, known: Mapping[str, Value], default: Default) -> Value | Default:
    if name is None:
        return default
    if name not in known:
        raise click.UsageError(f"there is no {what} {name!r}; there are {', '.join(known)}")
    return known[name]


def _selected(select: str | None) -> Selected | None:
    from slabviz.scene.levels import Selected

    if select is None:
        return None
    found = re.fullmatch(r"(\d{1,9})(?::(\d{1,6}))?", select)
    if found is None:
        raise click.UsageError(f"{select!r} is no slab or object; write a slab's number, or slab:index, as 12:3")
    return Selected(int(found[1]), None if found[2] is None else int(found[2]))
