"""``slabviz list``: the scenarios that ship with slabviz."""

from __future__ import annotations

import json

import click


@click.command("list", short_help="List the shipped scenarios.")
@click.option("--json", "as_json", is_flag=True, help="As JSON: id, name, title and path of each.")
def command(as_json: bool) -> None:
    """List the shipped scenarios: what --json calls id, name, title (English) and path."""
    from slabviz.library import shipped

    scenarios = shipped()
    if as_json:
        rows = [{"id": it.id, "name": it.name, "title": it.title, "path": str(it.path)} for it in scenarios]
        click.echo(json.dumps(rows, indent=2))
        return
    cells = [(it.id, it.name, it.title, str(it.path)) for it in scenarios]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
