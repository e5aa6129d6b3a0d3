"""Rings over the stage: around the slab and the object that are chosen, and around a card that has the focus."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.commands import Pick, PickOf
from slabviz.scene.display import Box, Node, Rect, Target
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.view import ViewState

_AROUND = 4
"""How far a ring is outside of a card."""


def ring_nodes(view: ViewState, anchors: Anchors, targets: Sequence[Target]) -> list[Node]:
    """Cards are blocks that know nothing of the view, so their rings lie over them."""
    rings: list[Node] = []
    chosen = view.selected
    place = None if chosen is None else anchors.get(("slab", chosen.slab))
    if chosen is not None and place is not None:
        rings.append(_ring(place, _AROUND, "cache"))
        grid = anchors.grids.get(chosen.slab)
        if chosen.index is not None and grid is not None and not grid.is_bar:
            rings.append(_ring(grid.rect(chosen.index), 2, "cache", 4))
    if isinstance(view.focus, Pick | PickOf):
        found = next((target.rect for target in targets if target.command == view.focus), None)
        if found is not None:
            rings.append(_ring(found, _AROUND, "focus"))
    return rings


def _ring(rect: Rect, around: int, colour: str, radius: int = 8) -> Box:
    x, y, w, h = rect
    return Box(x - around, y - around, w + 2 * around, h + 2 * around, None, colour, 2, radius)
