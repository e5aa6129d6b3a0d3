"""Where the parts of the node panel stand. Rows are fixed by the size of the page, so that no list pushes another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import HALF_STEP, Metrics, Tier

_FOOT = 32
_CARD_GAP = 8


@dataclass(slots=True, frozen=True)
class NodeRows:
    """Middles of the lines of text, and the places of cards of both lists."""

    head: int
    lock: int
    """In compact pages the same line as ``head``."""
    partial_head: int
    partial: Rect
    partial_cards: tuple[Rect, ...]
    full_head: int
    full_cards: tuple[Rect, ...]
    divider: int
    foot: int


@lru_cache(maxsize=16)
def node_rows(rect: Rect, m: Metrics) -> NodeRows:
    """Lay out a node panel: partial lists get the smaller half of the rows of cards, full slabs the rest."""
    x, y, w, h = rect
    tall = m.card[1]
    compact = m.tier is Tier.COMPACT
    foot = 28 if compact else _FOOT
    head, lock, partial_head = (14, 14, 35) if compact else (20, 43, 66)
    top = partial_head + (13 if compact else 14)
    heading = 24 if compact else 32
    rows = max((h - foot - top - heading + _CARD_GAP) // (tall + _CARD_GAP), 2)
    first = rows // 2
    second = top + first * (tall + _CARD_GAP) - _CARD_GAP + heading
    columns, gap = _columns(w - 2 * m.pad, m)
    places = [
        (x + m.pad + column * (m.card[0] + gap), y + start + row * (tall + _CARD_GAP), *m.card)
        for start, count in ((top, first), (second, rows - first))
        for row in range(count)
        for column in range(columns)
    ]
    return NodeRows(
        head=y + head,
        lock=y + lock,
        partial_head=y + partial_head,
        partial=(x + m.pad, y + top, w - 2 * m.pad, first * (tall + _CARD_GAP) - _CARD_GAP),
        partial_cards=tuple(places[: first * columns]),
        full_head=y + second - (10 if compact else 13),
        full_cards=tuple(places[first * columns :]),
        divider=y + h - foot,
        foot=y + h - foot // 2,
    )


def _columns(room: int, m: Metrics) -> tuple[int, int]:
    wide = m.card[0]
    columns = max((room + 6) // (wide + 6), 1)
    return columns, min((room - columns * wide) // max(columns - 1, 1) // HALF_STEP * HALF_STEP, 16)
