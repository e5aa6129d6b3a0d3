"""``slabviz new NAME``: begin a scenario of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from slabviz.cli.messages import text

SUFFIXES = (".yaml", ".yml")
LONGEST = 60


@click.command("new", short_help="Begin a scenario of your own.")
@click.argument("name", type=click.Path(path_type=Path))
@click.option("--from", "lesson", metavar="LESSON", help="Copy a shipped scenario, by name or id, instead.")
def command(name: Path, lesson: str | None) -> None:
    """Write NAME.yaml: a small commented scenario that runs, or with --from a copy of a shipped one.

    An existing file is never replaced.
    """
    from slabviz.export.atomic import check_file, new_file
    from slabviz.library.scaffold import blank, copied
    from slabviz.library.shelf import find, missing

    file = name if name.suffix in SUFFIXES else name.with_name(f"{name.name}.yaml")
    if not name.stem or len(name.stem) > LONGEST:
        raise click.UsageError(f"a scenario's name has 1 to {LONGEST} characters")
    check_file(file, False)
    path = None if lesson is None else find(lesson)
    if lesson is not None and path is None:
        raise missing(lesson)
    written = blank(file) if path is None else copied(file, path)
    with new_file(file, False) as temporary:
        temporary.write_text(written, encoding="utf-8")
    click.echo(text("cli.new.written", file=file))
