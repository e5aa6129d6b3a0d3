"""Numbers as they are read: digits in groups of three."""

from __future__ import annotations


def grouped(number: int) -> str:
    """Return a number with a space between groups of three digits: ``"1 284"``."""
    return f"{number:,}".replace(",", " ")
