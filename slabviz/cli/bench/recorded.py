"""How long ``verify`` takes for all recordings of a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slabviz.cli.bench.figure import Figure, cpu_seconds
from slabviz.errors import SourceError
from slabviz.recordings.verify import Total, verify


def figures(path: Path) -> Iterator[Figure]:
    """Seconds for all files under ``path``. Raises SourceError where one is not equal or cannot be read."""
    total = Total()

    def work() -> None:
        for result in verify([path]):
            total.add(result)

    seconds = cpu_seconds(work)
    if total.different or total.unreadable or not total.equal:
        raise SourceError(f"{path}: only recordings that are equal are timed; see 'slabviz verify {path}'")
    yield Figure("verify", seconds, 20, "s", at_most=True, measured={"files": total.equal})
