"""Things that are not where they belong: outside their block, panel or region, or off the grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slabviz.scene.compare.places import compare_places
from slabviz.scene.display import Block, Box, Line, Node, Polygon, Rect, Scene, Text
from slabviz.scene.layout.regions import Regions
from slabviz.scene.levels import LESSONS, Level
from slabviz.scene.view import ViewState
from slabviz.testing.lint.finding import Finding
from slabviz.testing.lint.geometry import bounds, inside
from slabviz.testing.lint.sheet import Sheet, Written

HALF_STEP = 4
"""The grid, in unscaled px (visual specification, section 2)."""
RING = 4
"""A region's controls may be surrounded by a focus ring so wide (section 9)."""
OVERHANG = 20
"""The last heading over the lanes may reach so far into the channel, where only slabs travel below it."""


def in_sheet(sheet: Sheet) -> Iterator[Finding]:
    """Yield what reaches out of its block, and words that reach out of the box they stand in."""
    for node in sheet.nodes:
        if not isinstance(node, Text):
            rect = bounds(node, lambda text, style: 0)
            if not inside(rect, sheet.rect, 1 if isinstance(node, Line | Polygon) else 0):
                what = f"{sheet.name} {type(node).__name__.lower()}"
                yield Finding("outside", what, rect, f"it reaches out of its place {sheet.rect}")
    for text in sheet.texts if sheet.ground is not None else ():  # what flies passes over boxes of others
        box = _container(sheet, text)
        if box is not None and not inside(text.rect, bounds(box, lambda text, style: 0)):
            said = f"it is wider or higher than the box {bounds(box, lambda text, style: 0)} that it stands in"
            yield Finding("spill", sheet.said(text.node.text), text.rect, said)


def _container(sheet: Sheet, text: Written) -> Box | None:
    """Return the smallest box drawn before a text that has its middle inside."""
    x, y, w, h = text.rect
    spot = (x + w // 2, y + h // 2)
    boxes = [
        node for node in sheet.nodes[: text.index]
        if isinstance(node, Box) and node.x <= spot[0] < node.x + node.w and node.y <= spot[1] < node.y + node.h
    ]  # fmt: skip
    return min(boxes, key=lambda box: box.w * box.h, default=None)


def on_page(scene: Scene, blocks: Sequence[Block], at: Regions, view: ViewState) -> Iterator[Finding]:
    """Yield blocks that stand in no region of the page, and panels off the grid."""
    places = _places(at, view)
    for block in blocks:
        if not any(inside(block.rect, place) for place in places):
            yield Finding("outside", _name(block), block.rect, "it stands in no region of the page, or in two")


def _places(at: Regions, view: ViewState) -> list[Rect]:
    """The regions with the rings of their controls; between the bars all is one where the stage is not shown."""
    bars = [at.top_bar, at.caption, _wider(at.timeline, 0), at.transport]
    stage = [at.strip, at.node, at.holders, at.memory, at.buddy, at.log, _wider(at.tabs, RING)]
    x, y, w, h = at.lanes
    stage.append((x, y, w + OVERHANG, h))
    if view.level is not Level.CACHE or view.panel in LESSONS or view.compare or view.error_open:
        right, bottom = at.page[0] - at.metrics.margin, at.timeline[1]
        return [*bars, _wider((at.metrics.margin, y, right - at.metrics.margin, bottom - y), RING)]
    return [*bars, *stage, at.panel]


def _wider(rect: Rect, by: int) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + 2 * by, rect[3] + 2 * by


def _name(block: Block) -> str:
    return ".".join(str(part) for part in block.key) if isinstance(block.key, tuple) else str(block.key)


def off_grid(blocks: Sequence[Block], at: Regions, view: ViewState) -> Iterator[Finding]:
    """Yield panels and cards (blocks that begin with a box of their own size) whose corner is not on the grid.

    Not held to it: lanes and their cards, whose heights 83, 106, 133 are the specification's own (2.3) or share what
    room there is, as do cards 29 px wide; and the chapters' flags, which stand where their tick is.
    """
    lanes = [side.lanes for side in compare_places(at).sides] if view.compare else [at.lanes]
    free = (*lanes, at.timeline)
    for block in blocks:
        first: Node | None = block.nodes[0] if block.nodes else None
        if any(inside(block.rect, place) and block.rect != place for place in free):
            continue
        if isinstance(first, Box) and (first.x, first.y, first.w, first.h) == block.rect:
            x, y = block.rect[:2]
            if x % HALF_STEP or y % HALF_STEP:
                yield Finding("grid", _name(block), block.rect, f"its corner is not on the grid of {HALF_STEP} px")
