"""Finding room for a thing that stands over the page: near its place, clear of words and glyphs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from slabviz.scene.display import Block, Icon, Point, Rect, Text
from slabviz.scene.layout.memo import Memo

_FAR = 40
_STEP = 4
_DOWN = 10
"""How far a thing may stand beside its place: to the sides in steps, up and down less far but to the pixel."""
_FAR_DOWN = 26
"""And if it would hide a word there: so far up and down, in steps."""
_ROWS = sorted({*range(-_DOWN, _DOWN + 1), *range(-_FAR_DOWN, _FAR_DOWN + 1, _STEP)})
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
        around = (x - _FAR, y - _FAR_DOWN, w + 2 * _FAR, h + 2 * _FAR_DOWN)
        things = self._things(around)
        if not any(_shared(thing, rect) for thing, _ in things):
            return x, y
        spots = [
            (x + dx, y + dy)
            for dy in _ROWS
            for dx in range(-_FAR, _FAR + 1, _STEP)
        ]  # fmt: skip
        return min(spots, key=lambda spot: (_cost(things, (*spot, w, h), (x, y)), spot))

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
