"""The palette of a GIF: flat colours exact, every other pixel at its nearest entry."""

from __future__ import annotations

import numpy as np
import pytest

from slabviz.export import Frame
from slabviz.export.palette import COLOURS, Palette


@pytest.fixture
def page() -> Frame:
    """Three flat colours next to each other, and a square with a thousand mixtures of them."""
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:, :, :3] = (36, 25, 18)
    pixels[:20, :, :3] = (37, 26, 19)
    pixels[20:40, :, :3] = (38, 24, 17)
    pixels[:32, :32, 0] = np.arange(32) * 8
    pixels[:32, :32, 1] = np.arange(32)[:, None] * 8
    return pixels


def shown(palette: Palette, frame: Frame) -> Frame:
    """The frame in the palette's colours, B, G, R."""
    return palette.colours[palette.indexes(frame)][:, :, ::-1]


def test_few_colours_are_all_exact(page: Frame) -> None:
    flat = page[40:]
    assert np.array_equal(shown(Palette.of([flat]), flat), flat[:, :, :3])


def test_flat_colours_are_exact_and_mixtures_near(page: Frame) -> None:
    palette = Palette.of([page])
    assert len(palette.colours) <= COLOURS
    off = np.abs(shown(palette, page).astype(int) - page[:, :, :3])
    assert off[:, 32:].max() == 0, "colours that differ by one step are kept apart"
    assert 0 < off[:32, :32].max() <= 40


def test_a_colour_that_no_sample_had_gets_the_nearest_entry(page: Frame) -> None:
    palette = Palette.of([page])
    late = np.zeros((1, 1, 4), np.uint8)
    late[:, :, :3] = (36, 25, 20)
    wide = palette.colours.astype(int)
    nearest = ((wide - (20, 25, 36)) ** 2).sum(axis=1).argmin()
    assert palette.indexes(late)[0, 0] == nearest
    assert palette.indexes(late)[0, 0] == nearest, "also from the table"


def test_the_unused_channel_says_nothing(page: Frame) -> None:
    other = page.copy()
    other[:, :, 3] = 255
    palette = Palette.of([page])
    assert np.array_equal(palette.indexes(page), palette.indexes(other))
