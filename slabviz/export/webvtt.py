"""The caption track of a film as WebVTT: when, at which tick, who, by which path, and the sentence.

A cue lasts as long as the caption of the picture stays the same, so track and picture never say different things.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from slabviz.errors import UsageError
from slabviz.export.atomic import check_file, new_file
from slabviz.scene.state import Caption

SUFFIX = ".vtt"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Characters that mean something else in a cue; without ``>`` no text can hold the arrow of a cue's times."""


@dataclass(slots=True, frozen=True)
class Cue:
    """``first`` and ``behind`` are frame numbers, ``tick`` the one that the caption first stands at."""

    first: int
    behind: int
    tick: int
    caption: Caption


@dataclass(slots=True)
class CaptionTrack:
    """Takes the captions frame by frame; ``fps`` frames are a second, ``language`` as ``zh_CN``, ``word`` is "tick"."""

    fps: int
    language: str
    word: str
    _cues: list[Cue] = field(default_factory=list)
    _frames: int = 0

    def add(self, tick: int, caption: Caption) -> None:
        """The next frame stands at this tick and has this caption."""
        last = self._cues[-1] if self._cues else None
        if last is not None and _same(last.caption, caption):
            self._cues[-1] = Cue(last.first, self._frames + 1, last.tick, last.caption)
        else:
            self._cues.append(Cue(self._frames, self._frames + 1, tick, caption))
        self._frames += 1

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues so far, in order; none where nothing was said."""
        return tuple(cue for cue in self._cues if cue.caption.sentence)

    def text(self) -> str:
        """The whole file."""
        head = f"WEBVTT\nKind: captions\nLanguage: {self.language.replace('_', '-')}\n"
        return head + "".join(f"\n{number}\n{self._cue(cue)}" for number, cue in enumerate(self.cues, 1))

    def _cue(self, cue: Cue) -> str:
        caption = cue.caption
        head = (f"{self.word} {cue.tick}", caption.who, caption.pill)
        first = " · ".join(part for part in head if part)
        times = f"{self._time(cue.first)} --> {self._time(cue.behind)}"
        return f"{times}\n{_one_line(first)}\n{_one_line(caption.sentence)}\n"

    def _time(self, frame: int) -> str:
        """Of a frame's start, to the millisecond: ``00:01:02.500``."""
        milliseconds = frame * 1000 // self.fps
        seconds, rest = divmod(milliseconds, 1000)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def check(path: Path, overwrite: bool = False) -> None:
    """Refuse a name that ``write`` would refuse. Raises UsageError, OutputError."""
    if path.suffix.lower() != SUFFIX:
        raise UsageError(f"{path}: captions are written as WebVTT; give a name that ends in {SUFFIX}")
    check_file(path, overwrite)


def write(track: CaptionTrack, path: Path, overwrite: bool = False) -> None:
    """Write the track, whole or not at all. Raises UsageError, OutputError."""
    check(path, overwrite)
    with new_file(Path(os.path.abspath(path)), overwrite) as temporary:
        temporary.write_text(track.text(), encoding="utf-8", newline="\n")


def _same(one: Caption, other: Caption) -> bool:
    return (one.who, one.pill, one.sentence) == (other.who, other.pill, other.sentence)


def _one_line(text: str) -> str:
    return " ".join(text.translate(_ESCAPES).split())
