"""A slab that is no more: when its pages went back, which page frames they were, and who has them now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slabviz.model.events import Kind
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_PCP

_ENDS = (Kind.DISCARD_SLAB, Kind.RCU_FREE_SLAB)
_SOURCES = frozenset({Kind.BUDDY_TAKE, Kind.PCP_ALLOC})
_LOOK_BACK = 256
"""Events between the pages and the slab made of them, of all CPUs."""


@dataclass(slots=True, frozen=True)
class Gone:
    """``tick``: when its pages went back. ``pfn`` -1: the log does not tell which frames they were."""

    tick: int
    pfn: int
    pages: int


def gone(log: EventLog, slab: int, behind: int) -> Gone | None:
    """What became of a slab by the event before ``behind``; None if there was no such slab, or it is there still."""
    matrix = log.matrix()[:behind]
    mine = matrix[:, 2] == slab
    ended = np.flatnonzero(mine & np.isin(matrix[:, 0], _ENDS))
    born = np.flatnonzero(mine & (matrix[:, 0] == Kind.SLAB_PAGES))
    if not len(ended) or not len(born):
        return None
    pfn, order = _pages(log, int(born[0]))
    return Gone(log.tick_of(int(ended[-1])), pfn, 1 << order)


def _pages(log: EventLog, born: int) -> tuple[int, int]:
    """First frame and order of the block that was in hand when a slab was made of it."""
    cpu = next(log.events(born, born + 1))[1]
    pfn, order = -1, 0
    for kind, on, level, frame, _ in log.events(max(born - _LOOK_BACK, 0), born):
        if on != cpu:
            continue
        if kind in _SOURCES:
            pfn, order = frame, level
        elif kind == Kind.BUDDY_SPLIT:
            order = level
    return pfn, order


def now_at(m: Machine, pfn: int) -> tuple[str, int]:
    """Who has a page frame now: (free, set, hand, others or slab, the slab's id or -1)."""
    slab = m.slab_of_page.get(pfn)
    if slab is not None:
        return "slab", slab.id
    zone = m.zone_of(pfn)
    words = {FRAME_FREE: "free", FRAME_PCP: "set", FRAME_HAND: "hand"}
    return words.get(zone.frames[pfn - zone.first_pfn], "others"), -1
