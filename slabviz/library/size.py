"""How large a picture may be."""

from __future__ import annotations

from slabviz.errors import UsageError

SMALLEST_SIDE = 16
LARGEST_SIDE = 8192
"""Pixels. Above it x264 and most viewers give up, and one frame alone takes 268 MB."""


def check_size(size: tuple[int, int]) -> None:
    """Refuse a picture size (width, height) that cannot be drawn and written. Raises UsageError."""
    width, height = size
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in size):
        raise UsageError(
            f"a picture of {width}x{height} pixels cannot be drawn: "
            f"take a width and a height from {SMALLEST_SIDE} to {LARGEST_SIDE}"
        )
