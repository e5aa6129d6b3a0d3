"""A frame and what it is held against: the machine of its tick, the moves under way, the cache on stage."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import floor

from slabviz.i18n import Catalogue
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.scene.display import Block, Icon, Rect, Scene, Text
from slabviz.scene.moves import Move, MoveKind
from slabviz.timeline.run import Run

_GAPS = re.compile("(?<=\\d)[\u2009\u202f ](?=\\d{3})")
_OBJECTS = (MoveKind.ALLOC, MoveKind.FREE)
_SLABS = (MoveKind.SLAB, MoveKind.PAGES)


@dataclass(frozen=True, eq=False)
class Shot:
    """``scene`` is read as a reader reads it: by its words, glyphs and boxes, found by the keys of their blocks."""

    scene: Scene
    run: Run
    machine: Machine
    position: float
    cache_id: int
    moves: tuple[Move, ...]
    language: str = "en"

    @cached_property
    def blocks(self) -> dict[Hashable, Block]:
        """The blocks by key."""
        return {block.key: block for block in self.scene.blocks}

    @property
    def tick(self) -> int:
        """The tick that is shown."""
        return floor(self.position)

    @property
    def cache(self) -> KmemCache:
        """The cache on stage."""
        return self.machine.caches[self.cache_id]

    @cached_property
    def slabs(self) -> dict[int, Slab]:
        """Every slab of the cache that is alive: one that waits for RCU is none any more."""
        return {
            slab.id: slab for slab in self.machine.slabs.values()
            if slab.cache is self.cache and slab.id not in self.machine.rcu_slabs
        }  # fmt: skip

    @cached_property
    def objects_in_flight(self) -> dict[tuple[int, int], Move]:
        """By slab and index: the move under way of an object, the first where another waits for it."""
        found: dict[tuple[int, int], Move] = {}
        for move in sorted(self.moves, key=lambda move: move.event):
            if move.cache == self.cache_id and move.kind in _OBJECTS:
                found.setdefault((move.slab, move.obj), move)
        return found

    @cached_property
    def slabs_in_flight(self) -> dict[int, Move]:
        """By slab: its move under way, the first where another waits for it."""
        found: dict[int, Move] = {}
        for move in sorted(self.moves, key=lambda move: move.event):
            if move.cache == self.cache_id and move.kind in _SLABS and move.slab in self.slabs:
                found.setdefault(move.slab, move)
        return found

    @cached_property
    def words(self) -> Catalogue:
        """The words of the picture."""
        return Catalogue(self.language)

    def holders_of(self, slab: Slab) -> dict[int, int]:
        """Return who holds each object of a slab, by index.

        What a corrupted freelist handed out that is no object at all fills no cell: the error view tells of it.
        """
        start, size = slab.cache.red_left_pad, slab.cache.size
        return {
            index: slab.owners[start + index * size]
            for index in range(slab.objects) if start + index * size in slab.owners
        }  # fmt: skip

    def text_nodes(self, *key: object) -> list[Text]:
        """Return the texts of a block; none if there is no such block."""
        block = self.blocks.get(key)
        return [] if block is None else [node for node in block.nodes if isinstance(node, Text)]

    def texts(self, *key: object) -> list[str]:
        """Return what a block says, in order, without the gaps between digits."""
        return [plain(node.text) for node in self.text_nodes(*key)]

    def icons(self, *key: object) -> list[Icon]:
        """Return the glyphs of a block."""
        block = self.blocks.get(key)
        return [] if block is None else [node for node in block.nodes if isinstance(node, Icon)]

    def where(self, *key: object) -> Rect:
        """Return the rectangle of a block."""
        return self.blocks[key].rect

    def kind(self, name: str) -> Iterator[tuple[int, Block]]:
        """Yield the blocks whose key is (name, number)."""
        for key, block in self.blocks.items():
            if isinstance(key, tuple) and len(key) == 2 and key[0] == name and isinstance(key[1], int):
                yield key[1], block

    def said(self, key: str, text: str) -> re.Match[str] | None:
        """Match a text with one of the catalogue, whose placeholders are groups of the match."""
        return _pattern(self.words.texts[key]).fullmatch(text)


def plain(text: str) -> str:
    """Return a text without the gaps between groups of digits."""
    return _GAPS.sub("", text)


def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches any filling of a catalogue's text."""
    seen: set[str] = set()
    made = ""
    for number, part in enumerate(re.split(r"\{(\w+)\}", template)):
        if number % 2 == 0:
            made += re.escape(part)
        else:
            made += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return re.compile(made)
