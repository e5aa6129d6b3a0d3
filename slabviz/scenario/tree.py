"""YAML with marks: the file as a tree of scalars, lists and tables, each knowing its spot.

Built from PyYAML's events without recursion, so that no nesting is too deep to be refused politely. Scalars keep the
characters of the file: YAML 1.1 never turns `no` into false or `010` into 8 here, ``trap`` says where it would.
Aliases, tags and further documents are refused: the language has ``programs`` for what is said twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from slabviz.scenario.diagnostics import Refused, Reporter, Spot, quote
from slabviz.scenario.source import SourceText

DEEPEST = 40
"""Levels of nesting; a program within programs needs about ten."""

SLOW_LIMIT = 1 << 16
"""Characters that PyYAML's own parser, which takes 30 times as long as libyaml, may be asked to look at."""

TOO_DEEP = "nesting depth"
"""In the words of libyaml 0.2.6 and later, which follows no more than 1000 levels."""

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# A long file has ten thousands of the following; frozen ones take twice as long to make. Nobody changes them.
@dataclass(slots=True, eq=False)
class Scalar:
    """A word, number or text; ``plain`` without quotes."""

    spot: Spot
    text: str
    plain: bool


@dataclass(slots=True, eq=False)
class Entry:
    """One key of a table and its value."""

    key: Scalar
    value: Node


@dataclass(slots=True, eq=False)
class Table:
    """Keys and values in the order of the file; no key comes twice."""

    spot: Spot
    entries: tuple[Entry, ...]


@dataclass(slots=True, eq=False)
class Items:
    """A list."""

    spot: Spot
    items: tuple[Node, ...]


Node: TypeAlias = Scalar | Table | Items

_TRAPS = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"(?i:yes|on)", "true"),
        (r"(?i:no|off)", "false"),
        (r"(?:True|TRUE)", "true"),
        (r"(?:False|FALSE)", "false"),
        (r"[-+]?0[0-7_]+", "a number of base 8"),
        (r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", "a number of base 60"),
        (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", "a date"),
        (r"~|null|Null|NULL", "nothing"),
    )
)


_ANY_TRAP = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _TRAPS))


def trap(node: Scalar) -> str:
    """What YAML 1.1 would silently make of a plain scalar instead of the word it looks like, or nothing."""
    if not node.plain or not _ANY_TRAP.fullmatch(node.text):
        return ""
    return next((meaning for pattern, meaning in _TRAPS if pattern.fullmatch(node.text)), "")


def parse(source: SourceText, reporter: Reporter, file: int = 0) -> Node | None:
    """The tree of a file, or None if it holds nothing. Duplicate keys are reported, and their first value is kept.
    ``file`` is its number in spots.

    Raises Refused, after reporting, what makes the rest unreadable: a syntax error, an alias, too deep nesting.
    """
    try:
        return _Builder(reporter, file).build(yaml.parse(source.text, Loader=_LOADER))
    except yaml.MarkedYAMLError as problem:
        if problem.problem_mark and TOO_DEEP in str(problem):
            # libyaml gives up before its events come; PyYAML's own parser finds the level that is ours to refuse.
            begin = source.text[: problem.problem_mark.index]
            return _Builder(reporter, file).build(yaml.parse(begin, yaml.SafeLoader))
        return _parse_slowly(source, reporter, file, problem)
    except yaml.YAMLError as problem:
        return _parse_slowly(source, reporter, file, problem)


