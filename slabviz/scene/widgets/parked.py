"""A CPU's partial list: cards newest first, places that slabs have left or are expected at, ghosts up to the limit."""

from __future__ import annotations

from itertools import pairwise

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.lane_slots import ParkedSlots, parked_slots
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.state import Lane, Place, SlabCard
from slabviz.scene.widgets.slab_card import names, place_block, slab_block, slab_id

Entries = tuple[SlabCard | Place, ...]
_ARROW_ROOM = 8
"""Links shorter than this have no head."""


def parked_blocks(
    desk: Desk, part: Part, lane: Lane, area: Rect, stroke: Colour, ground: Colour, wanted: int | None = None
) -> None:
    """Add the list, or the container that says why it is empty; the slab that is ``wanted`` is in sight."""
    x, y, w, h = area
    key = ("parked", lane.cpu)
    if lane.parked_place is not None and not lane.parked:
        place_block(desk, part, key, area, lane.parked_place, stroke, ground)
        return
    row, entries = _fitted(desk, lane, w)
    rects = [(x + index * (row.width + row.gap), y, row.width, h) for index in range(row.shown)]
    part.anchors[key] = rects[0] if rects else area
    room = row.shown - 1 if row.more else row.shown
    entries, gap = _with_wanted(entries, room, wanted)
    _slots(desk, part, lane, row, rects, entries, ground, gap)
    for index, (rect, entry) in enumerate(zip(rects[:room], entries, strict=False)):
        if isinstance(entry, SlabCard):
            slab_block(desk, part, rect, entry, names((entry,), rect[2], desk)[0], ground)
        else:
            place_block(desk, part, ("parked", lane.cpu, index), rect, entry, stroke, ground)
    for entry in lane.parked:
        if entry.slab is not None and ("slab", entry.slab) not in part.anchors:
            part.anchors["slab", entry.slab] = rects[-1]


def _fitted(desk: Desk, lane: Lane, room: int) -> tuple[ParkedSlots, Entries]:
    """Choose slots by the limit, so that cards keep their width while others leave or arrive.

    Places that were left give way first where there are more entries than slots.
    """
    longest = max((desk.measure(slab_id(entry.slab or 0), MARK_STRONG) for entry in lane.parked), default=0)
    row = parked_slots(room, max(lane.limit, 1 if lane.parked else 0), desk.metrics, longest)
    most = max((room + row.gap) // (row.width + row.gap), 1)
    entries = lane.parked
    while len(entries) > most and any(_is_left(entry) for entry in entries):
        last = max(index for index, entry in enumerate(entries) if _is_left(entry))
        entries = entries[:last] + entries[last + 1 :]
    if row.more:
        return row, entries
    if len(entries) > most:
        return parked_slots(room, len(entries), desk.metrics, longest), entries
    return ParkedSlots(row.width, row.gap, max(row.shown, len(entries)), False), entries


def _with_wanted(entries: Entries, room: int, wanted: int | None) -> tuple[Entries, bool]:
    """The wanted slab changes places with the last one that has room; then there is a gap in the links before it."""
    place = next((place for place, entry in enumerate(entries) if wanted is not None and entry.slab == wanted), 0)
    if room < 1 or place < room:
        return entries, False
    swapped = list(entries)
    swapped[room - 1], swapped[place] = swapped[place], swapped[room - 1]
    return tuple(swapped), True


def _is_left(entry: SlabCard | Place) -> bool:
    return isinstance(entry, Place) and entry.leaving


def _slots(
    desk: Desk, part: Part, lane: Lane, row: ParkedSlots, rects: list[Rect], entries: Entries, ground: Colour,
    gap: bool,
) -> None:  # fmt: skip
    """The ghosts of free slots, the links between parked slabs, and the count of those without room."""
    if not rects:
        return
    last = len(rects) - 1 if row.more else len(rects)
    cards = tuple(isinstance(entry, SlabCard) for entry in entries[:last])
    hidden_slabs = max(len(entries) - last, 0)
    hidden = max(lane.limit - last, hidden_slabs) if row.more else 0
    x, y, w, h = rects[0][0], rects[0][1], rects[-1][0] + rects[-1][2] - rects[0][0], rects[0][3]

    def draw(sketch: Sketch) -> None:
        for rect in rects[len(cards) : last]:
            sketch.box(rect, None, "line2", radius=6, dash=(3, 4))
        links = list(zip(pairwise(rects), pairwise(cards), strict=False))
        for (left, right), linked in links[:-1] if gap else links:
            if all(linked):
                ends = ((left[0] + left[2], y + h // 2), (right[0] - 1, y + h // 2))
                sketch.line(ends, "part", width=1.5, arrow=row.gap >= _ARROW_ROOM)
        if hidden:
            _rest(sketch, rects[-1], hidden_slabs or hidden, bool(hidden_slabs))

    desk.memo.block(part, ("slots", lane.cpu), (x, y, w, h), (cards, row, hidden, hidden_slabs, gap), draw, ground)


def _rest(sketch: Sketch, rect: Rect, count: int, slabs: bool) -> None:
    """The last slot of a list too long for the room: "…" and how many slabs (else free slots) are not drawn."""
    x, y, w, h = rect
    sketch.box(rect, None, "slab" if slabs else "line2", radius=6, dash=(3, 4))
    sketch.text(x + w // 2, y + h // 2 - 9, "…", LABEL, "t2", "m")
    text = f"+{count}" if sketch.measure(f"+{count}", MARK) <= w - 4 else str(count)
    sketch.text(x + w // 2, y + h // 2 + 7, text, MARK, "t1" if slabs else "t3", "m", room=w - 2)
