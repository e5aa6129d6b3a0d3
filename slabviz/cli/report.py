"""``slabviz report SOURCE WHAT [CACHE]``: what the kernel would print at a tick of a run."""

from __future__ import annotations

import json

import click

from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing
from slabviz.cli.values import set_option
from slabviz.errors import UsageError

REPORT_NAMES = ("slabinfo", "slabtop", "meminfo", "buddyinfo", "zoneinfo", "sysfs", "stats")
"""Known without importing the reports, for a quick ``--help``; a test compares them with the table."""


@click.command("report", short_help="Print what the kernel would: slabinfo, meminfo, …")
@click.argument("source")
@click.argument("what", metavar="REPORT", type=click.Choice(REPORT_NAMES))
@click.argument("cache", required=False)
@click.option("--at", "tick", type=click.IntRange(min=0), metavar="TICK", help="After this tick instead of at the end.")
@click.option("--seed", type=int, metavar="N", help="Run a scenario with another seed than its own.")
@set_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the kernel and the tick.")
def command(
    source: str, what: str, cache: str | None, tick: int | None, seed: int | None,
    settings: tuple[tuple[str, str], ...], as_json: bool,
) -> None:  # fmt: skip
    """Print a report about SOURCE as the kernel lays it out (slabtop: as procps does).

    REPORT is slabinfo, slabtop, meminfo, buddyinfo, zoneinfo, sysfs CACHE, or stats [CACHE]. SOURCE may also be the
    recorded state of a real machine (state.before.json.gz) or the folder it is in. Which kernel and which tick it is
    about is said on stderr, so that the text is the kernel's alone.
    """
    from slabviz.library.moments import moment
    from slabviz.report.reports import REPORTS

    report = REPORTS[what]
    _check_cache(what, cache, takes=report.takes_cache, needs=report.needs_cache)
    with advancing("cli.progress.run") as advance:
        about = moment(source, tick, seed, advance, settings)
    if as_json:
        head = {"source": about.name, "kernel": about.kernel, "tick": about.tick, "report": what}
        click.echo(json.dumps({**head, "data": report.data(about, cache)}, indent=2, ensure_ascii=False))
        return
    lines = report.lines(about, cache)
    when = "cli.report.recorded" if about.tick is None else "cli.report.tick"
    complain(when, source=about.name, kernel=about.kernel, tick=about.tick)
    click.echo("\n".join(lines))


def _check_cache(what: str, cache: str | None, *, takes: bool, needs: bool) -> None:
    if needs and cache is None:
        raise UsageError(f"report {what} is about one cache; name it: slabviz report SOURCE {what} CACHE")
    if cache is not None and not takes:
        raise UsageError(f"report {what} is about all caches; leave {cache!r} out")
