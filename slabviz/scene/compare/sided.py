"""A memo for one side of a comparison: the same widgets draw both, under keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from slabviz.scene.display import Block, Colour, Measure, Rect
from slabviz.scene.layout.memo import Memo, Part
from slabviz.scene.layout.sketch import Sketch


class SidedMemo(Memo):
    """Names every block of a side after it, so that slab 07 of A and slab 07 of B are two things on the page."""

    def __init__(self, measure: Measure, side: str) -> None:
        super().__init__(measure)
        self._side = side

    def block(
        self, part: Part, key: Hashable, rect: Rect, inputs: object, draw: Callable[[Sketch], None],
        ground: Colour = "bg", *, cut: bool = False,
    ) -> None:  # fmt: skip
        """See ``Memo.block``."""
        super().block(part, (self._side, key), rect, inputs, draw, ground, cut=cut)

    def cut(self, part: Part, key: Hashable, rect: Rect, whole: Block) -> None:
        """See ``Memo.cut``."""
        super().cut(part, (self._side, key), rect, whole)
