"""What the error screen shows, as plain values: finished texts, numbers of bytes, no places in the picture."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.errors.paint import Piece
from slabviz.scene.state import Badge, Caption


@dataclass(slots=True, frozen=True)
class CallCard:
    """One call of the story. ``mark`` and ``colour`` are those of whoever has the memory, ``name`` runs."""

    tick: int
    badge: Badge
    call: str
    note: str
    name: str
    mark: str = ""
    colour: int = 7
    cause: bool = False
    failure: bool = False
    aside: str = ""
    """What a debug option would have done about it."""


@dataclass(slots=True, frozen=True)
class Label:
    """A piece of the bytes, with what is written in it, the longest first; ``text`` of a neutral plate."""

    piece: Piece
    texts: tuple[str, ...]
    colour: int = 7


@dataclass(slots=True, frozen=True)
class Brace:
    """A range of bytes with a text; ``role`` colours it: quiet, free, owner0 … or err."""

    start: int
    end: int
    text: str
    role: str


@dataclass(slots=True, frozen=True)
class ByteRow:
    """The bytes after one call. ``above`` is what the call was about, ``below`` what is wrong now."""

    labels: tuple[Label, ...]
    above: Brace | None = None
    below: Brace | None = None


@dataclass(slots=True, frozen=True)
class Ruler:
    """What stands over the rows: the objects, and the addresses that matter."""

    slab: str
    start: int
    end: int
    objects: tuple[Brace, ...]
    marks: tuple[tuple[int, str, bool], ...]
    """(offset, text, whether it is somebody's pointer)."""


@dataclass(slots=True, frozen=True)
class Banner:
    """What stands over the stage: the kernel's words, the exact values, one plain sentence."""

    number: int
    """Which incident it is of."""
    title: str
    lines: tuple[str, ...]
    sentence: str
    cause_tick: int | None
    """None: nobody has done wrong."""
    fix_title: str
    fix: str
    stopped: bool = False


@dataclass(slots=True, frozen=True)
class ErrorState:
    """The whole error screen. ``printed`` are the kernel's lines, in the place of the rows where there are none."""

    banner: Banner
    caption: Caption
    pointers: str
    """"p = object 5 + 64, q = object 6 + 64"."""
    calls: tuple[CallCard, ...]
    ruler: Ruler | None
    rows: tuple[ByteRow, ...]
    printed: tuple[str, ...]
    left_out: int = 0
    """Calls of the story that there is no room for."""
