"""Which moments of a run the frames of a film show."""

from __future__ import annotations

from slabviz.errors import SourceError, UsageError
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

TICKS_PER_SECOND = 4.0
"""At speed 1x: a move of 1,100 ms takes 4.4 ticks (visual specification, motion)."""


def check_not_empty(run: Run) -> Run:
    """Give ``run`` back. Raises SourceError where it holds nothing at all, not even its start."""
    if run.last_tick < 0:
        raise SourceError("there is nothing to show: the source holds no tick; record or write at least one step")
    return run


def check_position(run: Run | Pair, position: float) -> float:
    """Give ``position`` (in ticks) back. Raises UsageError where the run does not have it."""
    if not 0 <= position <= run.last_tick:
        raise UsageError(f"tick {position:g} is not in this run; take one from 0 to {run.last_tick}")
    return position


def film_positions(
    run: Run | Pair, fps: int, speed: float, first: float = 0, last: float | None = None
) -> list[float]:
    """The position in ticks of each frame from ``first`` to ``last`` (None: the run's end), both shown.

    Computed from the frame's number, never summed up, so that a film of any part shows the same pictures.
    Raises UsageError where one is not in the run, or ``last`` lies before ``first``.
    """
    end = check_position(run, run.last_tick if last is None else last)
    check_position(run, first)
    if end < first:
        raise UsageError(f"a film from tick {first:g} to tick {end:g} would run backwards; change the two")
    step = speed * TICKS_PER_SECOND / fps
    count = int((end - first) / step + 1e-9) + 1  # a last frame that only rounding would cut off counts
    return [first + number * step for number in range(count)]
