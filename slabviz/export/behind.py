"""Work on frames behind the one who draws them: bounded, in order of arrival, errors handed back.

Measured at 1920x1080, veryfast, two cores, 15 ms of drawing a frame, as a share of an encode-only loop: drawing and
encoding in turn 0.82, encoder behind 0.85 to 0.93. (With hardly any drawing both reach 0.9 to 1.0.)
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")

WAITING = 4
"""How many items may wait, so many are in memory: a frame of 1920x1080 takes 8 MB."""

SWITCH_SECONDS = 0.0005
"""An encoder asks for the interpreter lock several times a frame; with Python's own 0.005 it mostly waits for it."""


def work_behind(items: Iterable[Item], work: Callable[[Item], None], workers: int = 1) -> None:
    """Call ``work`` on each item in ``workers`` threads while the next items are made; one worker keeps the order.

    An exception of ``work`` or of ``items`` ends it and is raised here, when no thread works any more.
    """
    with _quick_switching(), ThreadPoolExecutor(workers, "slabviz-export") as pool:
        under_way: deque[Future[None]] = deque()
        try:
            for item in items:
                under_way.append(pool.submit(work, item))
                if len(under_way) > WAITING:
                    under_way.popleft().result()
            while under_way:
                under_way.popleft().result()
        finally:
            for pending in under_way:
                pending.cancel()


@contextmanager
def _quick_switching() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, SWITCH_SECONDS))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
