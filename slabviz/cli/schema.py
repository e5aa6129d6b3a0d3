"""``slabviz schema``: the language as a JSON Schema, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from slabviz.cli.messages import complain


@click.command("schema", short_help="Print the JSON Schema of scenario files, for editors.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
def command(output: Path | None, overwrite: bool) -> None:
    """Print the JSON Schema of scenario files (draft 2020-12).

    An editor with a YAML language server then completes keys and marks mistakes while one is typing: write it to a
    file and begin the scenario with "# yaml-language-server: $schema=slabviz.schema.json".
    """
    from slabviz.export.atomic import check_file, new_file
    from slabviz.scenario.json_schema import json_schema

    written = json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        click.echo(written, nl=False)
        return
    check_file(output, overwrite)
    with new_file(output, overwrite) as temporary:
        temporary.write_text(written, encoding="utf-8")
    complain("cli.schema.written", path=output)
