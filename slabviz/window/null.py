"""A window that nobody sees: inputs come from a script, frames are kept."""

from __future__ import annotations

from collections.abc import Iterable

from slabviz.render.frames import Surface, frame_array
from slabviz.window.base import CloseRequest, Input


class NullWindow:
    """Each poll gives the next batch of the script; after the last one the window asks to be closed."""

    def __init__(self, script: Iterable[list[Input]], size: tuple[int, int] = (1280, 720)) -> None:
        self.size = size
        self.shown: list[bytes] = []
        """The pixels of every frame shown: height * width * 3 bytes, RGB."""
        self.is_full_screen = False
        self.is_open = True
        self.copied: list[str] = []
        """What was put on the clipboard, in order."""
        self._script = iter(script)

    def poll(self, patience: float) -> list[Input]:
        """The next batch of the script."""
        return next(self._script, [CloseRequest()])

    def show(self, frame: Surface) -> None:
        """Keep the frame's pixels."""
        self.shown.append(frame_array(frame).tobytes())

    def full_screen(self, on: bool) -> None:
        """Remember it."""
        self.is_full_screen = on

    def copy(self, text: str) -> None:
        """Keep it."""
        self.copied.append(text)

    def close(self) -> None:
        """Remember it."""
        self.is_open = False
