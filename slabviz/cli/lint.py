"""``slabviz lint [SOURCE…]``: look at many frames and say what is drawn wrong or not true."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from slabviz.cli.messages import text
from slabviz.cli.values import read_sizes

if TYPE_CHECKING:
    from slabviz.scene.view import ViewState
    from slabviz.testing.survey import Frame
    from slabviz.timeline.run import Run

FINDINGS = 1


@click.command("lint", short_help="Look at many frames and say what is drawn wrong or not true.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--frames", type=click.IntRange(1), default=15, show_default=True, help="Moments in each look.")
@click.option(
    "--sizes", metavar="WxH,WxH", callback=read_sizes, default="1280x720,1600x900,1920x1080", show_default=True,
    help="Picture sizes in pixels.",
)  # fmt: skip
@click.option("--machines", type=click.IntRange(0), default=0, show_default=True, help="Random machines as well.")
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses the moments and the random machines.")
def command(sources: tuple[str, ...], frames: int, sizes: tuple[tuple[int, int], ...], machines: int, seed: int) -> int:
    """Look at frames of each SOURCE, else of every shipped scenario, in each size, both themes and all languages.

    Every frame is held against the lint (texts over each other, cut off or too small, contrast, things outside their
    panel or off the grid) and the rules of truth (numbers, places and glyphs are what the machine has). Half of the
    moments show the stage, the others in turn the panels, levels, views of lessons, the error screen, and what lies
    over the stage; variants are looked at side by side as well.

    The exit code is 0 if nothing is wrong, 1 if something is, 3 if a source cannot be read.
    """
    from slabviz.testing.survey import all_looks, survey

    counts: Counter[str] = Counter()
    seen, looks = 0, all_looks(sizes)
    for name, run, other in _runs(sources, machines, seed):
        before = seen, sum(counts.values())
        for frame in survey(run, frames, seed, looks, other=other):
            seen += 1
            _say(name, frame)
            counts.update(finding.rule for finding in frame.findings)
        _tell(name, seen - before[0], sum(counts.values()) - before[1])
    click.echo(text("cli.lint.total", frames=seen, findings=sum(counts.values())))
    for rule, count in counts.most_common():
        click.echo(f"  {rule}: {count}")
    return FINDINGS if counts else 0


def _runs(sources: tuple[str, ...], machines: int, seed: int) -> Iterator[tuple[str, Run, Run | None]]:
    """Every source in turn, variants alone and then each beside the one before it, then the random machines; without
    sources all that are shipped, or machines alone."""
    from slabviz.library import load, shipped
    from slabviz.testing.survey import random_run

    chosen = sources or (tuple(each.name for each in shipped()) if not machines else ())
    for source in chosen:
        before: Run | None = None
        for each in load(source).variants():
            run = each.run()
            yield run.about.called or each.name, run, None
            if before is not None:
                yield f"{each.name}, {before.about.called} | {run.about.called}", before, run
            before = run
    for number in range(machines):
        run = random_run(seed + number)
        yield run.about.title["en"], run, None


def _say(name: str, frame: Frame) -> None:
    for finding in frame.findings:
        click.echo(f"{name} @ {frame.position:.2f}, {frame.look}, {_seen(frame.view)}: {finding}")


def _seen(view: ViewState) -> str:
    """What a frame showed, in a word or two."""
    if view.compare or view.error_open:
        return "compare" if view.compare else "error"
    return view.panel.value if view.level.name == "CACHE" else view.level.name.lower()


def _tell(name: str, frames: int, findings: int) -> None:
    """Progress: one line a source."""
    click.echo(text("cli.lint.source", name=name, frames=frames, findings=findings), file=sys.stderr)
