"""The left column of the stage: one lane a CPU, under headings; many CPUs as rows of a table."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.lane_slots import HEAT_ROWS, LaneSlots, lane_rects, lane_slots
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.regions import LANE_HEAD
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL
from slabviz.scene.state import Lane, StageState
from slabviz.scene.widgets.heat_row import heat_row
from slabviz.scene.widgets.lane import is_row, lane_part

_BEYOND = 20
"""The last heading may reach into the channel."""


def lane_parts(desk: Desk, state: StageState, wanted: int | None = None) -> list[Part]:
    """Return the headings and one part a lane, so that a CPU that does nothing is not laid out again.

    A slab that is ``wanted`` is in sight even where a lane has no room for all of its slabs.
    """
    area = desk.regions.lanes
    rects = lane_rects(area, len(state.lanes), LANE_HEAD)
    parts = [_headings(desk, state, rects)]
    for rect, lane in zip(rects, state.lanes, strict=False):
        parts.append(_lane(desk, rect, lane, len(state.lanes), state.caption.path, wanted))
    hidden = state.lanes[len(rects) :]
    parts[0].anchors.update({("lane", lane.cpu): rects[-1] for lane in hidden})
    return parts


def _lane(desk: Desk, rect: Rect, lane: Lane, count: int, path: str, wanted: int | None) -> Part:
    mine = wanted if any(entry.slab == wanted for entry in lane.parked) else None

    def make(part: Part) -> None:
        if count >= HEAT_ROWS:
            heat_row(desk, part, rect, lane, path)
        else:
            lane_part(desk, part, rect, lane, count=count, path=path, wanted=mine)

    return desk.memo.part(("lane", lane.cpu), (rect, lane, count, path if lane.hot else "", mine), make)


def _headings(desk: Desk, state: StageState, rects: list[Rect]) -> Part:
    x, y, w, _ = desk.regions.lanes
    count = len(state.lanes)
    more = count - len(rects)

    def draw(sketch: Sketch) -> None:
        middle = y + LANE_HEAD // 2 - 2
        if count >= HEAT_ROWS:
            text = desk.tr("layout.lanes.many", count=count)
            sketch.text(x + 12, middle, text + (f" · +{more}" if more > 0 else ""), LABEL, "t3", room=w - 24)
        elif is_row(count):
            sketch.text(x + 12, middle, desk.tr("layout.lanes.row"), LABEL, "t3", room=w // 2 - 16)
            sketch.text(x + w - 12, middle, state.parked_head, LABEL, "t3", "r", room=w // 2 - 16)
        else:
            _columns(sketch, desk, state, lane_slots(rects[0], desk.metrics, count, state.lanes[0].limit), middle)

    def make(part: Part) -> None:
        inputs = (count, more, state.parked_head, state.lanes[0].limit if state.lanes else 0)
        desk.memo.block(part, ("lane heads",), (x, y, w + _BEYOND, LANE_HEAD), inputs, draw)

    return desk.memo.part(
        ("lane heads",),
        (desk.regions.lanes, count, state.parked_head, state.lanes[0].limit if state.lanes else 0),
        make,
    )


def _columns(sketch: Sketch, desk: Desk, state: StageState, slots: LaneSlots, middle: int) -> None:
    heads = (
        (slots.chain, desk.tr("layout.lanes.freelist")),
        (slots.active, desk.tr("layout.lanes.active")),
        (slots.parked, state.parked_head),
    )
    for (x, _, w, _), text in heads:
        sketch.text(x, middle, text, LABEL, "t3", room=w + (_BEYOND if text == state.parked_head else 4))
