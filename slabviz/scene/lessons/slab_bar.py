"""One slab as a bar, to scale: its objects, the borders of its pages, and what is left over at the end."""

from __future__ import annotations

from itertools import pairwise

from slabviz.scene.display import Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.lessons.sizes import Sizes

_LEAST_OBJECT = 4
"""Objects narrower than this are drawn as one field."""
_STRIPE = 6


def draw_slab_bar(sketch: Sketch, rect: Rect, row: Sizes) -> None:
    """Draw the slab of a cache in its rectangle."""
    x, y, w, h = rect
    end = x + w * row.objects * row.size // row.bytes
    if row.waste:
        sketch.box((end, y, x + w - end, h), None, "t3", dash=(3, 2))
        hatch(sketch, (end, y, x + w - end, h))
    if w * row.size // row.bytes < _LEAST_OBJECT:
        sketch.box((x, y, end - x, h), "slabF", "slab", radius=2)
    else:
        _objects(sketch, (x, y, w, h), row)
    for page in range(1, row.pages):
        border = x + w * page // row.pages
        sketch.box((border - 1, y + h - 5, 3, 7), "s1")  # parts the tick from the objects' outlines
        sketch.line(((border, y + h - 5), (border, y + h + 2)), "t1")


def _objects(sketch: Sketch, rect: Rect, row: Sizes) -> None:
    x, y, w, h = rect
    starts = [x + w * index * row.size // row.bytes for index in range(row.objects + 1)]
    gap = 1 if starts[1] - starts[0] >= 6 else 0
    for start, end in pairwise(starts):
        sketch.box((start, y, end - start - gap, h), "slabF", "slab", radius=2 if gap else 0)


def hatch(sketch: Sketch, rect: Rect) -> None:
    """Slanted lines, for bytes that nobody uses."""
    x, y, w, h = rect
    for left in range(x - h + _STRIPE, x + w, _STRIPE):
        low, high = max(left, x), min(left + h, x + w)
        if high - low > 1:
            sketch.line(((low, y + h - (low - left)), (high, y + h - (high - left))), "t3")
