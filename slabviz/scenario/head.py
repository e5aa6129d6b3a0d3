"""The head of a scenario file: what a list of lessons needs, read without the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from slabviz.engine.program import Texts
from slabviz.errors import SourceError
from slabviz.resources import LIBRARY, scenario_folder
from slabviz.scenario.include import INCLUDE
from slabviz.scenario.source import SIZE_LIMIT

WANTED = ("id", "title", "about")

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Head:
    """As the checked scenario has them; what the file does not say is empty."""

    id: str = ""
    title: Texts = ()
    about: Texts = ()


def read_head(path: Path) -> Head:
    """Read a file only as far as its id, title and sentence; nothing else in it is checked.

    Raises SourceError for what cannot be read or is no YAML up to there.
    """
    found: dict[str, object] = {}
    for key, value in _sections(path):
        if key in WANTED:
            found[key] = value
            if len(found) == len(WANTED):
                break
    identity = found.get("id")
    return Head(identity if isinstance(identity, str) else "", _texts(found.get("title")), _texts(found.get("about")))


def files_of(path: Path) -> tuple[Path, ...]:
    """A scenario file and all that it includes, directly or through others; what cannot be read includes nothing."""
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            waiting += _included(here)
    return tuple(found)


def _included(path: Path) -> list[Path]:
    try:
        written = next((value for key, value in _sections(path) if key == INCLUDE), None)
    except SourceError:
        return []
    words = written if isinstance(written, list) else [written]
    return [_place(path.parent, PurePosixPath(word)) for word in words if isinstance(word, str) and word]


def _place(folder: Path, written: PurePosixPath) -> Path:
    """``library/…`` is what ships with slabviz, unless the scenario has such a folder beside it."""
    beside = folder / written
    if written.parts[0] == LIBRARY and not beside.is_file():
        return scenario_folder() / written
    return beside


def _texts(value: object) -> Texts:
    if isinstance(value, str):
        return (("en", value),)
    pairs = value.items() if isinstance(value, dict) else ()
    return tuple((language, text) for language, text in pairs if isinstance(text, str))


def _sections(path: Path) -> Iterator[tuple[str, object]]:
    """Each key of the file with its value: a text, a dict, a list of texts, or None for anything deeper."""
    try:
        with path.open("rb") as stream:
            text = stream.read(SIZE_LIMIT).decode("utf-8-sig")
        yield from _keys(yaml.parse(text, Loader=_LOADER))
    except OSError as problem:
        raise SourceError(f"{path}: cannot be read: {problem.strerror or problem}") from problem
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        raise SourceError(f"{path}: cannot be read: {problem}") from problem


def _keys(events: Iterator[yaml.Event]) -> Iterator[tuple[str, object]]:
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            break
    key: str | None = None
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        value = _value(event, events)
        if key is None:
            key = value if isinstance(value, str) else ""
        else:
            yield key, value
            key = None


def _value(first: yaml.Event, events: Iterator[yaml.Event]) -> object:
    """What a node says; of the nodes in it only texts are kept."""
    if isinstance(first, yaml.ScalarEvent):
        return first.value
    if not isinstance(first, yaml.SequenceStartEvent | yaml.MappingStartEvent):
        return None
    inner: list[object] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            break
        inner.append(_value(event, events))
    if isinstance(first, yaml.SequenceStartEvent):
        return inner
    names = (str(name) for name in inner[::2])
    return dict(zip(names, inner[1::2], strict=False))
