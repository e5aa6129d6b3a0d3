"""A small clip whose every pixel is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from slabviz.export import Clip, Frame

SIZE = (64, 48)


def picture(number: int, size: tuple[int, int] = SIZE) -> Frame:
    width, height = size
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, :, 0] = 40
    pixels[8:16, number : number + 8, 2] = 200
    return pixels


def lent_pictures(count: int, size: tuple[int, int]) -> Iterator[Frame]:
    lent = picture(0, size)
    for number in range(count):
        lent[:] = picture(number, size)
        yield lent


@pytest.fixture
def frame() -> Callable[[int], Frame]:
    """Frame ``number``, 64x48: dark blue, with a red square that has moved ``number`` pixels to the right."""
    return picture


@pytest.fixture
def make_clip() -> Callable[..., Clip]:
    """Make a clip of ``count`` such frames, all in one array that is drawn over, as a renderer lends them."""

    def make(count: int = 6, size: tuple[int, int] = SIZE, fps: int = 25) -> Clip:
        return Clip(lent_pictures(count, size), size, fps, count)

    return make