def _parse_slowly(source: SourceText, reporter: Reporter, file: int, first: yaml.YAMLError) -> Node | None:
    """libyaml and PyYAML differ in what they refuse and how they word it: PyYAML decides, unless it would take long."""
    if len(source.text) > SLOW_LIMIT:
        raise _syntax_error(source, reporter, file, first) from None
    before = len(reporter.found)
    try:
        return _Builder(reporter, file).build(yaml.parse(source.text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as problem:
        del reporter.found[before:]
        raise _syntax_error(source, reporter, file, problem) from None


def _syntax_error(source: SourceText, reporter: Reporter, file: int, problem: yaml.YAMLError) -> Refused:
    if not isinstance(problem, yaml.MarkedYAMLError):
        return reporter.report(Spot(1, 1, 1, file), "yaml", f"this is not YAML: {quote(str(problem))}")
    mark = problem.problem_mark or problem.context_mark
    spot = Spot(mark.line + 1, mark.column + 1, 1, file) if mark else Spot(1, 1, 1, file)
    text = f"{problem.problem or 'cannot be read'}"
    context = f" ({problem.context})" if problem.context else ""
    return reporter.report(spot, "yaml", f"this is not YAML: {text}{context}", help=_syntax_help(source, spot))


def _syntax_help(source: SourceText, spot: Spot) -> str:
    line = source.line(spot.line)
    if line[spot.column - 1 : spot.column] == "\t" or line[: spot.column].startswith("\t"):
        return "indent with spaces, not with tabs"
    if line[spot.column - 1 : spot.column] in tuple(":%@`?"):
        return "put a text with this character in quotes"
    if line[spot.column - 1 : spot.column] == ">":
        return 'put a comparison in quotes, as ">= 5"'
    return "check the indentation, quotes and brackets here and on the line before"


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet; in a table keys and values take turns."""

    spot: Spot
    table: bool
    nodes: list[Node]


class _Builder:
    """Turns PyYAML's events into one tree."""

    def __init__(self, reporter: Reporter, file: int) -> None:
        self.reporter = reporter
        self.file = file
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.documents = 0

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    if event.tag is not None:
                        self._tag(event)
                    self._add(Scalar(self._spot(event), event.value, not event.style))
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    if event.tag is not None:
                        self._tag(event)
                    self._start(event)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    self._add(self._closed(self.open.pop()))
                case yaml.AliasEvent():
                    raise self.reporter.report(
                        self._spot(event), "alias", "aliases (*name) are not part of the language",
                        help="name what is used twice in `programs` and `call` it",
                    )  # fmt: skip
                case yaml.DocumentStartEvent():
                    self._document(event)
        return self.root

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a file holds one scenario; a second one begins here"
            raise self.reporter.report(self._spot(event), "document", message)

    def _tag(self, event: yaml.Event) -> None:
        self.reporter.report(self._spot(event), "tag", "tags (!name) are not part of the language")

    def _start(self, event: yaml.Event) -> None:
        if len(self.open) >= DEEPEST:
            raise self.reporter.report(
                self._spot(event), "depth", f"nested more than {DEEPEST} levels deep",
                help="move inner steps to `programs`",
            )  # fmt: skip
        self.open.append(_Open(self._spot(event), isinstance(event, yaml.MappingStartEvent), []))

    def _closed(self, finished: _Open) -> Node:
        if not finished.table:
            return Items(finished.spot, tuple(finished.nodes))
        nodes = finished.nodes
        if len(nodes) == 2 and isinstance(nodes[0], Scalar):  # as nearly all steps are
            return Table(finished.spot, (Entry(nodes[0], nodes[1]),))
        return Table(finished.spot, tuple(self._entries(nodes)))

    def _entries(self, nodes: list[Node]) -> Iterator[Entry]:
        first: dict[str, Scalar] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.reporter.report(key.spot, "key", "a key is one word, not a list or table")
            elif key.text in first:
                given = first[key.text].spot
                message = f"the key {quote(key.text)} is given twice in one table"
                self.reporter.report(key.spot, "duplicate-key", message, note=(given, "first given here"))
            else:
                first[key.text] = key
                yield Entry(key, value)

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1].nodes.append(node)
        else:
            self.root = node

    def _spot(self, event: yaml.Event) -> Spot:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:  # PyYAML's types allow it; its parsers always set both
            return Spot(1, 1, 1, self.file)
        line, column = start.line, start.column
        length = end.column - column if end.line == line else 1
        return Spot(line + 1, column + 1, length if length > 0 else 1, self.file)
