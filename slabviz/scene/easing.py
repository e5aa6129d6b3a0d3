"""Easings: from the share of time to the share of the way, both 0 … 1 (visual specification, section 7)."""

from __future__ import annotations


def linear(share: float) -> float:
    """At the same pace all along."""
    return share


def quad_out(share: float) -> float:
    """Fast at first, then gently slower."""
    return 1 - (1 - share) ** 2


def cubic_out(share: float) -> float:
    """Fast at first, then much slower."""
    return 1 - (1 - share) ** 3


def cubic_in_out(share: float) -> float:
    """Slow at both ends."""
    return 4 * share**3 if share < 0.5 else 1 - 4 * (1 - share) ** 3
