"""Animated GIF: one palette for all frames, and of each frame only what has changed.

A frame is mapped to the shared palette, cut to the rectangle that differs from the frame before, and what is equal
within that rectangle becomes transparent (GIF89a specification, sections 18 to 23). Lossless against the mapped
frame, and smaller and faster than a palette a frame (``rendertech.md`` section 3).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from slabviz.export.atomic import new_file
from slabviz.export.clip import Clip, Frame, as_frame, check_fps
from slabviz.export.palette import Palette
from slabviz.library.size import check_size

FASTEST_FPS = 50
"""Viewers show a frame for 2 hundredths of a second or more; less they take for a mistake and slow down to 10."""

TRANSPARENT = 255
"""The last of the 256 palette entries is not a colour: it lets the frame before show through."""

KEEP = 1
"""Disposal method: leave this frame standing for the next one to be drawn on."""

Indexes = npt.NDArray[np.uint8]


def check(size: tuple[int, int], fps: int) -> None:
    """Refuse a size or rate that cannot be written. Raises UsageError."""
    check_size(size)
    check_fps(fps, FASTEST_FPS)


def write(clip: Clip, path: Path, overwrite: bool = False) -> None:
    """Write ``clip`` to ``path`` as an endless animation. Raises OutputError, UsageError."""
    check(clip.size, clip.fps)
    with new_file(path, overwrite) as temporary, temporary.open("wb") as file:
        frames = clip.pictures()
        first = next(frames).copy()
        samples = [as_frame(sample, clip.size) for sample in clip.samples] or [first]
        palette = Palette.of(samples)
        file.write(_header(clip.size, palette))
        for number, (left, top, indexes) in enumerate(_changes(first, frames, palette)):
            file.write(_graphic_control(_hundredths(number, clip.fps)))
            _write_image(file, left, top, indexes)
        file.write(b";")


def _changes(first: Frame, rest: Iterable[Frame], palette: Palette) -> Iterator[tuple[int, int, Indexes]]:
    """For each frame where its changed rectangle begins (x, y) and the palette indexes in it."""
    before = first
    shown = palette.indexes(first)
    yield 0, 0, shown.copy()
    for frame in rest:
        left, top, right, bottom = _changed_rectangle(before, frame)
        place = np.s_[top:bottom, left:right]
        indexes = palette.indexes(frame[place])
        yield left, top, np.where(indexes == shown[place], np.uint8(TRANSPARENT), indexes)
        shown[place] = indexes
        before[place] = frame[place]


def _changed_rectangle(before: Frame, after: Frame) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what differs; one pixel where nothing does, for a GIF frame cannot be empty."""
    differs = _as_words(before) != _as_words(after)
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return 0, 0, 1, 1
    columns = np.flatnonzero(differs[rows[0] : rows[-1] + 1].any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _as_words(frame: Frame) -> npt.NDArray[np.uint32]:
    return np.ascontiguousarray(frame).view(np.uint32)[:, :, 0]


def _header(size: tuple[int, int], palette: Palette) -> bytes:
    """Signature, screen with a table of 256 colours, and the extension that says: for ever."""
    colours = palette.colours.tobytes().ljust(3 * 256, b"\0")
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + colours + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


def _hundredths(number: int, fps: int) -> int:
    """How long frame ``number`` stands, in 1/100 s; rounded so that the errors do not add up."""
    return round(100 * (number + 1) / fps) - round(100 * number / fps)


def _graphic_control(hundredths: int) -> bytes:
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, KEEP << 2 | 1, hundredths, TRANSPARENT, 0)


def _write_image(file: BinaryIO, left: int, top: int, indexes: Indexes) -> None:
    """Image descriptor and LZW data; the latter by Pillow's encoder."""
    import PIL.GifImagePlugin
    import PIL.Image

    for part in PIL.GifImagePlugin.getdata(PIL.Image.fromarray(indexes), (left, top)):
        file.write(part)
