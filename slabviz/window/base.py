"""What a window is to the player: inputs in, frames out. All positions are pixels of the window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import pygame


@dataclass(slots=True, frozen=True)
class Key:
    """A key went down: its name (``space``, ``left``, ``q``, ``?`` …) and the modifiers held, Cmd counting as ctrl.

    ``text`` is what it writes as it was typed, where that is known: names are in lower case.
    """

    name: str
    shift: bool = False
    ctrl: bool = False
    text: str = field(default="", compare=False)


@dataclass(slots=True, frozen=True)
class PointerMove:
    """The pointer moved here."""

    x: int
    y: int


@dataclass(slots=True, frozen=True)
class PointerDown:
    """The main button went down here."""

    x: int
    y: int
    shift: bool = False


@dataclass(slots=True, frozen=True)
class PointerUp:
    """The main button came up here."""

    x: int
    y: int


@dataclass(slots=True, frozen=True)
class MenuRequest:
    """The second button went down here."""

    x: int
    y: int


@dataclass(slots=True, frozen=True)
class Wheel:
    """The wheel turned by so many notches, up positive."""

    x: int
    y: int
    notches: int


@dataclass(slots=True, frozen=True)
class Resized:
    """The window has another size now."""

    width: int
    height: int


@dataclass(slots=True, frozen=True)
class FileDropped:
    """A file was dropped on the window."""

    path: str


@dataclass(slots=True, frozen=True)
class CloseRequest:
    """Somebody wants the window closed."""


Input: TypeAlias = (
    Key | PointerMove | PointerDown | PointerUp | MenuRequest | Wheel | Resized | FileDropped | CloseRequest
)


class Window(Protocol):
    """Polls, shows, closes; nothing more."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def poll(self, patience: float) -> list[Input]:
        """The inputs since the last call; waits up to ``patience`` seconds for the first."""

    def show(self, frame: pygame.Surface) -> None:
        """Put a frame on the screen."""

    def full_screen(self, on: bool) -> None:
        """Fill the screen, or not."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard. Raises OutputError where that cannot be done."""

    def close(self) -> None:
        """Give the window up."""
