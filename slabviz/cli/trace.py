"""``slabviz trace SOURCE``: a run as ftrace text, as a real kernel's kmem events look."""

from __future__ import annotations

from pathlib import Path

import click

from slabviz.cli.messages import complain
from slabviz.cli.progress import advancing
from slabviz.cli.values import set_option


@click.command("trace", short_help="Write a run as ftrace text (kmem events).")
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to FILE, not to stdout.")
@click.option("--seed", type=int, metavar="N", help="Run a scenario with another seed than its own.")
@set_option
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
def command(
    source: str, output: Path | None, seed: int | None, settings: tuple[tuple[str, str], ...], overwrite: bool
) -> None:  # fmt: skip
    """Run SOURCE and write what ftrace would print of it: kmem_cache_alloc, kfree, mm_page_alloc, …

    One tick is one microsecond. Addresses are plain, as with no_hash_pointers. Bulk calls have no event, as in the
    kernel, and the boot (tick 0) is left out. Comments at the end say in which order calls that overlapped made
    their steps (docs/reports.md).
    """
    from slabviz.export.atomic import check_file, new_file
    from slabviz.library import load
    from slabviz.recordings.ftrace.writer import trace

    if output is not None:
        check_file(output, overwrite)
    with advancing("cli.progress.run") as advance:
        run = load(source, settings=settings).run(seed=seed, progress=advance)
    text = trace(run)
    if output is None:
        click.echo(text, nl=False)
        return
    with new_file(output, overwrite) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    complain("cli.trace.saved", path=output, lines=text.count("\n"), kernel=run.config.kernel)
