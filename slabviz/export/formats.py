"""Which exporter writes what: chosen by the name of the output."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Protocol

from slabviz.errors import UsageError
from slabviz.export import frames_folder, gif, mp4, png
from slabviz.export.atomic import check_file, check_folder
from slabviz.export.clip import Clip


class Format(Enum):
    """What can be written; the value is the suffix of the file's name, none for a folder."""

    PNG = ".png"
    GIF = ".gif"
    MP4 = ".mp4"
    FOLDER = ""

    @property
    def is_still(self) -> bool:
        """True where only one frame is written."""
        return self is Format.PNG


class Exporter(Protocol):
    """What each exporter's module offers."""

    def check(self, size: tuple[int, int], fps: int) -> None:
        """Refuse what ``write`` would refuse before its first frame."""

    def write(self, clip: Clip, path: Path, overwrite: bool = False) -> None:
        """Write all of ``clip`` to ``path`` or nothing."""


EXPORTERS: dict[Format, Exporter] = {
    Format.PNG: png,
    Format.GIF: gif,
    Format.MP4: mp4,
    Format.FOLDER: frames_folder,
}


def format_of(path: Path) -> Format:
    """The format that the name ``path`` asks for. Raises UsageError for a suffix that is not known."""
    suffix = path.suffix.lower()
    for candidate in Format:
        if candidate.value == suffix or (candidate is Format.FOLDER and path.is_dir()):
            return candidate
    raise UsageError(
        f"{path}: a file {suffix} cannot be written; give a name that ends in .png, .mp4 or .gif, "
        "or one without a suffix for a folder of PNGs"
    )


def check(path: Path, size: tuple[int, int], fps: int, overwrite: bool = False) -> Format:
    """Refuse what ``write`` would refuse, before anybody draws a frame; else say the format.

    Raises UsageError for a name, size (width, height) or rate (frames a second) that cannot be, OutputError where
    something is at ``path`` already and ``overwrite`` is not set.
    """
    chosen = format_of(path)
    EXPORTERS[chosen].check(size, fps)
    if chosen is Format.FOLDER:
        check_folder(path, overwrite, frames_folder.PATTERN)
    else:
        check_file(path, overwrite)
    return chosen


def write(clip: Clip, path: Path, overwrite: bool = False) -> None:
    """Write ``clip`` in the format that the name ``path`` asks for, whole or not at all.

    Raises as ``check`` does, and OutputError where the system refuses to write.
    """
    # The whole path: even `.` has a name then, and a link stays a link.
    EXPORTERS[format_of(path)].write(clip, Path(os.path.abspath(path)), overwrite)
