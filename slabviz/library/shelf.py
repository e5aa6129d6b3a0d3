"""The scenarios that ship with slabviz, and how they are called."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from slabviz.errors import SourceError
from slabviz.resources import lesson_files
from slabviz.scenario.head import Head, read_head


@dataclass(frozen=True, slots=True)
class Shipped:
    """One shipped scenario: lesson id (``D1``), name (``fork``), English title, and its file."""

    id: str
    name: str
    title: str
    path: Path


def shipped() -> tuple[Shipped, ...]:
    """Every shipped scenario in the order of a learner's way, that is of the ids. Raises SourceError.

    Only the heads of the files are read; what is wrong further down is said when one is run.
    """
    return tuple(_shipped(path, head) for path, head in heads())


def heads() -> tuple[tuple[Path, Head], ...]:
    """The files of ``shipped`` with their heads, in the same order. Raises SourceError."""
    read = [(path, read_head(path)) for path in lesson_files()]
    return tuple(sorted(read, key=lambda each: _lesson(each[1].id)))


def find(text: str) -> Path | None:
    """The file of the shipped scenario called ``text`` by name or id, whatever the case; None if there is none."""
    called = text.casefold()
    for path in lesson_files():  # the name is known without reading anything
        if path.stem.casefold() == called:
            return path
    return next((scenario.path for scenario in shipped() if scenario.id.casefold() == called), None)


def missing(text: str) -> SourceError:
    """What to say of a source ``text`` that is no file and no shipped scenario."""
    names = [path.stem for path in lesson_files()]
    near = get_close_matches(text.casefold(), names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"shipped scenarios are {', '.join(names)}"
    return SourceError(f"{text}: there is no such file or scenario; {hint}")


def _shipped(path: Path, head: Head) -> Shipped:
    return Shipped(head.id, path.stem, dict(head.title).get("en", ""), path)


def _lesson(identity: str) -> tuple[str, int, str]:
    """D2 before D10."""
    letters = identity.rstrip("0123456789")
    return letters, int(identity[len(letters) :] or 0), identity
