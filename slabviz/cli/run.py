"""``slabviz run SOURCE``: run without drawing, sum up, and hold it to its expectations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing
from slabviz.cli.values import set_option, variant_option

if TYPE_CHECKING:
    from slabviz.timeline.run import Run

FINDINGS = 1


@click.command("run", short_help="Run a source without drawing and print a summary.")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON; there is no clock in it.")
@click.option("-o", "--output", metavar="RUN", type=click.Path(path_type=Path), help="Save the run (.slabviz).")
@click.option("--ticks", type=click.IntRange(min=1), metavar="N", help="Run N ticks instead of to the end.")
@click.option("--seed", type=int, metavar="N", help="Run a scenario with another seed than its own.")
@variant_option
@set_option
@click.option("--overwrite", is_flag=True, help="Replace RUN if it exists.")
def command(
    source: str, as_json: bool, output: Path | None, ticks: int | None, seed: int | None, variant: str,
    settings: tuple[tuple[str, str], ...], overwrite: bool,
) -> int:  # fmt: skip
    """Run SOURCE and print for each cache objects, slabs, fast-path share and lock waits, then its expectations.

    A scenario with variants or a matrix is run once for each of them. The exit code is 1 if an expectation does not
    hold.
    """
    from slabviz.export.atomic import check_file
    from slabviz.library import load
    from slabviz.report.breaches import breaches
    from slabviz.report.summary import Summary, summary, summary_json

    if output is not None:
        check_file(output, overwrite)
    found: dict[str, Summary] = {}
    sources = load(source, variant, settings).variants()
    if output is not None and len(sources) > 1:
        raise click.UsageError("a saved run holds one variant: choose it with --variant")
    for each in sources:
        with advancing("cli.progress.run") as advance:
            run = each.run(ticks=ticks, seed=seed, progress=advance)
        if output is not None:
            _save(run, output, overwrite)
        found[run.about.variant] = summary(run)
        for what in run.about.missed:
            complain("cli.run.missed", what=what)
        for breach in breaches(run):
            complain("cli.run.breach", tick=breach.tick, law=breach.law, what=breach.what, cause=breach.cause)
        if not as_json:
            click.echo(found[run.about.variant])
    if as_json:
        click.echo(summary_json(found))
    return FINDINGS if any(not verdict.held for each in found.values() for verdict in each.verdicts) else 0


def _save(run: Run, output: Path, overwrite: bool) -> None:
    from slabviz.export.atomic import new_file
    from slabviz.timeline import runfile

    with new_file(output, overwrite) as temporary:
        runfile.write(run, temporary)
    complain("cli.run.saved", path=output)
