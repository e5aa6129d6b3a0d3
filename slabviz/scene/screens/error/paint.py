"""Shapes of the error view that several of its parts need: hatched damage, the tag of the cause."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL_STRONG

_PERIOD = 6
"""Of the hatch, across its stripes; along an edge a stripe of 45° is √2 apart."""
_STRIPE = 2.4
_SHORTEST = 5
"""A shorter stripe would lie on the outline of what is hatched."""
TAG = 22
LOW_TAG = 18


def hatch(sketch: Sketch, rect: Rect) -> None:
    """Stripes of 45°, inside a rectangle."""
    x, y, w, h = rect
    step = round(_PERIOD * 1.41)
    for shift in range(-h + step // 2, w, step):
        low, high = max(shift, 0), min(shift + h, w)
        if high - low > _SHORTEST:
            sketch.line(((x + low, y + h - (low - shift)), (x + high, y + h - (high - shift))), "err*70+errF",
                        width=_STRIPE)  # fmt: skip


def cause_tag(sketch: Sketch, right: int, middle: int, text: str, high: int = TAG) -> int:
    """A filled tag that points to the right; returns where it begins."""
    wide = sketch.measure(text, LABEL_STRONG) + 26
    x, half = right - wide, high // 2
    points = ((x, middle - half), (right - half, middle - half), (right, middle), (right - half, middle + half),
              (x, middle + half))  # fmt: skip
    sketch.shape(points, "t1")
    sketch.text(x + 9, middle, text, LABEL_STRONG, "s1")
    return x
