"""The whole stage: every region's part, back to front, joined to one list of blocks and one table of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slabviz.scene.display import Block, Node
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part, gather
from slabviz.scene.layout.strip import Strip
from slabviz.scene.levels import Panel
from slabviz.scene.panels import panels
from slabviz.scene.state import Holders, StageState
from slabviz.scene.things import holder_of
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.buddy_log import buddy_log_part
from slabviz.scene.widgets.caption import caption_part
from slabviz.scene.widgets.free_area import free_area_part
from slabviz.scene.widgets.holders import holders_part
from slabviz.scene.widgets.holders_rail import holders_rail_part
from slabviz.scene.widgets.lanes import lane_parts
from slabviz.scene.widgets.memory import memory_part
from slabviz.scene.widgets.node import node_part
from slabviz.scene.widgets.signposts import signpost_nodes
from slabviz.scene.widgets.strip import strip_part
from slabviz.scene.widgets.tabs import panel_tabs_part
from slabviz.scene.widgets.timeline import timeline_part
from slabviz.scene.widgets.top_bar import top_bar_parts
from slabviz.scene.widgets.transport import transport_part


def lay_out(
    desk: Desk, state: StageState, view: ViewState, strip: Strip, middle: Sequence[Part] | None = None,
    panel: Sequence[Part] = (),
) -> tuple[list[Block], Anchors]:  # fmt: skip
    """Return the blocks of a page and where its things stand. What did not change is the same object as before.

    Between the bars stands ``middle``, or the stage; on the stage ``panel`` takes the right column.
    """
    parts: list[Part] = [
        *top_bar_parts(desk, state, view, strip.scale.last_tick),
        caption_part(desk, state.caption),
        *(_stage(desk, state, view, panel) if middle is None else middle),
        timeline_part(desk, strip, state.tick),
        transport_part(desk, view, has_fast=not state.strip.debug),
    ]
    desk.memo.sweep()
    blocks, anchors = gather(parts)
    _roads(desk, anchors)
    return blocks, anchors


def _stage(desk: Desk, state: StageState, view: ViewState, panel: Sequence[Part]) -> list[Part]:
    wanted = None if view.selected is None else view.selected.slab
    people = _with_holder(state, view)
    holders, log = holders_part(desk, people), buddy_log_part(desk, state.buddy)
    if view.panel is not Panel.HOLDERS:
        holders = holders_rail_part(desk, people)
        log = Part(anchors={("log",): desk.regions.buddy})  # pages of a page set set out from the buddy system then
    return [
        *lane_parts(desk, state, wanted),
        strip_part(desk, state.strip, view),
        node_part(desk, state.node, tried=any(post.place == ("partial",) for post in state.signposts), wanted=wanted),
        holders,
        memory_part(desk, state.buddy),
        free_area_part(desk, state.buddy),
        log,
        *([panel_tabs_part(desk, view)] if len(panels()) > 1 else []),
        *panel,
    ]


IN_SIGHT = 3
"""Place among the holders that every page has room for; who holds what is chosen or followed stands there."""


def _with_holder(state: StageState, view: ViewState) -> Holders:
    """The holders, with the one of the chosen object in sight: he changes places with one in front."""
    cards = state.holders.cards
    who = holder_of(state, view.selected)
    place = next((place for place, card in enumerate(cards) if card.actor == who), 0)
    if place <= IN_SIGHT:
        return state.holders
    swapped = list(cards)
    swapped[IN_SIGHT], swapped[place] = swapped[place], swapped[IN_SIGHT]
    return replace(state.holders, cards=tuple(swapped))


def _roads(desk: Desk, anchors: Anchors) -> None:
    at = desk.regions
    anchors["channel", 1], anchors["channel", 2] = at.channel1, at.channel2
    anchors["corridor", "upper"], anchors["corridor", "lower"] = at.corridor_upper, at.corridor_lower


def signs(desk: Desk, state: StageState, anchors: Anchors, blocks: Sequence[Block]) -> list[Node]:
    """Return the signposts of the lit path, which stand over the blocks."""
    return signpost_nodes(desk, state.signposts, anchors, len(state.lanes), blocks)
