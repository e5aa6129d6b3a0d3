"""Cards that are kept on the page, with a button that takes them away."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.commands import DragCard, KeepCard
from slabviz.scene.display import Node, Target
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.profiles import Profile
from slabviz.scene.view import Card, ViewState
from slabviz.scene.widgets.profile_card import card_size, draw_card, kept_inside

MOST = 4
"""Cards that are kept; one more takes the place of the oldest."""
_BUTTON = 24


def card_nodes(
    desk: Desk, view: ViewState, shown: Sequence[tuple[Card, Profile]]
) -> tuple[list[Node], list[Target]]:
    """Draw the cards as their things are now."""
    sketch = Sketch(desk.measure)
    for card, profile in shown:
        wide, tall = card_size(profile, sketch.measure)
        rect = kept_inside((card.x, card.y, wide + _BUTTON, tall), desk.regions.page)
        draw_card(sketch, rect, profile, "cache", room=_BUTTON)
        close = (rect[0] + rect[2] - _BUTTON - 4, rect[1] + 4, _BUTTON, _BUTTON)
        command = KeepCard(card.about)
        if command in (view.hover, view.pressed):
            sketch.box(close, "s2", "t2", radius=4)
        if command == view.focus:
            sketch.box(close, None, "focus", width=2, radius=4)
        sketch.icon(close[0] + 6, close[1] + _BUTTON // 2, "close", 12, "t1")
        sketch.button(rect, DragCard(card.about, rect[0], rect[1]))
        sketch.button(close, command, desk.tr("interact.menu.unpin"))
    return sketch.nodes, sketch.targets
