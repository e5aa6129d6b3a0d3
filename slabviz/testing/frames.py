"""Comparing a frame with a kept one: by its mean difference, and tile by tile.

The mean forgives what is spread thinly (another build of a font library), the tiles do not forgive what is small but
somewhere: one changed digit on a big page hardly moves the mean. Differences are in steps of a channel, 0..255.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
"""(height, width, 3) uint8, channels R, G, B."""

TILE_SIDE = 32
"""Pixels; a tile at the right or lower edge may be smaller."""

MEAN = 0.25
TILE = 4.0
"""Default tolerances: room for another rounding of blended edges, not for another word or colour."""

AMPLIFY = 8
"""How much brighter the difference picture shows what differs."""


@dataclass(frozen=True, slots=True)
class FrameDifference:
    """How far two pictures are from each other: overall, and in their worst tile, which is at (x, y) pixels."""

    mean: float
    worst_tile: float
    x: int
    y: int


def frame_difference(actual: Picture, expected: Picture) -> FrameDifference:
    """Measure two pictures of the same size (height, width, 3). Raises ValueError where the sizes differ."""
    if actual.shape != expected.shape:
        raise ValueError(f"pictures of {_size(actual)} and {_size(expected)} pixels cannot be compared")
    per_pixel = np.abs(actual.astype(np.int16) - expected).mean(axis=2)
    tiles = _tile_means(per_pixel)
    row, column = np.unravel_index(int(tiles.argmax()), tiles.shape)
    return FrameDifference(
        float(per_pixel.mean()), float(tiles[row, column]), int(column) * TILE_SIDE, int(row) * TILE_SIDE
    )


def assert_frame(
    actual: Picture,
    expected: Path,
    *,
    mean: float = MEAN,
    tile: float = TILE,
    refresh: bool = False,
    output: Path | None = None,
) -> None:
    """Hold ``actual`` against the PNG ``expected``: overall within ``mean``, each tile of 32x32 px within ``tile``.

    With ``refresh`` the PNG is written instead. On failure NAME.expected.png, NAME.actual.png and NAME.difference.png
    are written into ``output`` (the expected file's folder if None), and AssertionError says how far and where.
    """
    if refresh:
        _save(actual, expected)
        return
    folder = output or expected.parent
    if not expected.exists():
        shown = _save(actual, folder / f"{expected.stem}.actual.png")
        raise AssertionError(f"{expected} is missing: look at {shown}, then run with --slabviz-refresh to keep it")
    kept = _load(expected)
    if fault := _fault(actual, kept, mean, tile):
        _save(kept, folder / f"{expected.stem}.expected.png")
        _save(actual, folder / f"{expected.stem}.actual.png")
        shown = _save(difference_picture(actual, kept), folder / f"{expected.stem}.difference.png")
        raise AssertionError(
            f"{expected.stem}: {fault}; see {shown}, or run with --slabviz-refresh to keep the new one"
        )


def difference_picture(actual: Picture, expected: Picture) -> Picture:
    """What differs, made bright on black; where one picture ends before the other, all of the rest."""
    height, width = (max(sides) for sides in zip(actual.shape[:2], expected.shape[:2], strict=True))
    canvas = np.zeros((2, height, width, 3), np.int16)
    for layer, picture in zip(canvas, (actual, expected), strict=True):
        layer[: picture.shape[0], : picture.shape[1]] = picture
    bright: Picture = np.minimum(np.abs(canvas[0] - canvas[1]) * AMPLIFY, 255).astype(np.uint8)
    return bright


def _fault(actual: Picture, expected: Picture, mean: float, tile: float) -> str | None:
    if actual.shape != expected.shape:
        return f"the picture is {_size(actual)} pixels, expected {_size(expected)}"
    found = frame_difference(actual, expected)
    if found.mean > mean:
        return f"differs by {found.mean:.3f} in the mean, {mean} allowed; most at ({found.x}, {found.y})"
    if found.worst_tile > tile:
        return f"the tile at ({found.x}, {found.y}) differs by {found.worst_tile:.3f}, {tile} allowed"
    return None


def _tile_means(per_pixel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean of each tile, (rows of tiles, columns of tiles)."""
    tops, lefts = (np.arange(0, side, TILE_SIDE) for side in per_pixel.shape)
    sums = np.add.reduceat(np.add.reduceat(per_pixel, tops, axis=0), lefts, axis=1)
    heights, widths = (
        np.diff(np.append(starts, side)) for starts, side in zip((tops, lefts), per_pixel.shape, strict=True)
    )
    means: npt.NDArray[np.float64] = sums / np.outer(heights, widths)
    return means


def _size(picture: Picture) -> str:
    return f"{picture.shape[1]}x{picture.shape[0]}"


def _load(path: Path) -> Picture:
    import PIL.Image

    with PIL.Image.open(path) as image:
        return np.array(image.convert("RGB"), np.uint8)


def _save(picture: Picture, path: Path) -> Path:
    import PIL.Image

    path.parent.mkdir(parents=True, exist_ok=True)
    PIL.Image.fromarray(np.ascontiguousarray(picture)).save(path, optimize=True)
    return path
