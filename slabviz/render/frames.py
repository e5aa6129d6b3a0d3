"""A finished frame as numbers: for tests, encoders and pictures on disk."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Surface

__all__ = ["Surface", "frame_array", "frame_bgra"]
"""``Surface`` too: whoever hands frames on can name their type without naming the library."""


def frame_bgra(surface: pygame.Surface) -> NDArray[np.uint8]:
    """Return a copy of a 32-bit frame as it lies in memory: (height, width, 4), blue, green, red, unused.

    One copy of memory, and the surface may be drawn on at once: a view of it would lock it.
    Raises ValueError: the surface is not of this format.
    """
    if surface.get_bytesize() != 4 or surface.get_masks()[:3] != (0xFF0000, 0xFF00, 0xFF):
        raise ValueError("a frame has 32 bits a pixel, blue first; this surface has another format")
    width, height = surface.get_size()
    rows = np.frombuffer(surface.get_buffer().raw, np.uint8).reshape(height, surface.get_pitch())
    return rows[:, : width * 4].reshape(height, width, 4)


def frame_array(surface: pygame.Surface) -> NDArray[np.uint8]:
    """Return a copy of a frame as (height, width, 3), red, green, blue. Raises ValueError as ``frame_bgra`` does."""
    return np.ascontiguousarray(frame_bgra(surface)[..., 2::-1])
