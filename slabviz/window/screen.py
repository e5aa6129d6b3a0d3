"""A real window by pygame. Only display and font are initialised, never audio."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from slabviz.errors import OutputError, SlabvizError
from slabviz.resources import asset
from slabviz.window.base import (
    CloseRequest,
    FileDropped,
    Input,
    Key,
    MenuRequest,
    PointerDown,
    PointerMove,
    PointerUp,
    Resized,
    Wheel,
)

NAMES = {
    pygame.K_SPACE: "space", pygame.K_LEFT: "left", pygame.K_RIGHT: "right", pygame.K_HOME: "home",
    pygame.K_UP: "up", pygame.K_DOWN: "down", pygame.K_PAGEUP: "page_up", pygame.K_PAGEDOWN: "page_down",
    pygame.K_BACKSPACE: "backspace", pygame.K_END: "end",
    pygame.K_ESCAPE: "escape", pygame.K_TAB: "tab", pygame.K_RETURN: "enter",
    pygame.K_KP_ENTER: "enter", pygame.K_F1: "f1", pygame.K_F5: "f5", pygame.K_F10: "f10",
    pygame.K_MENU: "menu", pygame.K_F11: "f11", pygame.K_F12: "f12",
}  # fmt: skip
"""Keys without a character; the others are named after what they write, in lower case."""
CONTROL = pygame.KMOD_CTRL | pygame.KMOD_META


class Screen:
    """Opens at once. Raises SlabvizError when there is no display after all."""

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        try:
            pygame.display.init()
            pygame.display.set_icon(pygame.image.load(asset("icon", "slabviz-64.png")))
            pygame.display.set_caption(title)
            self._windowed = size
            self._surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        except pygame.error as error:
            raise SlabvizError(f"no window can be opened: {error}; use 'slabviz render' instead") from error
        pygame.key.set_repeat(350, 40)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._surface.get_size()

    def poll(self, patience: float) -> list[Input]:
        """The inputs since the last call; waits up to ``patience`` seconds for the first."""
        events = pygame.event.get()
        if not events and patience > 0:
            events = [pygame.event.wait(max(1, int(patience * 1000))), *pygame.event.get()]
        inputs = (_TRANSLATE[event.type](event) for event in events if event.type in _TRANSLATE)
        return [each for each in inputs if each is not None]

    def show(self, frame: pygame.Surface) -> None:
        """Put a frame on the screen."""
        self._surface = pygame.display.get_surface() or self._surface
        self._surface.blit(frame, (0, 0))
        pygame.display.flip()

    def full_screen(self, on: bool) -> None:
        """Fill the screen, or go back to the size before."""
        if on:
            self._windowed = self.size
            self._surface = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            self._surface = pygame.display.set_mode(self._windowed, pygame.RESIZABLE)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard. Raises OutputError where the system has none, or refuses."""
        try:
            pygame.scrap.put_text(text)
        except pygame.error as error:
            raise OutputError(str(error)) from error

    def close(self) -> None:
        """Give the window up."""
        pygame.display.quit()


def _key(event: pygame.event.Event) -> Input | None:
    name = NAMES.get(event.key) or (event.unicode if event.unicode.isprintable() else "") or pygame.key.name(event.key)
    shift, ctrl = bool(event.mod & pygame.KMOD_SHIFT), bool(event.mod & CONTROL)
    text = event.unicode if event.unicode.isprintable() else ""
    return Key(name.lower(), shift, ctrl, text) if name and event.key not in _MODIFIERS else None


_MODIFIERS = frozenset(
    {pygame.K_LSHIFT, pygame.K_RSHIFT, pygame.K_LCTRL, pygame.K_RCTRL, pygame.K_LALT, pygame.K_RALT, pygame.K_LMETA,
     pygame.K_RMETA, pygame.K_CAPSLOCK, pygame.K_NUMLOCKCLEAR}
)  # fmt: skip
"""Keys that mean nothing alone: pressing one does not end what is open."""


def _down(event: pygame.event.Event) -> Input | None:
    shift = bool(pygame.key.get_mods() & pygame.KMOD_SHIFT)
    if event.button == pygame.BUTTON_RIGHT:
        return MenuRequest(*event.pos)
    return PointerDown(event.pos[0], event.pos[1], shift) if event.button == pygame.BUTTON_LEFT else None


def _up(event: pygame.event.Event) -> Input | None:
    return PointerUp(*event.pos) if event.button == 1 else None


_TRANSLATE: dict[int, Callable[[pygame.event.Event], Input | None]] = {
    pygame.QUIT: lambda event: CloseRequest(),
    pygame.KEYDOWN: _key,
    pygame.MOUSEMOTION: lambda event: PointerMove(*event.pos),
    pygame.MOUSEBUTTONDOWN: _down,
    pygame.MOUSEBUTTONUP: _up,
    pygame.MOUSEWHEEL: lambda event: Wheel(*pygame.mouse.get_pos(), event.y),
    pygame.DROPFILE: lambda event: FileDropped(event.file),
    pygame.VIDEORESIZE: lambda event: Resized(event.w, event.h),
}
