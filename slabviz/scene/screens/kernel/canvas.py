"""The objects of one group of the map as a picture of palette indexes: only tiles that changed are written again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slabviz.scene.display import Colour, Pixels
from slabviz.scene.screens.kernel.places import Blocks, GroupPlace, TilePlace
from slabviz.scene.story.atlas import FREE, NOTHING, USED
from slabviz.scene.story.kernel import LEVELS, CacheLine

Cells = NDArray[np.uint8]
EMPTY: Colour = "s1"
FREE_BLOCK: Colour = "free*20+s1"
_QUIET, _FULL, _WHITE = 48, 8, 45
"""Percent: of ``slab`` at the quietest level; from level ``_FULL`` on ``t1`` is mixed in, up to ``_WHITE``."""


def brightness(level: int) -> Colour:
    """The colour of used blocks: the busier, the stronger."""
    if level <= _FULL:
        return f"slab*{_QUIET + (100 - _QUIET) * level // _FULL}+s1"
    return f"t1*{_WHITE * (level - _FULL) // (LEVELS - 1 - _FULL)}+slab"


PALETTE: tuple[Colour, ...] = (EMPTY, FREE_BLOCK, *map(brightness, range(LEVELS)))
"""Nothing, free, and used at each level."""
_TABLES = [bytes.maketrans(bytes((NOTHING, FREE, USED)), bytes((0, 1, 2 + level))) for level in range(LEVELS)]


class Canvas:
    """The picture of one group. What it shows depends on the last call alone, not on those before."""

    def __init__(self, group: GroupPlace, tiles: Sequence[TilePlace]) -> None:
        self._at = group.rect
        self._tiles = tiles
        self._cells = np.zeros((group.rect[3], group.rect[2]), np.uint8)
        self._rooms = {tile.cache: self._room(tile.blocks) for tile in tiles if tile.blocks is not None}
        self._drawn: dict[int, tuple[bytes, int]] = {}
        self._node = self._made()

    def node(self, contents: Sequence[bytes], lines: Sequence[CacheLine]) -> Pixels:
        """Return the picture of these contents, by cache; the same object while it is the same picture."""
        changed = False
        for tile in self._tiles:
            wanted = contents[tile.cache], lines[tile.cache].level
            if tile.blocks is not None and self._drawn.get(tile.cache) != wanted:
                self._drawn[tile.cache] = wanted
                _write(self._rooms[tile.cache], tile.blocks, *wanted)
                changed = True
        if changed:
            self._node = self._made()
        return self._node

    def _made(self) -> Pixels:
        x, y, w, h = self._at
        return Pixels(x, y, w, h, self._cells.tobytes(), PALETTE)

    def _room(self, at: Blocks) -> Cells:
        """The pixels of a tile's blocks as (row of blocks, line in it, pixel in that)."""
        wide, tall = at.cell
        left, top = at.x - self._at[0], at.y - self._at[1]
        room = self._cells[top : top + at.rows * tall, left : left + at.columns * wide].view()
        room.shape = (at.rows, tall, at.columns * wide)  # unlike reshape() it never copies
        return room


def _write(room: Cells, at: Blocks, content: bytes, level: int) -> None:
    """One block an object, row by row as they lie in their slabs; behind the last there is nothing."""
    if at.each > 1:
        marks = np.frombuffer(content + bytes(-len(content) % at.each), np.uint8)
        content = marks.reshape(-1, at.each).max(axis=1).tobytes()
    whole = content.translate(_TABLES[level]) + bytes(at.columns * at.rows - len(content))
    cells = np.frombuffer(whole, np.uint8).reshape(at.rows, at.columns)
    wide, tall = at.cell
    line = np.zeros((at.rows, at.columns, wide), np.uint8)
    for pixel in range(wide - at.gap):  # one after the other: numpy is slow where the innermost axis is short
        line[:, :, pixel] = cells
    for number in range(tall - at.gap):
        room[:, number] = line.reshape(at.rows, -1)
