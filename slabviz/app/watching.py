"""Waiting for files to change: the moments at which their authors have saved them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PERIOD = 0.3
"""Seconds between two looks at the files."""

State = tuple[tuple[int, int], ...]


def changes(
    files: Iterable[Path], look: Callable[[Path], tuple[int, int]] | None = None,
    rest: Callable[[float], object] = time.sleep,
) -> Iterator[None]:  # fmt: skip
    """Yield once at the beginning and then each time that a file has changed; it never ends by itself."""
    watched = tuple(files)
    look = look or stamp
    known: State | None = None
    while True:
        now = tuple(look(file) for file in watched)
        if now != known:
            known = now
            yield
        rest(PERIOD)


def stamp(file: Path) -> tuple[int, int]:
    """When a file was written (ns) and its size in bytes; zeros while an editor has it replaced."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
