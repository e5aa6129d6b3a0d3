"""The CPUs of one side: rows with freelist, active slab and parked slabs; many CPUs as rows of a table."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.compare.places import FULL_LANES, LanePlaces, SidePlaces, lane_places, lane_rects_of
from slabviz.scene.compare.state import Side
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.lane_slots import HEAT_ROW, HEAT_ROWS, lane_rects
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, NAME
from slabviz.scene.state import Lane, SlabCard
from slabviz.scene.widgets.freelist import Chips, draw_freelist
from slabviz.scene.widgets.heat_row import has_counts, heat_row
from slabviz.scene.widgets.lane import path_colour
from slabviz.scene.widgets.parked import parked_blocks
from slabviz.scene.widgets.slab_card import place_block, slab_block, slab_id

_CHIPS = Chips(4, 20, 6)
_TALLEST_ROW = 24
_TWO_LINES = 44
"""A place so high has room for two lines."""


def side_lanes(desk: Desk, part: Part, at: SidePlaces, side: Side) -> None:
    """Add all lanes of a side."""
    lanes = side.stage.lanes
    if len(lanes) > FULL_LANES:
        _table(desk, part, at, side)
        return
    rects = lane_rects_of(at.lanes, len(lanes))
    for rect, lane in zip(rects, lanes, strict=True):
        _lane(desk, part, rect, lane, side)
    if rects:
        _heads(desk, part, at, side, lane_places(rects[0], desk.metrics.tier))


def _table(desk: Desk, part: Part, at: SidePlaces, side: Side) -> None:
    """One row a CPU, in as many columns as are needed."""
    lanes = side.stage.lanes
    x, y, w, h = at.lanes
    tall = min(h // len(lanes), _TALLEST_ROW)
    if tall >= HEAT_ROW:
        rows = [(x, y + number * tall, w, tall - 1) for number in range(len(lanes))]
    else:
        rows = lane_rects(at.lanes, max(len(lanes), HEAT_ROWS), 0)
    for rect, lane in zip(rows, lanes, strict=False):
        hot = lane.cpu == side.hot
        heat_row(desk, part, rect, replace(lane, hot=hot), side.path if hot else "", "s1")
    for lane in lanes[len(rows) :]:
        part.anchors["lane", lane.cpu] = rows[-1]
    text = desk.tr("layout.lanes.many", count=len(lanes))
    if not has_counts(rows[0][2]):
        text = text.partition(" · ")[0]

    def draw(sketch: Sketch) -> None:
        sketch.text(x, at.heads, text, LABEL, "t3", room=w)

    desk.memo.block(part, ("heads",), (x, at.heads - 9, w, 18), text, draw, "s1")


def _heads(desk: Desk, part: Part, at: SidePlaces, side: Side, slots: LanePlaces) -> None:
    limit = side.stage.lanes[0].limit
    texts = (desk.tr("layout.lanes.freelist"), desk.tr("layout.lanes.active"), desk.tr("compare.limit", count=limit))

    def draw(sketch: Sketch) -> None:
        for (x, _, w, _), text in zip((slots.chain, slots.active, slots.parked), texts, strict=True):
            sketch.text(x, at.heads, text, LABEL, "t3", room=w + 4)

    x, _, w, _ = at.lanes
    desk.memo.block(part, ("heads",), (x, at.heads - 9, w, 18), (slots, texts), draw, "s1")


def _lane(desk: Desk, part: Part, rect: Rect, lane: Lane, side: Side) -> None:
    slots = lane_places(rect, desk.metrics.tier)
    if slots.active[3] < _TWO_LINES:
        lane = _terse(lane)
    hot = lane.cpu == side.hot
    stroke: Colour = path_colour(side.path) if hot else "line"
    call = _call(lane)
    part.anchors["lane", lane.cpu] = rect
    tip = f"CPU{lane.cpu} · {lane.badge.text}\n{lane.agent} {lane.call}"
    inputs = (lane.cpu, hot, stroke, call, tip)
    desk.memo.block(
        part, ("lane", lane.cpu), rect, inputs, lambda sketch: _frame(sketch, rect, slots, inputs), "s1"
    )  # fmt: skip
    edge = stroke if hot else "line2"
    _chain(desk, part, lane, slots.chain, edge)
    part.anchors["active", lane.cpu] = slots.active
    if isinstance(lane.active, SlabCard):
        slab_block(desk, part, slots.active, lane.active, _name(desk, slots.active[2], lane.active), "s2")
    else:
        place_block(desk, part, ("active", lane.cpu), slots.active, lane.active, edge, "s2")
    parked_blocks(desk, part, lane, slots.parked, edge, "s2")


def _terse(lane: Lane) -> Lane:
    """Without the second lines of places, which would stand on their outlines."""
    active = lane.active if isinstance(lane.active, SlabCard) else replace(lane.active, note="")
    chain, parked = (place and replace(place, note="") for place in (lane.chain_place, lane.parked_place))
    return replace(lane, active=active, chain_place=chain, parked_place=parked)


def _name(desk: Desk, wide: int, card: SlabCard) -> str:
    """All active slabs of both sides have the same kind of name."""
    text = desk.tr("layout.slab", slab=slab_id(card.slab))
    return text if wide >= 130 else slab_id(card.slab)


def _call(lane: Lane) -> str:
    """The call in a word: kfree, alloc; nothing while none runs."""
    return lane.call.partition("(")[0].removeprefix("kmem_cache_") if "(" in lane.call else ""


def _frame(sketch: Sketch, rect: Rect, slots: LanePlaces, inputs: tuple[int, bool, Colour, str, str]) -> None:
    cpu, hot, stroke, call, tip = inputs
    sketch.box(rect, "s2", stroke, width=2 if hot else 1, radius=6)
    x, y, w, h = slots.name
    middle = y + h // 2
    sketch.text(x, middle - 9 if call else middle, f"CPU{cpu}", NAME, "t1", room=w)
    if call:
        sketch.text(x, middle + 10, call, MARK, "t2", room=w)
    sketch.tip((x, y, w, h), tip)


def _chain(desk: Desk, part: Part, lane: Lane, area: Rect, stroke: Colour) -> None:
    x, y, _, h = area
    part.anchors["chain", lane.cpu] = area
    part.anchors["chip", lane.cpu] = (x, y + h // 2 - _CHIPS.chip // 2, _CHIPS.chip, _CHIPS.chip)
    if lane.chain:
        desk.memo.block(
            part, ("chain", lane.cpu), area, lane.chain,
            lambda sketch: draw_freelist(sketch, area, lane.chain, _CHIPS), "s2",
        )  # fmt: skip
    elif lane.chain_place is not None:
        place_block(desk, part, ("chip", lane.cpu), area, lane.chain_place, stroke, "s2")
