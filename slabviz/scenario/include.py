"""``include``: programs, caches, queues … of other files, put together with a scenario's own before anything is read.

A path is meant from the folder of the file that names it; ``library/…`` is the folder of ready-made programs that ship
with slabviz. What a file says itself comes before what it includes; two included files that define the same name are a
mistake. Every value keeps the spot in its own file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from slabviz.errors import ScenarioError, SourceError
from slabviz.resources import LIBRARY, scenario_folder
from slabviz.scenario.diagnostics import Refused, Reporter, nearest, one_of, quote
from slabviz.scenario.names import PARAMETERS
from slabviz.scenario.source import SIZE_LIMIT, SourceText, read_source
from slabviz.scenario.tree import Entry, Items, Node, Scalar, Table, parse

INCLUDE = "include"

NAMED = (
    PARAMETERS, "caches", "queues", "shrinkers", "programs", "tasks", "interrupts", "softirqs", "works", "devices",
)  # fmt: skip
"""Sections that an included file may have whose entries are put together name by name."""

SETTINGS = ("machine",)
"""Sections that are put together key by key."""

IGNORED = ("slabviz", "title", "about")
"""What an included file says of itself alone."""

DEEPEST = 8
"""Files that include each other in a row."""

MOST = 32
"""Files that one scenario includes."""


@dataclass(slots=True)
class _Reader:
    """What is under way: the files that have been read, and how much text that was."""

    reporter: Reporter
    size: int
    known: dict[Path, Table | None] = field(default_factory=dict)


def with_includes(reporter: Reporter, root: Node, source: SourceText) -> Node:
    """The tree of a file together with those of the files it includes; without an ``include`` as it is.

    Raises Refused, after reporting, when one of them cannot be read.
    """
    if not isinstance(root, Table) or _entry(root, INCLUDE) is None:
        return root
    return _together(_Reader(reporter, len(source.text)), root, source, ())


def _together(reader: _Reader, root: Table, source: SourceText, chain: tuple[Path, ...]) -> Table:
    include = _entry(root, INCLUDE)
    own = Table(root.spot, tuple(entry for entry in root.entries if entry is not include))
    if include is None:
        return own
    tables = [table for item in _items(include.value) if (table := _file(reader, item, source, chain)) is not None]
    return _merged(reader.reporter, own, tables)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Items) else (node,)


def _file(reader: _Reader, item: Node, source: SourceText, chain: tuple[Path, ...]) -> Table | None:
    """The tree of one included file, its own includes in it; nothing where it has been included before."""
    path, name = _path(reader.reporter, item, source)
    _check_chain(reader, item, path, chain)
    if path in reader.known:
        return None
    reader.known[path] = None
    found = _read(reader, item, path, name)
    number = reader.reporter.include(found)
    root = parse(found, reader.reporter, number)
    if not isinstance(root, Table):
        raise _wrong(reader.reporter, item, f"{name} holds no sections", "it begins with `slabviz: 1`")
    _check_sections(reader.reporter, root)
    return _together(reader, root, found, (*chain, path))


def _path(reporter: Reporter, item: Node, source: SourceText) -> tuple[Path, str]:
    """Where an included file lies, and what it is called in messages."""
    if not isinstance(item, Scalar) or not item.text:
        raise _wrong(reporter, item, "a file is needed here", "as `library/fork.yaml`, or a path from here")
    written = PurePosixPath(item.text)
    if written.is_absolute() or "\\" in item.text or ":" in item.text:
        raise _wrong(reporter, item, f"{quote(item.text)} is not a path from this file's folder", "write it with `/`")
    if written.parts[0] == LIBRARY and (source.folder is None or not source.folder.joinpath(written).is_file()):
        return scenario_folder().joinpath(written), str(written)
    if source.folder is None:
        raise _wrong(reporter, item, "a text that is no file can only include what lies in `library/`")
    here = PurePosixPath(source.name.replace("\\", "/")).parent
    return source.folder.joinpath(written).resolve(), str(here / written)


def _check_chain(reader: _Reader, item: Node, path: Path, chain: tuple[Path, ...]) -> None:
    if path in chain:
        raise _wrong(reader.reporter, item, f"{path.name} includes itself, directly or through others")
    if len(chain) >= DEEPEST:
        raise _wrong(reader.reporter, item, f"more than {DEEPEST} files include each other in a row")
    if path not in reader.known and len(reader.known) >= MOST:
        raise _wrong(reader.reporter, item, f"a scenario includes at most {MOST} files")


def _read(reader: _Reader, item: Node, path: Path, name: str) -> SourceText:
    try:
        found = read_source(path, name)
    except ScenarioError as problem:
        first = problem.diagnostics[0]
        message = f"{first.place}: {first.message}"
        raise _wrong(reader.reporter, item, message) from None
    except SourceError as problem:
        raise _wrong(reader.reporter, item, str(problem), _instead(path)) from None
    reader.size += len(found.text)
    if reader.size > SIZE_LIMIT:
        raise _wrong(reader.reporter, item, "a scenario and all that it includes have at most 1 MiB")
    return found


def _instead(path: Path) -> str:
    """The nearest file in the folder, or all of them where there are few."""
    files = sorted(file.name for file in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
    near = nearest(path.name, files)
    return near or (f"there are {one_of(files)}" if files else "")


def _check_sections(reporter: Reporter, root: Table) -> None:
    known = (*NAMED, *SETTINGS, *IGNORED, INCLUDE)
    if _entry(root, "slabviz") is None:
        reporter.report(root.spot, "missing-key", "an included file begins with `slabviz: 1`, too")
    for entry in root.entries:
        word = entry.key.text
        if word not in known:
            hint = nearest(word, known) or f"it has {one_of((*NAMED, *SETTINGS))}"
            reporter.report(entry.key.spot, "include", f"an included file cannot have {quote(word)}", help=hint)
        elif word in (*NAMED, *SETTINGS) and not isinstance(entry.value, Table):
            message = f"`{word}` is a table of keys and values"
            reporter.report(entry.value.spot, "wrong-kind", message)


def _merged(reporter: Reporter, own: Table, tables: list[Table]) -> Table:
    """A file's own sections with what the included ones add."""
    mine = {entry.key.text: entry for entry in own.entries}
    added: dict[str, tuple[Scalar, dict[str, Entry]]] = {}
    for table in tables:
        for section, key, entry in _inner(table):
            mine_too = section in mine and _entry(mine[section].value, entry.key.text) is not None
            entries = added.setdefault(section, (key, {}))[1]
            if not mine_too and entry.key.text in entries and section in NAMED:
                _clash(reporter, entry, entries[entry.key.text], section)
            elif not mine_too:
                entries[entry.key.text] = entry
    kept = tuple(_lengthened(entry, added.pop(entry.key.text, None)) for entry in own.entries)
    rest = (Entry(key, Table(key.spot, tuple(entries.values()))) for key, entries in added.values())
    return Table(own.spot, (*kept, *rest))


