"""Where the parts of a comparison stand: two sides in the stage's place, charts in the buddy row's."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import MINI, Tier
from slabviz.scene.layout.regions import Regions

CHARTS = 4
FULL_LANES = 4
"""With more CPUs a lane is one row of a table."""
_CHANNEL = 48
"""A slab in flight is 44 px wide; the channel is beside the rows, inside the panel."""
_PAD = 8
_LABELS = 64
"""Left of the node's cards: the list's name."""
_CARD_GAP = 8
_BEFORE_CHANNEL = 10
"""Between the last card and the channel: an arrow head."""
_OWNERS = 54
"""The row of owners, and over it the road that objects fly on."""
_OWNER = 24
_NODE_HEAD = 32
_LOWER = 4
"""Its text stands so far below its middle: objects fly in the gap above it."""
_HEADS = {Tier.COMPACT: (22, 41, 58, 68), Tier.REGULAR: (28, 52, 74, 88), Tier.LARGE: (30, 58, 84, 100)}
"""From a side's upper edge: middles of title, note and headings, and where the lanes begin."""
_LANES_SHARE = {Tier.COMPACT: 78, Tier.REGULAR: 76, Tier.LARGE: 70}
"""Percent of what is left that the lanes have; the node's cards have the rest."""
_LANE_GAP = 6
_ROUND = 4 * FULL_LANES
"""All lanes begin on the grid of 4 px."""


@dataclass(slots=True, frozen=True)
class SidePlaces:
    """One side. ``title``, ``note``, ``heads`` and ``node`` are middles of lines."""

    rect: Rect
    title: int
    note: int
    heads: int
    lanes: Rect
    channel: Rect
    node: int
    label: Rect
    cards: tuple[Rect, ...]
    """Of the partial list, head first."""
    full: Rect
    """Where full slabs are counted."""
    corridor: Rect
    owners: Rect


@dataclass(slots=True, frozen=True)
class ComparePlaces:
    """Both sides, and the charts under them."""

    sides: tuple[SidePlaces, SidePlaces]
    charts: tuple[Rect, ...]


def compare_places(at: Regions) -> ComparePlaces:
    """Lay out a page of any size."""
    m = at.metrics
    x, top, _, tall = at.lanes
    wide, gap = at.page[0] - 2 * m.margin, 8 if m.tier is Tier.COMPACT else 16
    half = (wide - gap) // 2
    sides = (_side((x, top, half, tall), m.tier), _side((x + wide - half, top, half, tall), m.tier))
    row, between = at.memory[1], 8
    each = (wide - (CHARTS - 1) * between) // CHARTS // 4 * 4
    charts = tuple((x + number * (each + between), row, each, m.buddy) for number in range(CHARTS))
    return ComparePlaces(sides, charts)


def _side(rect: Rect, tier: Tier) -> SidePlaces:
    x, y, w, h = rect
    title, note, heads, first = _HEADS[tier]
    left = h - first - _NODE_HEAD - _OWNERS
    lanes = left * _LANES_SHARE[tier] // 100 // _ROUND * _ROUND
    channel = x + w - _PAD - _CHANNEL
    node = y + first + lanes
    top, tall = node + _NODE_HEAD, left - lanes - _CARD_GAP
    card = min(max(tall * 2 // 3, MINI), 60) // 4 * 4
    first_card = x + _PAD + card + _CARD_GAP + _LABELS
    cards = range(first_card, channel - card - _BEFORE_CHANNEL + 1, card + _CARD_GAP)
    return SidePlaces(
        rect, y + title, y + note, y + heads,
        lanes=(x + _PAD, y + first, channel - x - _PAD, lanes),
        channel=(channel, y + first, _CHANNEL, h - first - _OWNER - 6),
        node=node + _NODE_HEAD // 2 + _LOWER,
        label=(first_card - _LABELS, top, _LABELS - 8, tall),
        cards=tuple((left_edge, top, card, tall) for left_edge in cards),
        full=(x + _PAD, top, card, tall),
        corridor=(x + _PAD, top + tall, w - 2 * _PAD, _OWNERS - _OWNER - 4),
        owners=(x + _PAD, y + h - _OWNER - 6, w - 2 * _PAD, _OWNER),
    )  # fmt: skip


@dataclass(slots=True, frozen=True)
class LanePlaces:
    """Inside a lane of one row."""

    name: Rect
    chain: Rect
    active: Rect
    parked: Rect


def lane_rects_of(lanes: Rect, count: int) -> list[Rect]:
    """The rows of up to four CPUs."""
    x, y, w, h = lanes
    each = h // FULL_LANES
    return [(x, y + number * each, w, each - _LANE_GAP) for number in range(min(count, FULL_LANES))]


def lane_places(rect: Rect, tier: Tier) -> LanePlaces:
    """Name, freelist, active slab; what is left belongs to the parked slabs."""
    x, y, w, h = rect
    inset = 4
    name, chain, active = (52, 104, 128) if tier is Tier.COMPACT else (56, 100, 132)
    top, tall = y + inset, h - 2 * inset
    first = x + 8 + name
    second = first + chain + 8
    third = second + active + 8
    return LanePlaces(
        (x + 8, top, name - 4, tall), (first, top, chain, tall), (second, top, active, tall),
        (third, top, x + w - 6 - third, tall),
    )  # fmt: skip
