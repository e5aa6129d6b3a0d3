"""From coverage to surfaces: premultiplied 32-bit pixels in the one format every surface of this package has.

Coverage says how much of a pixel a shape covers. A *mask* is coverage as uint8 (height, width), 0..255.
Surfaces are made from numpy arrays and need no display: the same bytes on every video driver.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pygame
from numpy.typing import NDArray

from slabviz.scene.display import Rect
from slabviz.scene.theme import RGB

Coverage: TypeAlias = NDArray[np.float32]
"""(height, width), 0..1."""

Mask: TypeAlias = NDArray[np.uint8]
"""(height, width), 0..255."""

Pixels32: TypeAlias = NDArray[np.uint32]
"""(height, width), 0xAARRGGBB with the colours already multiplied by alpha."""

_STREAM_AREA = 1_000_000 if getattr(pygame, "IS_CE", False) else 10_000
"""In pixels; see ``fill``. pygame 2.6 adds one channel at a time, pygame-ce eight pixels."""

_FRAME_MASKS = (0xFF0000, 0xFF00, 0xFF, 0)


def new_frame(size: tuple[int, int]) -> pygame.Surface:
    """Return an opaque surface of a size in pixels, blue first in memory, which sprites are drawn on."""
    return pygame.Surface(size, 0, 32, _FRAME_MASKS)


def fill(surface: pygame.Surface, rgb: RGB, rect: Rect | pygame.Rect) -> None:
    """Fill a rectangle of a frame, inside its clip.

    A fill with a blend flag that lies wholly outside the clip is not clipped by pygame: it is left out here.
    SDL's fill streams past the processor's cache: 20 us for a card, where emptying and adding take 2 us. Only for
    large areas it is the quicker one.
    """
    rect = surface.get_clip().clip(rect)
    if not rect.w or not rect.h:
        return
    if rect.w * rect.h >= _STREAM_AREA:
        surface.fill(rgb, rect)
    else:
        surface.fill((255, 255, 255), rect, pygame.BLEND_RGB_SUB)
        surface.fill(rgb, rect, pygame.BLEND_RGB_ADD)


def surface_of(pixels: Pixels32) -> pygame.Surface:
    """Return a sprite of these pixels, to be blitted with ``BLEND_PREMULTIPLIED``."""
    height, width = pixels.shape
    if not pixels.size:  # a page drawn much smaller than it is has lines of no height
        return pygame.Surface((width, height), pygame.SRCALPHA, 32)
    little = np.ascontiguousarray(pixels, dtype="<u4")
    return pygame.image.frombuffer(little.data.cast("B"), (width, height), "BGRA")


def mask_of(coverage: Coverage) -> Mask:
    """Return coverage as a mask."""
    return (coverage * np.float32(255) + np.float32(0.5)).astype(np.uint8)


@lru_cache(maxsize=512)
def ramp(rgb: RGB, alpha: int) -> Pixels32:
    """Return the 256 premultiplied pixels of a colour, by mask value."""
    blue_first = np.array((rgb[2], rgb[1], rgb[0], 255), np.uint32)
    covered = np.arange(256, dtype=np.uint32)[:, None] * np.uint32(alpha)
    mixed = ((covered * blue_first + 32512) // 65025).astype(np.uint8)
    table: Pixels32 = mixed.view("<u4")[:, 0]
    return table


def tint(mask: Mask, rgb: RGB, alpha: int = 255) -> pygame.Surface:
    """Return a sprite of one colour where the mask covers."""
    return surface_of(ramp(rgb, alpha)[mask])


def mix(layers: Sequence[tuple[Coverage, RGB]], alpha: int = 255) -> Pixels32:
    """Return the pixels of several colours that share each pixel: the coverages sum to 1 at most."""
    height, width = layers[0][0].shape
    total = np.zeros((height, width, 4), np.float32)
    for coverage, (red, green, blue) in layers:
        total += coverage[..., None] * np.array((blue, green, red, 255), np.float32)
    total *= np.float32(alpha / 255)
    total += np.float32(0.5)
    np.minimum(total, np.float32(255), out=total)
    bytes_ = np.ascontiguousarray(total.astype(np.uint8))
    pixels: Pixels32 = bytes_.view("<u4")[..., 0]
    return pixels
