"""The three levels of the inspector: Slab, Object and Bytes share the left column and the head of the right panel."""

from __future__ import annotations

from slabviz.scene.inspect.inspected import dump_of, inspected
from slabviz.scene.inspect.lines import object_lines
from slabviz.scene.inspect.state import SlabState, SlotState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.levels import Level
from slabviz.scene.screens.inspector.contents import Listed, contents_part, list_room
from slabviz.scene.screens.inspector.frame import Frame, frame
from slabviz.scene.screens.inspector.head import head_part, message_part, panel_part
from slabviz.scene.screens.inspector.pages import pages_part, ribbon_of
from slabviz.scene.screens.inspector.parts import parts_part
from slabviz.scene.screens.inspector.side import side_part
from slabviz.scene.screens.inspector.slot import slot_part
from slabviz.scene.screens.inspector.table import table_part, window_of
from slabviz.scene.sight import Sight


def inspector_screen(desk: Desk, sight: Sight) -> list[Part]:
    """What the view's level shows of the slab and the object that are chosen."""
    level = sight.view.level
    at = frame(desk, level)
    seen = inspected(sight, desk.tr)
    parts = [*side_part(desk, at, seen, level), panel_part(desk, at)]
    if seen.slab is None or seen.slot is None:
        return [*parts, message_part(desk, at, seen.message)]
    slab, slot = seen.slab, seen.slot
    parts += [head_part(desk, at, slab), pages_part(desk, at, slab, slot.index)]
    return [*parts, *_below(desk, at, sight, slab, slot)]


def _below(desk: Desk, at: Frame, sight: Sight, slab: SlabState, slot: SlotState) -> list[Part]:
    """What the levels differ in."""
    if sight.view.level is Level.SLAB:
        return [contents_part(desk, at, slab, slot.index, _listed(desk, at, sight, slab, slot.index))]
    cell = slab.cells[slot.index]
    segment = ribbon_of(at.ribbon, slab.objects, slab.size, slab.waste).segment(slot.index)
    ribbon = slot_part(desk, at, slot, cell, slab.size, segment)
    if sight.view.level is Level.OBJECT:
        return [ribbon, parts_part(desk, at, slab, slot)]
    dump = dump_of(sight, desk.tr)
    assert dump is not None  # there is a slab, so there are its bytes
    return [ribbon, table_part(desk, at, window_of(at, dump, sight.view.scroll), cell)]


def _listed(desk: Desk, at: Frame, sight: Sight, slab: SlabState, index: int) -> Listed:
    """The lines of the list; until somebody turns it, the object on show is among them."""
    room, scroll = list_room(at, slab), sight.view.scroll
    last = max(slab.objects - room, 0)
    first = min(max(max(index - room + 1, 0) if scroll is None else scroll, 0), last)
    return Listed(object_lines(sight, slab.slab, slab.cells, first, room, desk.tr), first, last, slab.objects)
