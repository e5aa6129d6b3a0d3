"""The banner over the stage: kept while nothing about it changes, as it lies over every frame."""

from __future__ import annotations

from slabviz.scene.display import Box, Node, Rect, Target
from slabviz.scene.errors.state import Banner
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.strip import Strip
from slabviz.scene.levels import Panel
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.banner import banner_pointing, draw_banner


class ErrorBanner:
    """Draws a banner and remembers the last one."""

    def __init__(self) -> None:
        self._drawn: tuple[object, list[Node], list[Target]] | None = None

    def over(self, desk: Desk, banner: Banner, view: ViewState) -> tuple[list[Node], list[Target]]:
        """Nodes and targets of the banner."""
        at, rect = banner_pointing(view, banner), _place(desk, view)
        inputs = (banner, at, rect, view.fix_open)
        if self._drawn is None or self._drawn[0] != inputs:
            sketch = Sketch(desk.measure)
            draw_banner(sketch, desk, rect, banner, at, fix=view.fix_open, on_stage=True)
            self._drawn = inputs, sketch.nodes, sketch.targets
        return self._drawn[1], self._drawn[2]


def stop_edge(strip: Strip) -> Node:
    """The end of the timeline of a run that a panic has ended."""
    (_, y, _, h), left = strip.rect, strip.scale.x(strip.scale.last_tick) + 3
    return Box(left, y + 1, strip.rect[0] + strip.rect[2] - 1 - left, h - 2, "err", radius=2)


def _place(desk: Desk, view: ViewState) -> Rect:
    """Over the row of the buddy system, until the banner is closed; a panel that reaches down there stays free."""
    at = desk.regions
    x, y, _, h = at.memory
    right = at.log[0] + at.log[2] if view.panel is Panel.HOLDERS else at.buddy[0] + at.buddy[2]
    return x, y, right - x, h
