"""The map of physical memory as a picture: one mark a page frame, 128 in a row (fewer and larger ones of a small
memory), told apart by size and colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.scene.display import Colour

ROW = 128
"""Marks in a row, at most."""
LARGEST = 4
"""Marks of a small memory are at most so many times as wide."""
FREE, IN_SET, THIS_CACHE, OTHERS, IN_HAND = range(5)
"""What ``Buddy.frames`` says of a frame."""
PALETTE: tuple[Colour, ...] = ("s1", "free*45+s1", "t3", "slab", "others", "slow")
_NOTHING, _FREE_DOT, _SET_DOT, _CACHE, _OTHERS, _HAND = range(6)
_RANK = np.array([0, 1, 4, 2, 3], np.uint8)
"""Which class a mark shows that stands for several frames: the highest of theirs, this cache before all others."""
_CLASS_OF_RANK = np.array([FREE, IN_SET, OTHERS, IN_HAND, THIS_CACHE], np.uint8)


@dataclass(slots=True, frozen=True)
class FrameMap:
    """``rows`` are palette indexes, one byte a pixel; a mark is ``pitch`` px wide and stands for ``frames`` frames;
    ``columns`` of them are in each of ``lines``."""

    width: int
    height: int
    rows: bytes
    pitch: int
    frames: int
    columns: int
    lines: int


def frame_map(frames: bytes, pitch: int, room: int) -> FrameMap:
    """Draw the map at most ``room`` px high and ROW marks of ``pitch`` px wide.

    With more memory than rows a mark stands for 2, 4, 8 … frames; a small memory has larger marks.
    """
    codes = np.frombuffer(frames, np.uint8)
    each, larger = 1, 1
    while _lines(codes, ROW, each) * pitch > room:
        each *= 2
    while larger < LARGEST and _lines(codes, ROW // (2 * larger), each) * pitch * 2 * larger <= room:
        larger *= 2
    columns, pitch = ROW // larger, pitch * larger
    lines = _lines(codes, columns, each)
    padded = np.full(lines * columns * each, 255, np.uint8)
    padded[: len(codes)] = codes
    cells = _joined(padded, each).reshape(lines, columns)
    picture = _tiles(pitch)[cells].transpose(0, 2, 1, 3).reshape(lines * pitch, columns * pitch)
    return FrameMap(columns * pitch, lines * pitch, picture.tobytes(), pitch, each, columns, lines)


def _lines(codes: NDArray[np.uint8], columns: int, each: int) -> int:
    return max(-(-len(codes) // (each * columns)), 1)


_BEYOND = 5
"""Tile of a place behind the last frame."""


def _joined(codes: NDArray[np.uint8], each: int) -> NDArray[np.uint8]:
    beyond = codes.reshape(-1, each)[:, 0] == 255
    ranks = _RANK[np.where(codes == 255, 0, codes)].reshape(-1, each).max(axis=1)
    joined: NDArray[np.uint8] = np.where(beyond, np.uint8(_BEYOND), _CLASS_OF_RANK[ranks])
    return joined


def _tiles(pitch: int) -> NDArray[np.uint8]:
    """Return the picture of each class: shape (6, pitch, pitch)."""
    tiles = np.full((6, pitch, pitch), _NOTHING, np.uint8)
    half, dot = (pitch + 1) // 2, max(pitch // 4, 1)
    tiles[FREE, :dot, :dot] = tiles[IN_SET, :dot, :dot] = _FREE_DOT
    tiles[IN_SET, :dot, half : half + dot] = _SET_DOT
    tiles[THIS_CACHE, : max(pitch - 1, 1), :] = _CACHE
    tiles[OTHERS, :half, :half] = _OTHERS
    tiles[IN_HAND, :half, :half] = _HAND
    return tiles
