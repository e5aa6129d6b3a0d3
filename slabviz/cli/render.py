"""``slabviz render SOURCE -o OUT``: frames as files, with no screen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from slabviz.cli.looks import picture_options, read_looks, read_view
from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing, counted
from slabviz.cli.values import compare_option, read_size, read_sources, read_speed, set_option, variant_option


@click.command("render", short_help="Write frames of a source as PNG, MP4, GIF or a folder of PNGs.")
@click.argument("source", required=False)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="OUT.png, OUT.mp4, OUT.gif, or a folder for PNGs.",
)
@click.option("--at", type=float, metavar="TICK", help="The moment of a PNG. [default: the middle]")
@click.option(
    "--size", metavar="WxH", callback=read_size, default="1280x720", show_default=True, help="Picture size in pixels."
)
@click.option("--fps", type=int, metavar="RATE", help="Frames a second. [default: 30, GIF 20]")
@click.option(
    "--speed", metavar="SPEED", callback=read_speed, default="1", show_default=True, help="1 shows 4 ticks a second."
)
@click.option("--from", "first", type=float, metavar="TICK", help="First tick of a film. [default: 0]")
@click.option("--to", "last", type=float, metavar="TICK", help="Last tick of a film. [default: the end]")
@click.option("--seed", type=int, metavar="N", help="Run a scenario with another seed than its own.")
@variant_option
@set_option
@compare_option
@picture_options
@click.option(
    "--captions",
    metavar="OUT.vtt",
    type=click.Path(path_type=Path),
    help="Write the captions too, as a WebVTT track: time, tick, who, path, sentence.",
)
@click.option("--quiz", is_flag=True, help="Show the questions of a lesson, without their answers.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists.")
def command(
    source: str | None, output: Path, at: float | None, size: tuple[int, int], fps: int | None, speed: float,
    first: float | None, last: float | None, seed: int | None, variant: str,
    settings: tuple[tuple[str, str], ...], compare: tuple[str, str] | None, overwrite: bool, captions: Path | None,
    quiz: bool, theme: str, lang: str | None, scale: float, cache: str | None, level: str | None,
    panel: str | None, select: str | None, reduced_motion: bool, high_contrast: bool,
) -> None:  # fmt: skip
    """Draw frames of SOURCE without a screen and write them to OUT, whole or not at all.

    The name of OUT says what is written: a still (.png), a film (.mp4, .gif), or a folder of numbered PNGs.
    """
    from slabviz.app.film import Shot, shoot

    looks = read_looks(theme, lang, scale, reduced_motion, high_contrast)
    shot = Shot(output, size, fps, speed, at, first or 0, last, overwrite, looks, captions=captions, quiz=quiz)
    shot.check()
    _refuse_mixed(shot.is_still, at, first, last)
    first_source, second = read_sources(source, variant, compare, settings)
    if second is not None and captions is not None:
        raise click.UsageError("--captions tells one run, and two are compared; choose one with --variant")
    with advancing("cli.progress.run") as advance:
        run = first_source.run(seed=seed, progress=advance)
        other = None if second is None else second.run(seed=seed, progress=advance)
    shot = replace(shot, view=read_view(run, cache, level, panel, select))
    frames = shoot(run, shot, partial(counted, key="cli.progress.render"), other)
    complain("cli.render.written", path=output, count=frames)
    if captions is not None:
        complain("cli.render.captions", path=captions)


def _refuse_mixed(is_still: bool, at: float | None, first: float | None, last: float | None) -> None:
    if not is_still and at is not None:
        raise click.UsageError("--at is for a .png; a film takes --from and --to")
    if is_still and not first is last is None:
        raise click.UsageError("--from and --to are for films; a .png takes --at")
