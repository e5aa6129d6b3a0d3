"""The map of physical memory as a picture: one mark a page frame, 128 in a row, told apart by size and colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slabviz.scene.display import Colour

ROW = 128
"""Page frames in a row."""
FREE, IN_SET, THIS_CACHE, OTHERS, IN_HAND = range(5)
"""What ``Buddy.frames`` says of a frame."""
PALETTE: tuple[Colour, ...] = ("s1", "free*45+s1", "t3", "slab", "others", "slow")
_NOTHING, _FREE_DOT, _SET_DOT, _CACHE, _OTHERS, _HAND = range(6)
_RANK = np.array([0, 1, 4, 2, 3], np.uint8)
"""Which class a mark shows that stands for several frames: the highest of theirs, this cache before all others."""
_CLASS_OF_RANK = np.array([FREE, IN_SET, OTHERS, IN_HAND, THIS_CACHE], np.uint8)


@dataclass(slots=True, frozen=True)
class FrameMap:
    """``rows`` are palette indexes, one byte a pixel; a mark is ``pitch`` px wide and stands for ``frames`` frames."""

    width: int
    height: int
    rows: bytes
    pitch: int
    frames: int
    lines: int


def frame_map(frames: bytes, pitch: int, room: int) -> FrameMap:
    """Draw the map at most ``room`` px high; with more memory than rows a mark stands for 2, 4, 8 … frames."""
    codes = np.frombuffer(frames, np.uint8)
    each = 1
    while -(-len(codes) // (each * ROW)) * pitch > room:
        each *= 2
    lines = max(-(-len(codes) // (each * ROW)), 1)
    padded = np.full(lines * ROW * each, 255, np.uint8)
    padded[: len(codes)] = codes
    cells = _joined(padded, each).reshape(lines, ROW)
    picture = _tiles(pitch)[cells].transpose(0, 2, 1, 3).reshape(lines * pitch, ROW * pitch)
    return FrameMap(ROW * pitch, lines * pitch, picture.tobytes(), pitch, each, lines)


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
    half = (pitch + 1) // 2
    tiles[FREE, 0, 0] = tiles[IN_SET, 0, 0] = _FREE_DOT
    tiles[IN_SET, 0, half] = _SET_DOT
    tiles[THIS_CACHE, : max(pitch - 1, 1), :] = _CACHE
    tiles[OTHERS, :half, :half] = _OTHERS
    tiles[IN_HAND, :half, :half] = _HAND
    return tiles
