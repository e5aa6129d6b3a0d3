"""Axes with three labels, at numbers that are easily read."""

from __future__ import annotations

from math import floor, log10

Axis = tuple[float, float, float]
"""Lower end, middle, upper end."""
_STEPS = (1, 2, 2.5, 5, 10)


def axis_from_zero(highest: float, *, whole: bool = True) -> Axis:
    """Return 0, half and a round number that is not below ``highest``; ``whole``: all three are whole numbers."""
    step = _round_up(max(highest, 0.0) / 2, whole=whole)
    return 0.0, step, 2 * step


def _round_up(value: float, *, whole: bool) -> float:
    if (value <= 1 and whole) or value <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(value))
    steps = (step * power for step in _STEPS)
    return next(step for step in steps if step >= value * (1 - 1e-9) and not (whole and step % 1))


def axis_of_share(lowest: float) -> Axis:
    """Return an axis of percent that ends at 100 and shows as little as it can of what lies below ``lowest``."""
    return next(axis for axis in ((60, 80, 100), (40, 70, 100), (0, 50, 100)) if axis[0] <= max(lowest, 0))
