"""Where the parts of the inspector stand, by size of the page and level. From top to bottom, nothing overlaps."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.levels import Level

SIDE = {Tier.COMPACT: 264, Tier.REGULAR: 304, Tier.LARGE: 344}
"""Width of the left column."""
GAP = 16
RULER = 16
"""Height of the line with the objects' indexes, over the ribbon."""


@dataclass(slots=True, frozen=True)
class Heights:
    """Of the parts of the right panel, in px."""

    pad: int
    title: int
    fields: int
    heading: int
    ribbon: int
    funnel: int
    slot: int
    offsets: int
    sum: int
    row: int


_HEIGHTS = {
    Tier.COMPACT: Heights(8, 28, 56, 20, 24, 10, 36, 16, 24, 24),
    Tier.REGULAR: Heights(12, 28, 56, 20, 32, 16, 40, 16, 24, 28),
    Tier.LARGE: Heights(16, 36, 68, 24, 40, 24, 52, 20, 32, 28),
}
_ROOMY = {Level.SLAB: (2, 1), Level.OBJECT: (1, 1.25)}
"""So much higher are the ribbon, and the slot with its funnel, where there is no table of bytes below them."""


@dataclass(slots=True, frozen=True)
class Frame:
    """``side`` is the left column, ``panel`` the right one, the others lie in it. ``rest`` is what is left below."""

    side: Rect
    panel: Rect
    title: Rect
    fields: Rect
    heading: Rect
    ribbon: Rect
    funnel: Rect
    slot: Rect
    offsets: Rect
    sum: Rect
    rest: Rect
    row: int


def frame(desk: Desk, level: Level) -> Frame:
    """Lay the inspector out between caption and timeline."""
    at, high = desk.regions, _HEIGHTS[desk.metrics.tier]
    left, top = desk.metrics.margin, at.lanes[1]
    wide, tall = at.page[0] - 2 * left, at.memory[1] + at.memory[3] - top
    side = (left, top, SIDE[desk.metrics.tier], tall)
    x = left + side[2] + GAP
    panel = (x, top, left + wide - x, tall)
    inner, room = x + desk.metrics.pad, panel[2] - 2 * desk.metrics.pad
    wide_ribbon, wide_slot = _ROOMY.get(level, (1, 1))
    sizes = (
        ("title", high.title, 4), ("fields", high.fields, 8), ("heading", high.heading + RULER, 0),
        ("ribbon", high.ribbon * wide_ribbon, 0), ("funnel", int(high.funnel * wide_slot), 0),
        ("slot", int(high.slot * wide_slot), 0),
        ("offsets", high.offsets, 4), ("sum", high.sum, 4),
    )  # fmt: skip
    places: dict[str, Rect] = {}
    y = top + high.pad
    for name, size, gap in sizes:
        if level is Level.SLAB and name in ("funnel", "slot", "offsets", "sum"):
            places[name] = (inner, y, room, 0)
            continue
        places[name] = (inner, y, room, size)
        y += size + gap
    rest = (inner, y + 4, room, top + tall - high.pad - y - 4)
    return Frame(side, panel, **places, rest=rest, row=high.row)
