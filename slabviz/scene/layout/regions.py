"""The regions of the page: a few rectangles from which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import CAPTION_GAP, HALF_STEP, Metrics, metrics_for

LANE_HEAD = 24
"""Height of the row of headings over the lanes."""

NODE_OVERHANG = 8
"""So far the node reaches into the lower corridor, which also has the gap to the buddy row."""


@dataclass(slots=True, frozen=True)
class Regions:
    """Every region in unscaled px. The corridors lie above and below the node, the channels between the columns."""

    metrics: Metrics
    page: tuple[int, int]
    top_bar: Rect
    caption: Rect
    lanes: Rect
    """The left column of the stage, its headings included."""
    channel1: Rect
    strip: Rect
    corridor_upper: Rect
    node: Rect
    corridor_lower: Rect
    channel2: Rect
    tabs: Rect
    """Over the right column; of no height where there is nothing to choose."""
    panel: Rect
    """The right column with the buddy log's place."""
    holders: Rect
    memory: Rect
    buddy: Rect
    log: Rect
    timeline: Rect
    transport: Rect


RAIL = 16
"""So much wider is channel 2, and narrower the right column, while the holders are a rail in it."""

TABS = 40
"""Height of the tabs over the right column with the gap under them."""


NARROWEST_PANEL, WIDEST_PANEL = 320, 560
"""How far the right column can be drawn."""


def panel_room(width: int, height: int) -> tuple[int, int]:
    """The least and the largest width of the right column on a page: the columns beside it keep what they need."""
    m = metrics_for(width, height)
    spare = width - m.page[0] + m.centre - m.centre * 4 // 5
    return NARROWEST_PANEL, max(min(m.right + spare, WIDEST_PANEL), NARROWEST_PANEL)


def regions(
    width: int, height: int, *, rail: bool = False, tabs: bool = False, panel_width: int | None = None
) -> Regions:
    """Lay out a page of ``width`` × ``height`` unscaled px.

    With ``rail`` a panel takes the right column down to the timeline, and the holders stand in channel 2; with
    ``tabs`` the column begins under them.

    Extra width over the tier goes 40 % left, 40 % to the centre, the rest to the right; extra height to the stage.
    With ``panel_width`` the right column is so wide, as far as there is room; the centre pays first, then the left.
    """
    m = metrics_for(width, height)
    extra = width - m.page[0]
    share = extra * 2 // 5 // HALF_STEP * HALF_STEP
    left, centre = m.left + share, m.centre + share
    if panel_width is not None:
        least, most = panel_room(width, height)
        more = min(max(panel_width, least), most) - (m.right + extra - 2 * share)
        of_centre = min(more, centre - m.centre * 4 // 5)
        left, centre = left - (more - of_centre), centre - of_centre
    x0 = m.margin
    x1 = x0 + left
    x2 = x1 + m.channel1
    x3 = x2 + centre
    wide2 = m.channel2 + (RAIL if rail else 0)
    x4 = x3 + wide2
    right = width - m.margin - x4
    top = m.top_bar + m.caption + CAPTION_GAP
    tall = m.stage + height - m.page[1]
    bottom = top + tall
    row = bottom + m.stage_gap
    node = top + m.strip + m.corridor
    floor = bottom - m.corridor + NODE_OVERHANG
    line = row + m.buddy + CAPTION_GAP
    head = TABS if tabs else 0
    return Regions(
        metrics=m,
        page=(width, height),
        top_bar=(0, 0, width, m.top_bar),
        caption=(0, m.top_bar, width, m.caption),
        lanes=(x0, top, left, tall),
        channel1=(x1, top, m.channel1, tall),
        strip=(x2, top, centre, m.strip),
        corridor_upper=(x2, top + m.strip, centre, m.corridor),
        node=(x2, node, centre, floor - node),
        corridor_lower=(x2, floor, centre, row - floor),
        channel2=(x3, top, wide2, tall),
        tabs=(x4, top, right, 32 if tabs else 0),
        panel=(x4, top + head, right, line - CAPTION_GAP - top - head),
        holders=(x3, top, wide2, tall) if rail else (x4, top + head, right, tall - head),
        memory=(x0, row, left, m.buddy),
        buddy=(x2, row, centre, m.buddy),
        log=(x4, row, right, m.buddy),
        timeline=(x0, line, width - 2 * m.margin, m.timeline),
        transport=(0, height - m.transport, width, m.transport),
    )
