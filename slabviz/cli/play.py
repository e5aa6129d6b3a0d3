"""``slabviz play [SOURCE]``: the window, or where none can be opened an animation and a still."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz.cli.looks import picture_options, read_looks, read_view
from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing, counted
from slabviz.cli.values import compare_option, read_size, read_sources, set_option, variant_option
from slabviz.errors import ScenarioError

if TYPE_CHECKING:
    from slabviz.library.sources import Progress, Source
    from slabviz.scene.looks import Looks
    from slabviz.scene.view import ViewState
    from slabviz.timeline.run import Run

FIRST_LESSON = "fork"


@click.command("play", short_help="Play a source in a window.")
@click.argument("source", required=False)
@click.option(
    "--size",
    metavar="WxH",
    callback=read_size,
    default="1280x720",
    show_default=True,
    help="Size of the window in pixels.",
)
@click.option("--seed", type=int, metavar="N", help="Run a scenario with another seed than its own.")
@variant_option
@set_option
@compare_option
@click.option("--no-quiz", is_flag=True, help="Do not stop to ask the questions of a lesson.")
@picture_options
def command(
    source: str | None, size: tuple[int, int], seed: int | None, variant: str, compare: tuple[str, str] | None,
    settings: tuple[tuple[str, str], ...], no_quiz: bool, theme: str, lang: str | None, scale: float,
    cache: str | None, level: str | None,
    panel: str | None, select: str | None, reduced_motion: bool, high_contrast: bool,
) -> None:  # fmt: skip
    """Play SOURCE in a window; without one the window shows the course. F1 or ? there shows the keys.

    What was seen of the course, and where you left off, is remembered (SLABVIZ_USER_DIR names another folder for it).
    Without a display a short animation and a still (of "fork" without a SOURCE) are written to the current folder.
    """
    from slabviz.app.no_display import has_display

    looks = read_looks(theme, lang, scale, reduced_motion, high_contrast)
    named = bool(source or compare or variant or settings)
    view_of = partial(read_view, cache=cache, level=level, panel=panel, select=select)
    if has_display(os.environ, sys.platform):
        loaded = _sources(source if source or compare else FIRST_LESSON, variant, compare, settings) if named else None
        _in_window(loaded, seed, size, looks, view_of, quiz=not no_quiz)
        return
    alone, beside = read_sources(source if source or compare else FIRST_LESSON, variant, compare, settings)
    with advancing("cli.progress.run") as advance:
        run = alone.run(seed=seed, progress=advance)
    _write_instead(run, alone.name, looks, view_of(run), None if beside is None else beside.run(seed=seed))


def _in_window(
    loaded: tuple[Source, Source | None] | None, seed: int | None, size: tuple[int, int], looks: Looks,
    view_of: Callable[[Run], ViewState], *, quiz: bool,
) -> None:  # fmt: skip
    """Play what is loaded, with the course behind it; without anything, begin with the course."""
    from slabviz.app.session import Piece, play
    from slabviz.library.course import course
    from slabviz.library.sources import lesson_of, watched

    def piece(source: Source, beside: Source | None, seen: Callable[[Run], ViewState]) -> Piece:
        return Piece(
            source.name, partial(_run, source, seed), lambda run: replace(seen(run), compare=beside is not None),
            _rival(source, beside, seed), lesson_of(source), partial(watched, source),
        )  # fmt: skip

    def find(called: str) -> Piece:
        return piece(*_sources(called, "", None), seen=lambda run: read_view(run, None, None, None, None))

    first = None if loaded is None else piece(*loaded, seen=view_of)
    play(first, course(), find, size, looks, quiz=quiz)


def _rival(source: Source, beside: Source | None, seed: int | None) -> Callable[[], Run | None]:
    """Runs what a source is compared with in the window, once somebody asks; None where there is nothing."""
    from slabviz.library.pairs import rival

    def run() -> Run | None:
        other = beside or rival(source)
        return None if other is None else other.run(seed=seed)

    return run


def _sources(
    source: str | None, variant: str, compare: tuple[str, str] | None, settings: tuple[tuple[str, str], ...] = ()
) -> tuple[Source, Source | None]:  # fmt: skip
    """As ``read_sources``, but a file with mistakes is opened: the window shows them until they are mended."""
    from slabviz.library import load

    try:
        return read_sources(source, variant, compare, settings)
    except ScenarioError:
        if source is None or compare is not None:
            raise
        return load(source, variant, settings), None


def _run(source: Source, seed: int | None, progress: Progress) -> Run:
    """From the file as it is now: also when it has been changed since."""
    return source.run(seed=seed, progress=progress)


def _write_instead(run: Run, name: str, looks: Looks, view: ViewState, other: Run | None) -> None:
    from slabviz.app.no_display import write_instead

    complain("cli.play.no_display")
    watch = partial(counted, key="cli.progress.render")
    film, still = write_instead(run, name, Path.cwd(), looks, view, watch, other)
    complain("cli.play.written", film=film, still=still)
