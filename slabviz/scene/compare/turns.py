"""The calls that go different ways in two runs, and which of them is told of when.

The n-th call of somebody in one run is the n-th call of the same somebody in the other: with one seed both do the same
work, and only the ways differ. Where the kinds of calls no longer match, the two are not doing the same any more, and
nothing of that caller is compared from there on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from slabviz.model.cast import Cast
from slabviz.scene.story.calls import OPEN, Call
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.outcome import SEVERITY, Outcome, outcome_of
from slabviz.scene.story.spotlight import HOLD

FAR = 48
"""Ticks. Calls farther apart than this are no longer seen as one: then the numbers alone are told."""

NEVER = 1 << 40

Caller = tuple[str, str, str]
"""Kind, mark and name: numbers of actors differ between runs."""
Way = Outcome | None
"""None: the fast path."""


@dataclass(slots=True, frozen=True, eq=False)
class Told:
    """Two calls that are one in the story, told of from tick ``start`` to before ``until``; ``lead`` is the side whose
    way matters more."""

    start: int
    until: int
    calls: tuple[Call, Call]
    ways: tuple[Way, Way]
    ticks: tuple[int, int]
    """When each took its way."""
    lead: int


@dataclass(slots=True, frozen=True, eq=False)
class Book:
    """What is read of one run: its calls, who made them, and which cache they are looked at for."""

    chronicle: Chronicle
    cast: Cast
    cache: int


def turns(books: tuple[Book, Book]) -> list[Told]:
    """All that is told, in the order of time; none overlaps another."""
    return list(_one_at_a_time(sorted(_different(books), key=lambda told: (told.start, -_weight(told)))))


def parted(books: tuple[Book, Book]) -> int:
    """The tick from which on somebody makes other calls in one run than in the other; NEVER if nobody does.

    Until then only the times of the calls may differ.
    """
    mine, theirs = (_by_caller(book) for book in books)
    ticks = [NEVER]
    for caller in {*mine, *theirs}:
        for pair in zip_longest(mine.get(caller, ()), theirs.get(caller, ())):
            if len({None if call is None else call.kind for call in pair}) > 1:
                ticks += [_tick(book, call) for book, call in zip(books, pair, strict=True) if call is not None]
                break
    return min(ticks)


def way_of(call: Call) -> Way:
    """Which way a call went."""
    return outcome_of(call) if call.slow else None


def _different(books: tuple[Book, Book]) -> Iterator[Told]:
    mine, theirs = (_by_caller(book) for book in books)
    for caller, calls in mine.items():
        for pair in zip(calls, theirs.get(caller, ()), strict=False):
            if pair[0].kind != pair[1].kind:
                break  # from here on they do not do the same
            ways = way_of(pair[0]), way_of(pair[1])
            told = _told(books, pair, ways)
            if ways[0] is not ways[1] and abs(told.ticks[0] - told.ticks[1]) <= FAR:
                yield told


def _by_caller(book: Book) -> dict[Caller, list[Call]]:
    """The calls for the cache that have ended, of each caller in order."""
    book.chronicle.read(len(book.chronicle.log))
    found: defaultdict[Caller, list[Call]] = defaultdict(list)
    calls = (call for on_cpu in book.chronicle.calls.by_cpu for call in on_cpu)
    for call in sorted(calls, key=lambda call: call.first):
        who = call.actor or call.who
        if call.cache == book.cache and call.last != OPEN and who:
            actor = book.cast[who]
            found[actor.kind, actor.mark, actor.name].append(call)
    return found


def _told(books: tuple[Book, Book], calls: tuple[Call, Call], ways: tuple[Way, Way]) -> Told:
    """Where the two are far apart in time, it is told when the second happens: a caption speaks of no future."""
    ticks = _tick(books[0], calls[0]), _tick(books[1], calls[1])
    start = min(ticks) if abs(ticks[0] - ticks[1]) <= HOLD else max(ticks)
    over = max(book.chronicle.log.tick_of(call.last) for book, call in zip(books, calls, strict=True))
    return Told(start, over + HOLD, calls, ways, ticks, int(_severity(ways[1]) > _severity(ways[0])))


def _tick(book: Book, call: Call) -> int:
    return book.chronicle.log.tick_of(call.marks[0][0] if call.slow else call.last)


def _severity(way: Way) -> int:
    return 0 if way is None else SEVERITY[way]


def _weight(told: Told) -> int:
    return max(map(_severity, told.ways))


def _one_at_a_time(found: list[Told]) -> Iterator[Told]:
    """Each has its time alone; one that matters more takes it from a lesser, all others that come meanwhile are left
    out."""
    shown: Told | None = None
    for told in found:
        if shown is not None and told.start < shown.until:
            if _weight(told) <= _weight(shown) or told.start == shown.start:
                continue
            shown = _until(shown, told.start)
        if shown is not None:
            yield shown
        shown = told
    if shown is not None:
        yield shown


def _until(told: Told, tick: int) -> Told:
    return Told(told.start, tick, told.calls, told.ways, told.ticks, told.lead)
