"""``slabviz play [SOURCE]``: the window, or where none can be opened an animation and a still."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz.cli.looks import picture_options, read_looks, read_view
from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing, counted
from slabviz.cli.values import compare_option, read_size, read_sources, set_option, variant_option

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
@picture_options
def command(
    source: str | None, size: tuple[int, int], seed: int | None, variant: str, compare: tuple[str, str] | None,
    settings: tuple[tuple[str, str], ...], theme: str, lang: str | None, scale: float,
    cache: str | None, level: str | None,
    panel: str | None, select: str | None, reduced_motion: bool, high_contrast: bool,
) -> None:  # fmt: skip
    """Play SOURCE (the scenario "fork" if none is named) in a window; F1 or ? there shows the keys.

    Without a display a short animation and a still are written to the current folder instead.
    """
    from slabviz.app.no_display import has_display
    from slabviz.library.pairs import rival

    looks = read_looks(theme, lang, scale, reduced_motion, high_contrast)
    loaded, beside = read_sources(source if source or compare else FIRST_LESSON, variant, compare, settings)
    if has_display(os.environ, sys.platform):
        from slabviz.app.player import play

        def view_of(run: Run) -> ViewState:
            return replace(read_view(run, cache, level, panel, select), compare=beside is not None)

        other = beside or rival(loaded)
        again = None if other is None else partial(other.run, seed=seed)
        play(partial(_run, loaded, seed), size, loaded.name, looks, view_of, rival=again)
        return
    with advancing("cli.progress.run") as advance:
        run = loaded.run(seed=seed, progress=advance)
    shown = None if beside is None else beside.run(seed=seed)
    _write_instead(run, loaded.name, looks, read_view(run, cache, level, panel, select), shown)


def _run(source: Source, seed: int | None, progress: Progress) -> Run:
    """From the file as it is now: also when it has been changed since."""
    return source.run(seed=seed, progress=progress)


def _write_instead(run: Run, name: str, looks: Looks, view: ViewState, other: Run | None) -> None:
    from slabviz.app.no_display import write_instead

    complain("cli.play.no_display")
    watch = partial(counted, key="cli.progress.render")
    film, still = write_instead(run, name, Path.cwd(), looks, view, watch, other)
    complain("cli.play.written", film=film, still=still)
