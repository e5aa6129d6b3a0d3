"""``slabviz check FILE…``: read scenario files and say every problem in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slabviz.cli.messages import complain, text
from slabviz.cli.values import set_option
from slabviz.errors import SlabvizError, SourceError

if TYPE_CHECKING:
    from slabviz.errors import Diagnostic

FINDINGS = 1

Settings = tuple[tuple[str, str], ...]


@click.command("check", short_help="Read scenario files and say every problem in them.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "github", "sarif")), default="text", show_default=True,
    help="For people, or for other programs.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings count as findings, too (exit code 1).")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@set_option
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...], form: str, strict: bool, watch: bool, settings: Settings) -> int:
    """Read scenario files and say every problem in them, as file:line:column.

    Errors are what cannot run; warnings are legal and hardly meant. docs/diagnostics.md explains each code. The exit
    code is 0 if there is no error, 1 if there are some, 3 if a file cannot be read.
    """
    if watch:
        from slabviz.app.watching import changes

        for _ in changes(files):
            complain("cli.check.again")
            _check_all(files, form, strict, settings)
    return _check_all(files, form, strict, settings)


def _check_all(files: Iterable[Path], form: str, strict: bool, settings: Settings) -> int:
    codes = [0]
    found: list[Diagnostic] = []
    for file in files:
        try:
            problems = _inspect(file, settings)
        except SourceError as error:
            complain("cli.error", message=error)
            codes.append(SlabvizError.exit_code)
            continue
        found += problems
        if any(strict or each.severity == "error" for each in problems):
            codes.append(FINDINGS)
        if form == "text":
            _say(file, problems)
    if form != "text":
        _tell(form, found)
    return max(codes)


def _inspect(file: Path, settings: Settings) -> tuple[Diagnostic, ...]:
    from slabviz.scenario.inspection import inspect_file

    return inspect_file(file, settings=settings)


def _say(file: Path, problems: tuple[Diagnostic, ...]) -> None:
    for each in problems:
        complain("cli.plain", message=each)
    if not any(each.severity == "error" for each in problems):
        click.echo(text("cli.check.doubtful" if problems else "cli.check.good", file=file, count=len(problems)))


def _tell(form: str, problems: list[Diagnostic]) -> None:
    from slabviz.scenario.problems import as_github, as_json, as_sarif

    forms: dict[str, Callable[[Iterable[Diagnostic]], str]] = {"json": as_json, "github": as_github, "sarif": as_sarif}
    written = forms[form](problems)
    if written:
        click.echo(written)
