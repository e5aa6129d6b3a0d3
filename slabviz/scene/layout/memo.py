"""Blocks and groups of blocks are made only when what they show has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from slabviz.scene.display import Block, Colour, Measure, Rect
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.cellgrid import Grid
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.state import Key

Value = TypeVar("Value")

_KEPT = 3000
"""Blocks that are kept; slab ids are never used again, so a long run leaves many behind."""


@dataclass(slots=True)
class Part:
    """The blocks of one region, back to front, and the places in it."""

    blocks: list[Block] = field(default_factory=list)
    anchors: dict[Key, Rect] = field(default_factory=dict)
    grids: dict[int, Grid] = field(default_factory=dict)
    frames: tuple[int, int, int, int, int] | None = None


class Memo:
    """Keeps, by key, the block that shows some inputs, and the part made of some inputs.

    Inputs must hold everything that the picture depends on, and compare by value.
    """

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self._blocks: dict[Hashable, tuple[object, Block]] = {}
        self._parts: dict[Hashable, tuple[object, Part]] = {}
        self._values: dict[Hashable, tuple[object, Any]] = {}

    def value(self, key: Hashable, inputs: object, make: Callable[[], Value]) -> Value:
        """Return what ``make`` computes; the same object while the inputs are equal."""
        old = self._values.get(key)
        if old is None or old[0] != inputs:
            old = self._values[key] = (inputs, make())
        found: Value = old[1]
        return found

    def block(
        self,
        part: Part,
        key: Hashable,
        rect: Rect,
        inputs: object,
        draw: Callable[[Sketch], None],
        ground: Colour = "bg",
        *,
        cut: bool = False,
    ) -> None:
        """Add a block to ``part``: the same object as last time if rectangle, ground and inputs are equal.

        ``cut``: nodes may reach out of ``rect``, which clips them.
        """
        inputs = (rect, ground, inputs)
        old = self._blocks.get(key)
        if old is None or old[0] != inputs:
            sketch = Sketch(self.measure)
            draw(sketch)
            old = inputs, Block(key, rect, ground, tuple(sketch.nodes), tuple(sketch.targets), cut)
            self._blocks[key] = old
        part.blocks.append(old[1])

    def cut(self, part: Part, key: Hashable, rect: Rect, whole: Block) -> None:
        """Add what of a prepared block lies inside ``rect``: its nodes are shared, the rectangle clips them."""
        old = self._blocks.get(key)
        if old is None or old[0] != (rect, whole):
            old = self._blocks[key] = ((rect, whole), Block(key, rect, whole.ground, whole.nodes, cut=True))
        part.blocks.append(old[1])

    def part(self, key: Hashable, inputs: object, make: Callable[[Part], None]) -> Part:
        """Return the part that ``make`` fills; the same one while the inputs are equal."""
        old = self._parts.get(key)
        if old is None or old[0] != inputs:
            part = Part()
            make(part)
            old = self._parts[key] = (inputs, part)
        return old[1]

    def sweep(self) -> None:
        """Forget blocks that no part shows any more, when there are too many."""
        if len(self._blocks) > _KEPT:
            shown = {id(block) for _, part in self._parts.values() for block in part.blocks}
            self._blocks = {key: kept for key, kept in self._blocks.items() if id(kept[1]) in shown}


def gather(parts: list[Part]) -> tuple[list[Block], Anchors]:
    """Join parts, back to front."""
    anchors = Anchors()
    blocks: list[Block] = []
    for part in parts:
        blocks += part.blocks
        anchors.update(part.anchors)
        anchors.grids.update(part.grids)
        anchors.frames = part.frames or anchors.frames
    return blocks, anchors
