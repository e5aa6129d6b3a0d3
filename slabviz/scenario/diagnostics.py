"""Problems of a scenario file: collected all in one go, each with its line, a caret, and the nearest right word.

The form is that of compilers, so that editors find the place::

    storm.yaml:7:20: error[unknown-key]: unknown key `alginn` in `caches`
       7 |   skb: {size: 232 B, alginn: 64 B}
         |                      ^^^^^^
      help: did you mean `align`?
      note: storm.yaml:3:3: declared here
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from slabviz.errors import Diagnostic, Place, ScenarioError
from slabviz.scenario.source import SourceText

MOST = 100
"""After this many problems the rest is only counted: the first ones explain the others."""

CLOSE = 0.65
"""How alike two words must be to propose one for the other (difflib's ratio)."""

MANY = 10
"""Words that a message lists."""

EXCERPT_WIDTH = 120
"""Characters of a source line that are shown; longer lines are cut around the caret."""


class Spot(NamedTuple):
    """A piece of one line of a file; line and column count from 1, ``length`` in characters.

    ``file`` is the number of the file among those that are read together: 0 is the scenario itself, the others are what
    it includes.
    """

    line: int
    column: int
    length: int = 1
    file: int = 0


class Refused(Exception):
    """A value cannot be read. The reason has been reported already."""


@dataclass(slots=True)
class Reporter:
    """Collects the problems of one file and of those that it includes."""

    source: SourceText
    found: list[tuple[Spot, Diagnostic]] = field(default_factory=list)
    doubted: list[tuple[Spot, Diagnostic]] = field(default_factory=list)
    _known: set[tuple[Spot, Diagnostic]] = field(default_factory=set)
    included: list[SourceText] = field(default_factory=list)

    def include(self, source: SourceText) -> int:
        """One more file: its number in spots."""
        self.included.append(source)
        return len(self.included)

    def file(self, number: int) -> SourceText:
        """A file by its number."""
        return self.included[number - 1] if number else self.source

    def place(self, spot: Spot) -> Place:
        """A spot as it is printed."""
        return Place(self.file(spot.file).name, spot.line, spot.column)

    def spot(self, place: Place, length: int = 1) -> Spot:
        """A place of one of the files as a spot."""
        names = [self.source.name, *(source.name for source in self.included)]
        return Spot(place.line, place.column, length, names.index(place.file))

    def report(
        self, spot: Spot, code: str, message: str, *, help: str = "", note: tuple[Spot, str] | None = None
    ) -> Refused:
        """Remember a problem, once for all variations of a file; the result may be raised by who cannot go on."""
        self._remember(self.found, spot, code, "error", message, help, note)
        return Refused(message)

    def warn(
        self, spot: Spot, code: str, message: str, *, help: str = "", note: tuple[Spot, str] | None = None
    ) -> None:
        """Remember something legal that is hardly meant so, once for all variations of a file."""
        self._remember(self.doubted, spot, code, "warning", message, help, note)

    def _remember(
        self, found: list[tuple[Spot, Diagnostic]], spot: Spot, code: str, severity: str, message: str, help: str,
        note: tuple[Spot, str] | None,
    ) -> None:  # fmt: skip
        excerpt = "\n".join(_excerpt(self.file(spot.file).line(spot.line), spot))
        notes = ((self.place(note[0]), note[1]),) if note else ()
        what = Diagnostic(self.place(spot), message, excerpt, code, severity, spot.length, help, notes)
        if (spot, what) not in self._known:
            self._known.add((spot, what))
            found.append((spot, what))

    def finish(self) -> None:
        """Raise ScenarioError with everything found, in the order of the file; do nothing if all is well."""
        if self.found:
            raise ScenarioError(_in_order(self.found)) from None

    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is legal but doubtful, in the order of the file."""
        return tuple(_in_order(self.doubted))


def _in_order(found: list[tuple[Spot, Diagnostic]]) -> list[Diagnostic]:
    ordered = [what for _, what in sorted(found, key=lambda at: (at[0].file, at[0].line, at[0].column))]
    rest = len(ordered) - MOST
    if rest <= 0:
        return ordered
    last = ordered[MOST]
    more = Diagnostic(last.place, f"{rest} more problems are not shown", code="many", severity=last.severity)
    return [*ordered[:MOST], more]


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` for a word that is not known, or nothing when no known one is near."""
    match = get_close_matches(word[:60], list(known), 1, CLOSE)
    return f"did you mean `{match[0]}`?" if match else ""


def one_of(known: Iterable[str]) -> str:
    """The words that are allowed, for a message: `a`, `b` or `c`; of many only the first few."""
    words = [f"`{word}`" for word in known]
    if len(words) > MANY:
        return f"{', '.join(words[:MANY])} … (docs/scenario.md has all {len(words)})"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def quote(text: str) -> str:
    """A piece of the file in a message: one line, at most 40 characters."""
    flat = text.replace("\n", " ")
    return f"`{flat[:39]}…`" if len(flat) > 40 else f"`{flat}`"


def _excerpt(line: str, spot: Spot) -> Iterable[str]:
    column = spot.column - 1
    start = max(0, min(column - EXCERPT_WIDTH // 2, len(line) - EXCERPT_WIDTH)) if len(line) > EXCERPT_WIDTH else 0
    shown = line[start : start + EXCERPT_WIDTH].replace("\t", " ")
    before = shown[: column - start]
    marked = shown[column - start : column - start + spot.length]
    yield f"{spot.line:>4} | {shown}".rstrip()
    yield f"     | {' ' * _cells(before)}{'^' * max(1, _cells(marked))}"


def _cells(text: str) -> int:
    """Width in terminal cells: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
