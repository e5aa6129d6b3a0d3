"""A folder of numbered PNG stills: frame_00000.png, frame_00001.png, …"""

from __future__ import annotations

import os
from pathlib import Path

from slabviz.export import png
from slabviz.export.atomic import new_folder
from slabviz.export.behind import work_behind
from slabviz.export.clip import Clip, Frame, check_fps
from slabviz.library.size import check_size

PATTERN = "frame_*.png"
DIGITS = 5
WORKERS = min(4, os.cpu_count() or 1)
"""zlib lets go of the interpreter lock, so that several frames are packed at once."""


def check(size: tuple[int, int], fps: int) -> None:
    """Refuse a size or rate that cannot be written. Raises UsageError."""
    check_size(size)
    check_fps(fps)


def write(clip: Clip, path: Path, overwrite: bool = False) -> None:
    """Write every frame of ``clip`` into the new folder ``path``. Raises OutputError, UsageError."""
    check(clip.size, clip.fps)
    digits = max(DIGITS, len(str(clip.count - 1)))
    with new_folder(path, overwrite, PATTERN) as folder:
        stills = (
            (folder / f"frame_{number:0{digits}}.png", frame.copy()) for number, frame in enumerate(clip.pictures())
        )
        work_behind(stills, _write_still, WORKERS)


def _write_still(still: tuple[Path, Frame]) -> None:
    path, frame = still
    path.write_bytes(png.encode(frame))
