"""Every state is told by its shape: still so for those who see no red, no green, no blue, or no hue at all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from slabviz.i18n import Catalogue
from slabviz.render.frames import frame_bgra
from slabviz.render.painter import Painter
from slabviz.scene.display import Block, Node, Scene
from slabviz.scene.layout.cellgrid import grid
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo, Part
from slabviz.scene.layout.regions import regions
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.state import Badge, Cell, CellState, Place, SlabCard, SlabState
from slabviz.scene.theme import Theme
from slabviz.scene.widgets.cells import draw_cells
from slabviz.scene.widgets.lane_head import draw_badge
from slabviz.scene.widgets.signposts import tag
from slabviz.scene.widgets.slab_card import draw_place, slab_block

Grey = NDArray[np.float64]

SEEN = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1)."""
CARD = (16, 16, 112, 56)
TOLD_BY_PLACE = {"partial", "parked, not frozen"}
"""Both round: since 6.8 neither is frozen (section 5). One stands on the node, the other in a lane."""
LEAST = 8
"""Pixels in which the ink of two states must differ."""


def seen(picture: NDArray[np.uint8], eye: str) -> Grey:
    """The lightness of a picture (BGR) as such an eye sees it, without any hue."""
    rgb = picture[:, :, 2::-1] / 255.0
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ np.array(SEEN[eye]).T, 0, 1)
    grey: Grey = linear @ np.array((0.2126, 0.7152, 0.0722))
    return grey


def ink(grey: Grey) -> NDArray[np.bool_]:
    """What stands out from the ground at 3:1, whatever its own lightness: the shape alone."""
    ground = grey[0, 0] + 0.05
    found: NDArray[np.bool_] = np.maximum((grey + 0.05) / ground, ground / (grey + 0.05)) >= 2.5
    return found


def painted(theme: Theme, nodes: tuple[Node, ...]) -> NDArray[np.uint8]:
    painter = Painter((160, 96), theme)
    block = Block("it", (0, 0, 160, 96), "s1", nodes)
    return frame_bgra(painter.paint(Scene((160, 96), 1.0, [block], [], [], []))).copy()


def states(theme: Theme) -> dict[str, dict[str, tuple[Node, ...]]]:
    """Pictures by group and state; states of one group can stand at the same place."""
    measure = Painter((160, 96), theme).measure
    groups: dict[str, dict[str, tuple[Node, ...]]] = {"object": {}, "slab": {}, "badge": {}, "step": {}}
    for state in CellState:
        sketch = Sketch(measure)
        draw_cells(sketch, grid((16, 16, 26, 26), 1), [Cell(0, state, 3, "7", 2)])
        groups["object"][state.value] = tuple(sketch.nodes)
    for slab_state in (SlabState.ACTIVE, SlabState.PARKED, SlabState.PARTIAL, SlabState.FULL, SlabState.EMPTY):
        groups["slab"][slab_state.value] = _card(theme, slab_state, frozen=True)
    groups["slab"]["parked, not frozen"] = _card(theme, SlabState.PARKED, frozen=False)
    for name, place in (("left", Place("slab 07", "has left", 7, leaving=True)), ("empty", Place("empty", "NULL"))):
        sketch = Sketch(measure)
        draw_place(sketch, CARD, place, "slab")
        groups["slab"][name] = tuple(sketch.nodes)
    for kind in ("process", "hardirq", "idle"):
        sketch = Sketch(measure)
        draw_badge(sketch, 16, 40, Badge(kind, "GFP"), 18)
        groups["badge"][kind] = tuple(sketch.nodes)
    for when in ("done", "now", "next"):
        sketch = Sketch(measure)
        tag(sketch, 16, 16, "4", when)
        groups["step"][when] = tuple(sketch.nodes)
    return groups


def _card(theme: Theme, state: SlabState, *, frozen: bool) -> tuple[Node, ...]:
    """The same objects in every state: only what tells the state differs."""
    desk = Desk(regions(1600, 900), Memo(Painter((160, 96), theme).measure), Catalogue("en").tr)
    cells = tuple(Cell(index, CellState.USED, 3, "7", 2) for index in range(3))
    part = Part()
    slab_block(desk, part, CARD, SlabCard(7, state, cells, 3, 3, frozen=frozen), "slab 07")
    return part.blocks[0].nodes


@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize("name", ["dark", "light"])
def test_states_differ_in_shape(name: str, eye: str) -> None:
    theme = Theme.load(name)
    alike = []
    for group, drawn in states(theme).items():
        shapes = {state: ink(seen(painted(theme, nodes), eye)) for state, nodes in drawn.items()}
        alike += [
            (group, one, other)
            for one, other in combinations(shapes, 2)
            if {one, other} != TOLD_BY_PLACE and np.count_nonzero(shapes[one] != shapes[other]) < LEAST
        ]
    assert alike == []


def test_two_pictures_of_one_shape_are_alike_whatever_their_hue() -> None:
    """The control: what only a hue tells is not told."""
    theme = Theme.load("dark")
    measure = Painter((160, 96), theme).measure
    shapes = []
    for colour in ("slab", "part", "free"):
        sketch = Sketch(measure)
        sketch.icon(16, 30, "disc", 12, colour)
        shapes.append(ink(seen(painted(theme, tuple(sketch.nodes)), "deuteranopia")))
    assert np.count_nonzero(shapes[0] != shapes[1]) < LEAST
    assert np.count_nonzero(shapes[0] != shapes[2]) < LEAST
