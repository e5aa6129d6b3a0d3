"""Finding room for a thing that stands over the page: near its place, clear of words and glyphs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from slabviz.scene.display import Block, Icon, Point, Rect, Text
from slabviz.scene.layout.memo import Memo

_REACHES = ((40, 10), (72, 28))
"""How far a thing may stand beside its place, to the sides, and up and down; the second where it would hide a word."""
_STEP = 4
_WORD, _GLYPH = 100, 4
"""What a square pixel of a word or a glyph counts that would be hidden, against one px of distance."""


class Clearing:
    """What is written on a page; looked up where something wants to stand."""

    def __init__(self, blocks: Sequence[Block], memo: Memo) -> None:
        self._blocks = blocks
        self._memo = memo
        self._taken: list[tuple[Rect, int]] = []

    def take(self, rect: Rect, narrower: int | None = None) -> Rect:
        """Return the place nearest to ``rect`` where it hides no word, or as little as can be; if it always would,
        ``narrower`` so wide. What is taken is as good as written on.
        """
        found = (*self._nearest(rect), *rect[2:])
        if narrower is not None and self._hides(found):
            slim = (rect[0], rect[1], narrower, rect[3])
            found = (*self._nearest(slim), *slim[2:])
        self._taken.append((found, _WORD))
        return found

    def _hides(self, rect: Rect) -> bool:
        return any(weight == _WORD for _, weight in self._things(rect))

    def _nearest(self, rect: Rect) -> Point:
        x, y, w, h = rect
        spot = x, y
        for far, down in _REACHES:
            things = self._things((x - far, y - down, w + 2 * far, h + 2 * down))
            if not any(_shared(thing, rect) for thing, _ in things):
                break
            spots = [(x + dx, y + dy) for dy in range(-down, down + 1) for dx in range(-far, far + 1, _STEP)]
            spot = min(spots, key=lambda at: (_cost(things, (*at, w, h), (x, y)), at))
            if _cost(things, (*spot, w, h), spot) < _WORD:
                break
        return spot

    def _things(self, around: Rect) -> list[tuple[Rect, int]]:
        """Words and glyphs of a neighbourhood, and what each pixel of them counts."""
        found = [taken for taken in self._taken if _shared(taken[0], around)]
        for block in self._blocks:
            if not _shared(block.rect, around):
                continue
            written = self._memo.value(("written", block.key), block, partial(self._written, block))
            found += [thing for thing in written if _shared(thing[0], around)]
        return found

    def _written(self, block: Block) -> list[tuple[Rect, int]]:
        """All words and glyphs of a block; looked up once while the block stays the same object."""
        words = [(self._ink(node), _WORD) for node in block.nodes if isinstance(node, Text)]
        glyphs = [((icon.x, icon.y, icon.size, icon.size), _GLYPH) for icon in block.nodes if isinstance(icon, Icon)]
        return words + glyphs

    def _ink(self, node: Text) -> Rect:
        width, height = self._memo.measure(node.text, node.style), node.style.size * 8 // 10
        return node.x - {"l": 0, "m": width // 2, "r": width}[node.anchor], node.y - height // 2, width, height


def _cost(things: Sequence[tuple[Rect, int]], rect: Rect, wanted: Point) -> int:
    hidden = sum(_shared(thing, rect) * weight for thing, weight in things)
    return hidden + abs(rect[0] - wanted[0]) + 2 * abs(rect[1] - wanted[1])


def _shared(one: Rect, other: Rect) -> int:
    """How many square pixels two rectangles share."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    tall = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0
