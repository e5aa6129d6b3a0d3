"""``slabviz bench``: how quick this slabviz is on this machine, each figure against a limit taken in the same run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz import __version__
from slabviz.cli.messages import complain, text

if TYPE_CHECKING:
    from slabviz.cli.bench.figure import Figure

LONG_RUN = 100_000


@click.command("bench", short_help="Measure how quick slabviz is on this machine.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--recordings", type=click.Path(path_type=Path), help="Also time verify on this file or folder.")
def command(as_json: bool, recordings: Path | None) -> None:
    """Measure slabviz: model, engine, timeline, live frames, MP4, start. Takes about a minute.

    Ratios hold on any machine, for each limit is measured in the same run. Close other programs.
    """
    found = []
    for figure in _figures(recordings):
        found.append(figure)
        if not as_json:
            _say(figure)
    if as_json:
        click.echo(json.dumps({**_machine(), "figures": [figure.as_json() for figure in found]}, indent=2))


def _machine() -> dict[str, object]:
    """What the figures depend on, besides the code."""
    return {
        "slabviz": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
    }


def _figures(recordings: Path | None) -> Iterator[Figure]:
    from slabviz.cli.bench import checking, contents, engine, film, kernel, live, recorded, start, timeline
    from slabviz.library import load

    yield from engine.figures()
    yield from contents.figures()
    yield from checking.figures()
    run = load("fork").run(ticks=LONG_RUN)
    yield from timeline.figures(run)
    yield from live.figures(run)
    yield from kernel.figures()
    yield from film.figures(run)
    yield from start.figures()
    if recordings is not None:
        yield from recorded.figures(recordings)
    else:
        complain("cli.bench.no_recordings")


def _say(figure: Figure) -> None:
    name, value, bar, source = figure.cells()
    mark = text("cli.bench.reached" if figure.reached else "cli.bench.missed")
    click.echo(f"{name:<44} {value:>22}  {bar:>8}  {mark:<6}  {source}")
