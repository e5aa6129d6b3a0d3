"""Noticing that files have changed on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

SECONDS = 0.5
"""Between two looks at the files."""

Stamp = tuple[tuple[str, int, int], ...]


class Watch:
    """Looks now and then whether one of some files is another one than before: by its time and its size."""

    def __init__(self, files: Callable[[], Iterable[Path]]) -> None:
        """``files`` is asked again after a change: a file that was edited may include others than before."""
        self._files = files
        self._looked = 0.0
        self._paths = tuple(files())
        self._stamp = self._now()

    def has_changed(self, now: float) -> bool:
        """Whether there is a change since the last one that was told; ``now`` in seconds."""
        if now - self._looked < SECONDS:
            return False
        self._looked = now
        if self._now() == self._stamp:
            return False
        self._paths = tuple(self._files())
        self._stamp = self._now()
        return True

    def _now(self) -> Stamp:
        return tuple(_stamp(path) for path in self._paths)


def _stamp(path: Path) -> tuple[str, int, int]:
    """A file that is away for a moment, while an editor replaces it, has neither time nor size."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size
