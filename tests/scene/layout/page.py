"""Looking at a laid out page: where its texts and boxes are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np

from slabviz.scene.display import Block, Box, Measure, Node, Rect, Text
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.bars import bar_picture, column_count
from slabviz.scene.layout.density import Density
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.strip import Scale, Strip
from slabviz.scene.state import StageState
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.stage import lay_out


@lru_cache(maxsize=16)
def strip_for(rect: Rect, ticks: int = 2301) -> Strip:
    """A timeline with four chapters, three interrupts and something everywhere; made once, as in a run."""
    x, y, w, h = rect
    columns = column_count(w - 16, ticks)
    found = Density(np.arange(columns) % 7, np.arange(columns) % 3, np.array([3, 140, 180]))
    scale = Scale(x + 8, w - 16, ticks - 1)
    bars = bar_picture(found, scale.width, 18, 12)
    chapters = ((0, "boot"), (ticks // 5, "first fork"), (ticks * 2 // 5, "storm"), (ticks * 4 // 5, "exits"))
    return Strip((x, y, w, h), scale, y + 23, y + 41, bars, (x + 30, x + 60), chapters)


def laid_out(desk: Desk, state: StageState, view: ViewState | None = None) -> tuple[list[Block], Anchors]:
    return lay_out(desk, state, view or ViewState(), strip_for(desk.regions.timeline))


def text_rect(node: Text, measure: Measure) -> Rect:
    """The ink of a line: as wide as measured, as high as its capitals and a little more."""
    width, height = measure(node.text, node.style), node.style.size * 8 // 10
    left = node.x - {"l": 0, "m": width // 2, "r": width}[node.anchor]
    return left, node.y - height // 2, width, height


def texts(blocks: list[Block], measure: Measure) -> Iterator[tuple[Block, Text, Rect]]:
    for block in blocks:
        for node in block.nodes:
            if isinstance(node, Text):
                yield block, node, text_rect(node, measure)


def inside(rect: Rect, outer: Rect) -> bool:
    x, y, w, h = rect
    left, top, wide, tall = outer
    return left <= x and top <= y and x + w <= left + wide and y + h <= top + tall


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def overlapping_texts(blocks: list[Block], measure: Measure) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other."""
    found = [(node.text, rect) for _, node, rect in texts(blocks, measure)]
    return [(a, b) for (a, one), (b, other) in combinations(found, 2) if overlap(one, other)]


def outside(blocks: list[Block], measure: Measure) -> list[tuple[object, Node]]:
    """Boxes and texts that reach out of their block; blocks that share a prepared picture are clipped on purpose."""
    found: list[tuple[object, Node]] = [
        (block.key, node) for block, node, rect in texts(blocks, measure) if not inside(rect, block.rect)
    ]
    for block in blocks:
        for node in block.nodes:
            if isinstance(node, Box) and not inside((node.x, node.y, node.w, node.h), block.rect):
                found.append((block.key, node))
    return [(key, node) for key, node in found if key != ("played",)]
