"""A CPU's lane: what runs on it, its freelist, its active slab, its partial list."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.lane_slots import ONE_ROW, LaneSlots, lane_slots
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, NAME
from slabviz.scene.state import Lane, SlabCard
from slabviz.scene.widgets.freelist import Chips, draw_freelist
from slabviz.scene.widgets.lane_head import draw_badge, draw_head
from slabviz.scene.widgets.parked import parked_blocks
from slabviz.scene.widgets.slab_card import names, place_block, slab_block

_PATH_COLOURS: dict[str, Colour] = {"fast": "free", "error": "err"}


def path_colour(path: str) -> Colour:
    """Return the colour of a path: fast, error, else slow."""
    return _PATH_COLOURS.get(path, "slow")


def lane_part(
    desk: Desk, part: Part, rect: Rect, lane: Lane, *, count: int, path: str, wanted: int | None = None
) -> None:
    """Add one lane of up to 16 CPUs."""
    slots = lane_slots(rect, desk.metrics, count, lane.limit)
    ground = "s2" if lane.hot else "s1"
    stroke = path_colour(path) if lane.hot else "line2"
    part.anchors["lane", lane.cpu] = rect
    inputs = (lane.badge, lane.agent, lane.call, lane.interrupted, lane.waits, lane.cpu, lane.hot, path, count)
    desk.memo.block(
        part, ("lane", lane.cpu), rect, inputs, lambda sketch: _draw_frame(sketch, desk, rect, lane, slots, path)
    )
    _chain(desk, part, lane, slots, stroke, ground)
    _active(desk, part, lane, slots, stroke, ground)
    parked_blocks(desk, part, lane, slots.parked, stroke, ground, wanted)


def _draw_frame(sketch: Sketch, desk: Desk, rect: Rect, lane: Lane, slots: LaneSlots, path: str) -> None:
    hot = lane.hot
    stroke = path_colour(path) if hot else "line"
    sketch.box(rect, "s2" if hot else "s1", stroke, width=2 if hot else 1, radius=8)
    if slots.head:
        draw_head(sketch, rect, lane, inset=slots.inset, room=slots.head, compact=desk.compact)
    else:
        _side_head(sketch, rect, lane, slots)


def _side_head(sketch: Sketch, rect: Rect, lane: Lane, slots: LaneSlots) -> None:
    """CPU and badge above, the work below, left of the cards."""
    x, y, _, h = rect
    left, room = x + slots.inset + 2, slots.chain[0] - x - slots.inset - 8
    name = sketch.text(left, y + h // 4 + 2, f"CPU{lane.cpu}", NAME, "t1")
    doing = lane.waits or lane.call or lane.agent
    if room < 100:
        sketch.text(left, y + h * 3 // 4 - 2, lane.agent, LABEL, "t2", room=room)
        sketch.tip((left, y, room, h), f"{lane.badge.text} · {lane.agent} {lane.call}")
        return
    if name + 10 + sketch.measure(lane.badge.text, LABEL) + 32 <= room:
        draw_badge(sketch, left + name + 8, y + h // 4 + 2, lane.badge, 18)
    else:
        sketch.text(left + name + 8, y + h // 4 + 2, lane.badge.text, LABEL, "t3", room=room - name - 8)
    sketch.text(left, y + h * 3 // 4 - 1, doing, MARK, "t2", room=room)


def _chain(desk: Desk, part: Part, lane: Lane, slots: LaneSlots, stroke: Colour, ground: Colour) -> None:
    x, y, _, h = slots.chain
    part.anchors["chain", lane.cpu] = slots.chain
    part.anchors["chip", lane.cpu] = (x, y + h // 2 - slots.chip // 2, slots.chip, slots.chip)
    if lane.chain_place is not None and not lane.chain:
        place_block(desk, part, ("chip", lane.cpu), slots.chain, lane.chain_place, stroke, ground)
        return
    if not lane.chain:
        return

    chips = Chips(slots.chips, slots.chip, slots.link)
    desk.memo.block(
        part, ("chain", lane.cpu), slots.chain, (lane.chain, chips),
        lambda sketch: draw_freelist(sketch, slots.chain, lane.chain, chips), ground,
    )  # fmt: skip


def _active(desk: Desk, part: Part, lane: Lane, slots: LaneSlots, stroke: Colour, ground: Colour) -> None:
    key = ("active", lane.cpu)
    part.anchors[key] = slots.active
    if isinstance(lane.active, SlabCard):
        name = names((lane.active,), slots.active[2], desk)[0]
        slab_block(desk, part, slots.active, lane.active, name, ground)
    else:
        place_block(desk, part, key, slots.active, lane.active, stroke, ground)


def is_row(count: int) -> bool:
    """Tell whether lanes are single rows, without headings over the columns."""
    return count >= ONE_ROW
