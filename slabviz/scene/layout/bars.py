"""The bars of the timeline as a picture: fast paths up from the base line, slow paths down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.scene.layout.density import Counts, Density

BAR = 3
PITCH = 4
SINGLE = 100
"""In a run of fewer ticks each tick has its own bar."""


@dataclass(slots=True, frozen=True)
class BarPicture:
    """``rows`` are palette indexes (0 nothing, 1 fast, 2 slow), one byte a pixel; ``base`` is the row between them."""

    width: int
    height: int
    rows: bytes


def column_count(width: int, ticks: int) -> int:
    """Return how many bars a strip of ``width`` px has."""
    return max(ticks, 1) if ticks < SINGLE else max(width // PITCH, 1)


def bar_picture(found: Density, width: int, up: int, down: int) -> BarPicture:
    """Draw bars at most ``up`` px above and ``down`` px below the base; anything at all is at least 1 px high."""
    picture = np.zeros((up + down, width), np.uint8)
    count = len(found.fast)
    edges = np.arange(count + 1) * width // count
    fast, slow = _heights(found.fast, up), _heights(found.slow, down)
    for column in np.flatnonzero(fast + slow).tolist():
        left, right = int(edges[column]), max(int(edges[column + 1]) - (PITCH - BAR), int(edges[column]) + 1)
        picture[up - int(fast[column]) : up, left:right] = 1
        picture[up : up + int(slow[column]), left:right] = 2
    return BarPicture(width, up + down, picture.tobytes())


def _heights(counts: Counts, most: int) -> NDArray[np.int64]:
    """Scale to the busiest hundredth; the square root keeps the quiet parts visible."""
    busy = np.sort(counts[counts > 0])  # np.percentile would do, but imports numpy.ma at the first frame
    top = float(busy[-(-(len(busy) - 1) * 99 // 100)]) if len(busy) else 1.0
    share = np.sqrt(np.minimum(counts / top, 1.0))
    return np.where(counts > 0, np.maximum((share * most).astype(np.int64), 1), 0)
