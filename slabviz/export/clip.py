"""What an exporter gets: a clip, that is frames in order with their size, rate and number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from slabviz.errors import UsageError

Frame: TypeAlias = npt.NDArray[np.uint8]
"""One picture: (height, width, 4) uint8, channels B, G, R, unused. Valid until the next one is asked for."""

FASTEST_FPS = 240


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames to be written; they are taken one at a time, so a clip may be longer than memory.

    ``size`` is (width, height) in pixels, ``fps`` frames a second, ``count`` how many frames will come. ``samples``
    are a few pictures from all over the clip: a format with few colours chooses them there (none: the first frame).
    """

    frames: Iterable[Frame | bytes]
    size: tuple[int, int]
    fps: int
    count: int
    samples: Iterable[Frame | bytes] = ()

    def pictures(self) -> Iterator[Frame]:
        """Every frame in order, each checked to be ``size`` large. Raises ValueError where one is not."""
        return (as_frame(frame, self.size) for frame in self.frames)


def as_frame(pixels: Frame | bytes, size: tuple[int, int]) -> Frame:
    """See ``pixels`` (array or bytes in BGRA order) as a frame, without a copy. Raises ValueError on another size."""
    width, height = size
    frame = np.frombuffer(pixels, np.uint8) if isinstance(pixels, bytes) else pixels
    if frame.dtype != np.uint8 or frame.size != width * height * 4:
        raise ValueError(f"a frame is {frame.dtype} {frame.shape}, expected uint8 ({height}, {width}, 4)")
    return frame.reshape(height, width, 4)


def check_fps(fps: int, fastest: int = FASTEST_FPS) -> None:
    """Refuse a frame rate outside 1..``fastest`` frames a second. Raises UsageError."""
    if not 1 <= fps <= fastest:
        raise UsageError(f"{fps} frames a second cannot be written: take a rate from 1 to {fastest}")