def _inner(table: Table) -> Iterator[tuple[str, Scalar, Entry]]:
    for section in table.entries:
        if section.key.text in (*NAMED, *SETTINGS) and isinstance(section.value, Table):
            for entry in section.value.entries:
                yield section.key.text, section.key, entry


def _lengthened(entry: Entry, added: tuple[Scalar, dict[str, Entry]] | None) -> Entry:
    if added is None:
        return entry
    value = entry.value
    if not isinstance(value, Table):  # empty, or a mistake that is reported when the section is read
        return entry if not isinstance(value, Scalar) or value.text else Entry(entry.key, _table(entry, added[1]))
    return Entry(entry.key, Table(value.spot, (*value.entries, *added[1].values())))


def _table(entry: Entry, entries: dict[str, Entry]) -> Table:
    return Table(entry.value.spot, tuple(entries.values()))


def _clash(reporter: Reporter, entry: Entry, first: Entry, section: str) -> None:
    message = f"two included files have {quote(entry.key.text)} in `{section}`"
    reporter.report(
        entry.key.spot, "name-taken", message, help="define it in the scenario itself: that comes first",
        note=(first.key.spot, "first given here"),
    )  # fmt: skip


def _entry(node: Node, name: str) -> Entry | None:
    entries = node.entries if isinstance(node, Table) else ()
    return next((entry for entry in entries if entry.key.text == name), None)


def _wrong(reporter: Reporter, item: Node, message: str, help: str = "") -> Refused:
    return reporter.report(item.spot, "include", message, help=help)
