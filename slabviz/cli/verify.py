"""``slabviz verify PATH…``: replay recordings of a real kernel and compare every recorded outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz.cli.messages import complain, text

if TYPE_CHECKING:
    from slabviz.recordings.verify import FileResult, Total

DIFFERENT = 1
UNREADABLE = 3


@click.command("verify", short_help="Hold the model against recordings of a real kernel.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kernel", metavar="VERSION", help="Hold all of them against this kernel's rules (6.1 or 6.12).")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object for each file and then the total.")
def command(paths: tuple[Path, ...], kernel: str | None, as_json: bool) -> int:
    """Replay recordings of a real kernel (.jsonl.gz), compute tables of cache geometry (.csv), load recorded states
    of whole machines and compare what the kernel printed beside them: files or folders.

    Every recorded outcome is compared, with the rules of the kernel that was recorded unless --kernel names another:
    then they should differ. The exit code is 0 if all are equal, 1 if one is not, 3 if a file cannot be
    read.
    """
    from slabviz.recordings.verify import KINDS, Total, verify
    from slabviz.report.recorded import RECORDED_KINDS

    total = Total()
    for result in verify(paths, (*RECORDED_KINDS, *KINDS), kernel):
        total.add(result)
        _say_as_json(result) if as_json else _say(result)
    _say_total(total, as_json)
    return UNREADABLE if total.unreadable else DIFFERENT if total.different else 0


def _kernel(result: FileResult) -> str:
    """The era whose rules were applied; a kind of file that has none was held against what its own kernel did."""
    return f"Linux {result.kernel}" if result.kernel else text("cli.verify.its_kernel")


def _say(result: FileResult) -> None:
    if result.error:
        complain("cli.error", message=result.error)
    elif result.skipped:
        click.echo(text("cli.verify.skipped", path=result.path, reason=result.skipped))
    elif result.different:
        click.echo(text("cli.verify.different", path=result.path, kernel=_kernel(result), count=result.different))
        for difference in result.differences:
            click.echo(f"  {difference}")
    else:
        compared = _numbers(result.compared)
        click.echo(text("cli.verify.equal", path=result.path, kernel=_kernel(result), compared=compared))
    if result.moved:
        click.echo(text("cli.verify.moved", count=len(result.moved)))
        for difference in result.moved:
            click.echo(f"    {difference}")


def _say_as_json(result: FileResult) -> None:
    row = {
        "path": str(result.path),
        "kind": result.kind,
        "kernel": result.kernel,
        "equal": result.equal,
        "compared": dict(result.compared),
        "different": result.different,
        "differences": [str(difference) for difference in result.differences],
        "moved": [str(difference) for difference in result.moved],
        "skipped": result.skipped,
        "error": str(result.error or ""),
    }
    click.echo(json.dumps(row))


def _say_total(total: Total, as_json: bool) -> None:
    files = {
        "equal": total.equal,
        "different": total.different,
        "unreadable": total.unreadable,
        "skipped": total.skipped,
    }
    if as_json:
        click.echo(json.dumps({"total": files, "compared": total.compared}))
    else:
        click.echo(text("cli.verify.total", compared=_numbers(total.compared), **files))


def _numbers(compared: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in compared.items()) or text("cli.verify.nothing")
