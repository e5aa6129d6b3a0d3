"""One instant, as all parts of the story look at it: what is given, and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from slabviz.model.cast import Actor
from slabviz.model.events import Event
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.story.calls import Call
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.tenures import Tenures
from slabviz.timeline.run import Run
from slabviz.timeline.showing import Words

FALLBACK = "en"


class Translate(Protocol):
    """The text of a key with its placeholders filled (``Catalogue.tr``)."""

    def __call__(self, key: str, /, **values: object) -> str: ...


@dataclass(slots=True, eq=False)
class Moment:
    """The machine after all events before number ``behind``, at ``tick``, and the moves under way."""

    run: Run
    machine: Machine
    tick: int
    behind: int
    cache: KmemCache
    moves: Sequence[Move]
    chronicle: Chronicle
    tenures: Tenures
    tr: Translate
    language: str
    tier: Tier
    calls: dict[tuple[int, int], Call | None] = field(default_factory=dict)
    """Calls that have been looked up, by CPU and depth."""
    travelling: dict[int, Move] = field(init=False)
    """The move of each slab of this cache that is between two places: the first, if others wait until it is over."""

    def __post_init__(self) -> None:
        self.travelling = {}
        for move in self.moves:
            if move.cache == self.cache.id and move.kind in (MoveKind.SLAB, MoveKind.PAGES):
                known = self.travelling.get(move.slab)
                if known is None or known.event > move.event:
                    self.travelling[move.slab] = move

    def last_events(self, most: int) -> Iterator[Event]:
        """The events of this tick, at most so many of them: tick 0 holds all that happened at boot."""
        first, behind = self.run.log.span(self.tick)
        return self.run.log.events(max(first, behind - most), behind)

    def actor(self, who: int) -> Actor:
        """Somebody by number."""
        return self.run.cast[who]

    def words(self, words: Words) -> str:
        """A text of the run in the picture's language, in English if it has no other."""
        return spoken(words, self.language)


def spoken(words: Words, language: str) -> str:
    """A text of a run in a language, in English if it has no other."""
    for name in (language, language.partition("_")[0], FALLBACK):
        if name in words:
            return words[name]
    return next(iter(words.values()), "")
