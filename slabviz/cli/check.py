"""``slabviz check FILE…``: read scenario files and say every problem in them."""

from __future__ import annotations

from pathlib import Path

import click

from slabviz.cli.messages import complain, text
from slabviz.cli.values import set_option
from slabviz.errors import ScenarioError, SlabvizError, SourceError

FINDINGS = 1


@click.command("check", short_help="Read scenario files and say every problem in them.")
@set_option
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...], settings: tuple[tuple[str, str], ...]) -> int:
    """Read scenario files and say every problem in them, as file:line:column.

    The exit code is 0 if there is none, 1 if there are some, 3 if a file cannot be read.
    """
    return max(_check(file, settings) for file in files)


def _check(file: Path, settings: tuple[tuple[str, str], ...]) -> int:
    from slabviz.scenario.loader import load_scenarios

    try:
        load_scenarios(file, settings=settings)
    except ScenarioError as error:
        complain("cli.plain", message=error)
        return FINDINGS
    except SourceError as error:
        complain("cli.error", message=error)
        return SlabvizError.exit_code
    click.echo(text("cli.check.good", file=file))
    return 0
