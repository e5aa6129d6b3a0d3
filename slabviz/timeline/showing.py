"""What a story shows and asks, as plain data that a saved run can carry: views by name, questions with their answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

Words = Mapping[str, str]
"""A text by language: ``{"en": …, "zh": …}``; an empty mapping says nothing."""

ERROR = "error"
"""The screen that stands in the place of a level: what went wrong, and what the kernel says of it."""

LEVELS = ("kernel", "cache", "slab", "object", "bytes", ERROR)
"""The levels of the zoom by name, from afar to near, and the error screen."""

PANELS = (
    "holders", "path", "inspector", "stats", "text", "structs", "layout", "life", "caches", "sets", "map",
)  # fmt: skip
"""What the right column can show, by name."""

REPORTS = ("slabinfo", "slabtop", "meminfo", "buddyinfo", "zoneinfo", "sysfs", "stats", "dmesg")
"""What the text panel can show, by name."""


@dataclass(slots=True, frozen=True)
class Show:
    """What is to be seen from some tick on; None leaves a thing as it was.

    ``cache`` is an id, ``slab`` and ``index`` the choice (an object of a slab, or the slab alone), ``speed`` a multiple
    of 4 ticks a second, ``compare`` two variants side by side.
    """

    level: str | None = None
    cache: int | None = None
    panel: str | None = None
    report: str | None = None
    slab: int | None = None
    index: int | None = None
    speed: float | None = None
    compare: tuple[str, str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything as it was."""
        return all(getattr(self, each.name) is None for each in fields(self))

    def then(self, later: Show) -> Show:
        """What is seen once ``later`` has been shown on top; a choice is replaced as a whole."""
        given = {each.name: getattr(later, each.name) for each in fields(later)}
        kept = {name: value for name, value in given.items() if value is not None}
        return replace(self, **kept) if later.slab is None else replace(self, **{"index": None, **kept})


NOTHING = Show()
"""Everything stays as it is."""


@dataclass(slots=True, frozen=True)
class Choice:
    """One answer of a question: an entry ``quiz.<key>`` of the catalogue with its ``values``, or an own text.

    Where ``text`` is not empty it is the answer in the author's words and ``key`` is empty.
    """

    key: str
    values: Mapping[str, str | int]
    text: Words


@dataclass(slots=True, frozen=True)
class Question:
    """What the reader is asked, before it is shown.

    ``tick`` is where it is asked (the picture stands there), ``reveal`` the tick at which the answer can be seen. The
    ``right`` one of the ``choices`` was found from the model; their order is part of the run.
    """

    tick: int
    text: Words
    choices: tuple[Choice, ...]
    right: int
    reveal: int


def merged(shows: Iterable[Show]) -> Show:
    """All of them, one on top of the other."""
    found = Show()
    for show in shows:
        found = found.then(show)
    return found
