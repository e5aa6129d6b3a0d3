"""Where the parts of a CPU's lane stand: freelist, active slab, CPU partial slots (visual specification, 2.3, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import MINI, SLIVER, Metrics

ONE_ROW = 5
"""From so many CPUs on a lane is one row."""
TWO_COLUMNS = 9
"""From so many CPUs on there are two columns of lanes, with mini cards only."""
HEAT_ROWS = 17
"""From so many CPUs on a CPU is one row of 16 px."""
HEAT_ROW = 16
_GAP = 8
_LEAST_SPARE = 4


@dataclass(slots=True, frozen=True)
class LaneSlots:
    """The places inside one lane. ``parked`` is the area of the CPU partial list."""

    head: int
    """Height of the line of text over the cards; 0: it stands left of them."""
    inset: int
    chain: Rect
    chips: int
    """Chips of the freelist that have room."""
    chip: int
    link: int
    active: Rect
    parked: Rect


@dataclass(slots=True, frozen=True)
class ParkedSlots:
    """``shown`` slots of ``width``; ``more``: the last of them stands for those that have no room."""

    width: int
    gap: int
    shown: int
    more: bool


def lane_rects(area: Rect, count: int, head: int) -> list[Rect]:
    """Return one rectangle a CPU under the headings; CPUs that have no room at all get none."""
    x, y, w, h = area[0], area[1] + head, area[2], area[3] - head
    if count >= HEAT_ROWS:
        return _table(x, y, w, h, count, HEAT_ROW, 0, -(-count // max(h // HEAT_ROW, 1)))
    columns = 2 if count >= TWO_COLUMNS else 1
    rows = max(-(-count // columns), 4)
    gap = _GAP if rows == 4 else 4
    return _table(x, y, w, h, count, (h - gap * (rows - 1)) // rows, gap, columns)


def _table(x: int, y: int, w: int, h: int, count: int, tall: int, gap: int, columns: int) -> list[Rect]:
    rows = max(min(-(-count // columns), (h + gap) // (tall + gap)), 1)
    wide = (w - _GAP * (columns - 1)) // columns
    places = ((index // rows, index % rows) for index in range(min(count, rows * columns)))
    return [(x + column * (wide + _GAP), y + row * (tall + gap), wide, tall) for column, row in places]


def lane_slots(rect: Rect, m: Metrics, count: int, limit: int) -> LaneSlots:
    """Return the places inside a lane of up to 16 CPUs; ``limit`` slots of its CPU partial list should fit."""
    if count >= TWO_COLUMNS:
        return _mini_row(rect)
    return _one_row(rect) if count >= ONE_ROW else _full(rect, m, limit)


def _full(rect: Rect, m: Metrics, limit: int) -> LaneSlots:
    """Head above, cards below; what is left of the width is spread between the three parts."""
    x, y, w, h = rect
    top, tall = y + m.lane_top, h - m.lane_top - (10 if h >= 100 else 8)
    chain = 5 * m.chip + 4 * m.link + 10
    room = w - 24 - chain - m.active
    row = parked_slots(room - 2 * _LEAST_SPARE, max(limit, 3), m, 0)
    spare = max((room - row.shown * (row.width + row.gap) + row.gap) // 2, _LEAST_SPARE)
    left = x + 12 + chain + spare
    parked = left + m.active + spare
    return LaneSlots(
        head=m.lane_top,
        inset=12,
        chain=(x + 12, top, chain, tall),
        chips=5,
        chip=m.chip,
        link=m.link,
        active=(left, top, m.active, tall),
        parked=(parked, top, x + w - 12 - parked, tall),
    )


def _one_row(rect: Rect) -> LaneSlots:
    """Name and badge at the left, then three chips and "+N", the active slab, slivers of parked slabs."""
    x, y, w, h = rect
    text, chain, active = w * 30 // 100, 4 * 20 + 3 * 6 + 8, 104
    first = x + text
    second = first + chain + 8
    third = second + active + 8
    return LaneSlots(
        head=0,
        inset=8,
        chain=(first, y + 4, chain, h - 8),
        chips=4,
        chip=20,
        link=6,
        active=(second, y + 4, active, h - 8),
        parked=(third, y + 4, x + w - 8 - third, h - 8),
    )


def _mini_row(rect: Rect) -> LaneSlots:
    """Name, one chip, a mini card, slivers."""
    x, y, w, h = rect
    first = x + 56
    second = first + 58
    third = second + MINI + 8
    return LaneSlots(
        head=0,
        inset=6,
        chain=(first, y + 4, 50, h - 8),
        chips=1,
        chip=20,
        link=6,
        active=(second, y + 4, MINI, h - 8),
        parked=(third, y + 4, x + w - 6 - third, h - 8),
    )


def parked_slots(room: int, entries: int, m: Metrics, name: int) -> ParkedSlots:
    """Choose the width of the slots so that all fit: normal, 44 px, 29 px; else 29 px and a last one that counts.

    ``name`` is the width of the longest id among them: none may be cut.
    """
    sliver = max(SLIVER, name + 4)
    for width, gap in ((m.parked, m.parked_gap), (MINI, 6), (sliver, 4)):
        if entries * (width + gap) - gap <= room:
            return ParkedSlots(width, gap, entries, False)
    return ParkedSlots(sliver, 4, max((room + 4) // (sliver + 4), 1), True)
