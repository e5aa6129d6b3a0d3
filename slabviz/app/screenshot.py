"""F12: the frame on the screen as a PNG under a name that nobody has."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from slabviz.export import Clip, write
from slabviz.render.frames import Surface, frame_bgra


def save_screenshot(frame: Surface, folder: Path, name: str, tick: int) -> Path:
    """Write ``NAME-TICK.png``, or ``NAME-TICK-2.png`` …, and say which. Raises OutputError."""
    stem = f"{name}-{tick}"
    names = (f"{stem}.png" if number == 1 else f"{stem}-{number}.png" for number in count(1))
    path = next(folder / each for each in names if not (folder / each).exists())
    write(Clip([frame_bgra(frame)], frame.get_size(), 1, 1), path)
    return path
