"""The start screen in a window: the course is there at once, its pictures come one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from slabviz.app.dressing import next_looks
from slabviz.app.notices import NoticePage, small_notice
from slabviz.app.pointer import rows_at, target_at
from slabviz.i18n import Catalogue
from slabviz.library.course import details
from slabviz.render.fonts import Fonts
from slabviz.render.frames import Surface
from slabviz.render.painter import Painter
from slabviz.scene import commands as c
from slabviz.scene.commands import Command
from slabviz.scene.display import Scene
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.metrics import picture_scale
from slabviz.scene.looks import Looks
from slabviz.scene.start.course import GROUPS, Course
from slabviz.scene.start.places import Places
from slabviz.scene.start.screen import StartScreen
from slabviz.scene.start.view import StartView
from slabviz.window import (
    CloseRequest,
    FileDropped,
    Input,
    Key,
    PointerDown,
    PointerMove,
    PointerUp,
    Resized,
    Wheel,
    Window,
)

IDLE_SECONDS = 0.25
NOTCH = 96
"""Px that a notch of the wheel scrolls."""
MESSAGE_SECONDS = 6.0
LONGEST = 400
"""Characters of a path."""

Wish: TypeAlias = "c.OpenLesson | str | None"
"""What is to be played: a lesson, or a file by its path; None: somebody quits."""


class StartPicture:
    """The screen painted for a window of one size and with one look."""

    def __init__(self, size: tuple[int, int], looks: Looks, fonts: Fonts | None = None) -> None:
        self.size, self.looks = size, looks
        scale = picture_scale(size, looks.scale)
        self.painter = Painter(size, looks.colours(), scale, fonts)
        page = -int(-size[0] // scale), -int(-size[1] // scale)
        self.tr = Catalogue(looks.language).tr
        self.screen = StartScreen(page, scale, Memo(self.painter.measure), self.tr, looks.language)
        self.scene: Scene | None = None

    def draw(self, course: Course, view: StartView) -> Surface:
        """The frame; its scene is what a click meets."""
        self.scene = self.screen.scene(course, view)
        return self.painter.frame(self.scene)


class StartPage:
    """Asks which lesson, or which file, is to be played."""

    def __init__(
        self, window: Window, looks: Looks, course: Course, *, message: str = "",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:  # fmt: skip
        self.window, self.course = window, course
        self.picture = StartPicture(_room(window.size), looks)
        self.view = StartView()
        self.full_screen = False
        self._clock = clock
        self._until = 0.0
        self._shown: object = None
        self._over = False
        self._wish: Wish = None
        begins = course.find(course.last) or next(iter(course.in_order), None)
        self._focus("" if begins is None else begins.id)
        self.say(message)

    @property
    def looks(self) -> Looks:
        """As they have been chosen here."""
        return self.picture.looks

    def ask(self) -> Wish:
        """Until something is chosen, or somebody quits."""
        while not self._over:
            self._show()
            waiting = self._details()
            for each in self.window.poll(0.0 if waiting else IDLE_SECONDS):
                self._take(each)
        return self._wish

    def say(self, message: str) -> None:
        """Say something for a while."""
        self.view = replace(self.view, message=message)
        self._until = self._clock() + MESSAGE_SECONDS

    def _details(self) -> bool:
        """Read one more lesson, those in sight first; whether there are more."""
        order = [lesson for lesson in self.course.in_order if lesson.details is None]
        if not order:
            return False
        at = self._places
        top = min(self.view.top, at.last_top)
        nearest = min(order, key=lambda lesson: (at.cards[lesson.id][1] + at.cards[lesson.id][3] < top))
        self.course = self.course.with_details(nearest.id, details(nearest))
        return len(order) > 1

    @property
    def _places(self) -> Places:
        return self.picture.screen.places(self.course)

    def _show(self) -> None:
        if self.view.message and self._clock() >= self._until:
            self.view = replace(self.view, message="")
        if (small := small_notice(self.window.size)) is not None:
            self.window.show(NoticePage().draw(small, self.window.size, self.looks))
            return
        shown = (self.course, self.view, self.looks, self.window.size)
        if self._shown != shown:
            self._shown = shown
            self.window.show(self.picture.draw(self.course, self.view))

    def _take(self, each: Input) -> None:
        match each:
            case Key():
                self._typed(each) if self.view.entry is not None else self._key(each)
            case PointerMove() | PointerDown() | PointerUp():
                self._point(each)
            case Wheel():
                if rows_at(self.picture.scene, *self._unscaled(each.x, each.y)) is not None:
                    self._scroll(self.view.top - each.notches * NOTCH)
            case Resized():
                self._dress(self.looks, (each.width, each.height))
            case FileDropped():
                self._choose(each.path)
            case CloseRequest():
                self._over = True
            case _:
                pass

    def _dress(self, looks: Looks, size: tuple[int, int]) -> None:
        self.picture = StartPicture(_room(size), looks, self.picture.painter.fonts)
        self._scroll(self.view.top)
        self._shown = None

    def _unscaled(self, x: int, y: int) -> tuple[int, int]:
        scale = self.picture.screen.scale
        return int(x / scale), int(y / scale)

    def _point(self, at: PointerMove | PointerDown | PointerUp) -> None:
        target = target_at(self.picture.scene, *self._unscaled(at.x, at.y))
        over = None if target is None or isinstance(target.command, c.Rows) else target.command
        pressed = self.view.pressed
        self.view = replace(self.view, hover=over, pressed=over if isinstance(at, PointerDown) else pressed)  # type: ignore[arg-type]  # a target of this screen
        if isinstance(at, PointerUp):
            self.view = replace(self.view, pressed=None)
            if pressed is not None and pressed == over:
                self._obey(pressed)

    def _key(self, key: Key) -> None:
        if key.ctrl and key.name == "q":
            self._over = True
        elif key.name in _ARROWS and not key.ctrl:
            self._step(*_ARROWS[key.name])
        elif key.name in ("page_up", "page_down"):
            self._scroll(self.view.top + (1 if key.name == "page_down" else -1) * self._places.list[3] * 9 // 10)
        elif key.name in ("home", "end"):
            self._scroll(0 if key.name == "home" else self._places.last_top)
        elif key.name == "tab":
            self._tab(-1 if key.shift else 1)
        elif key.name in ("enter", "space") and self.view.focus is not None:
            self._obey(self.view.focus)
        elif key.name.upper() in GROUPS and not key.ctrl:
            self._obey(c.ShowPart(key.name.upper()))
        elif not key.ctrl and key.name in _KEYS:
            self._obey(_KEYS[key.name])

    def _typed(self, key: Key) -> None:
        """Into the line for a path."""
        text = self.view.entry or ""
        if key.name == "escape":
            self._obey(c.Close())
        elif key.name == "enter":
            if text.strip():
                self._choose(text.strip())
        elif key.name == "backspace":
            self.view = replace(self.view, entry=text[:-1])
        elif not key.ctrl:
            letter = key.text or (" " if key.name == "space" else key.name)
            if len(letter) == 1 and len(text) < LONGEST:
                self.view = replace(self.view, entry=text + letter)

    def _choose(self, path: str) -> None:
        lesson = self.course.find(path)
        self._wish, self._over = c.OpenLesson(lesson.id) if lesson is not None else path, True

    def _obey(self, command: Command) -> None:
        match command:
            case c.OpenLesson():
                self._wish, self._over = command, True
            case c.ShowPart():
                self._part(command.part)
            case c.AskFile():
                self.view = replace(self.view, entry="", message="")
            case c.Close():
                self.view = replace(self.view, entry=None, message="")
            case c.FullScreen():
                self.full_screen = not self.full_screen
                self.window.full_screen(self.full_screen)
                self._dress(self.looks, self.window.size)
            case _:
                self._dress(next_looks(self.looks, command), self.picture.size)

    def _part(self, part: str) -> None:
        lessons = dict(self.course.groups).get(part)
        if lessons:
            self._focus(lessons[0].id)
            self._scroll(self._places.top_of_part(part))

    def _scroll(self, top: int) -> None:
        self.view = replace(self.view, top=min(max(top, 0), self._places.last_top))

    def _focus(self, lesson: str) -> None:
        """Choose a card and bring it into sight."""
        if lesson:
            self.view = replace(self.view, focus=c.OpenLesson(lesson))
            self._scroll(self._places.top_showing(lesson, self.view.top))

    def _step(self, across: int, down: int) -> None:
        """To the card beside, above or below; from nowhere to the first one in sight."""
        at, order = self._places, [lesson.id for lesson in self.course.in_order]
        here = self.view.focus.lesson if isinstance(self.view.focus, c.OpenLesson) else None
        if here not in order:
            self._focus(next((each for each in order if at.cards[each][1] >= self.view.top), order[0] if order else ""))
        elif across:
            self._focus(order[min(max(order.index(here) + across, 0), len(order) - 1)])
        else:
            self._focus(_below(at, here, down))

    def _tab(self, step: int) -> None:
        """Through the cards in their order, then the buttons."""
        buttons = [target.command for target in self.picture.scene.targets] if self.picture.scene is not None else []
        cards: list[object] = [c.OpenLesson(lesson.id) for lesson in self.course.in_order]
        others = [each for each in buttons if not isinstance(each, c.Rows) and each not in cards]
        order = list(dict.fromkeys([*cards, *others]))
        here = order.index(self.view.focus) if self.view.focus in order else (-1 if step > 0 else 0)
        chosen = order[(here + step) % len(order)]
        if isinstance(chosen, c.OpenLesson):
            self._focus(chosen.lesson)
        else:
            self.view = replace(self.view, focus=chosen)  # type: ignore[arg-type]  # a target of this screen


def _below(at: Places, lesson: str, step: int) -> str:
    """The card of the next row in a direction that stands nearest to a card's column."""
    x, y, _, _ = at.cards[lesson]
    rows = sorted({rect[1] for rect in at.cards.values() if (rect[1] - y) * step > 0}, reverse=step < 0)
    if not rows:
        return lesson
    row = [(abs(rect[0] - x), each) for each, rect in at.cards.items() if rect[1] == rows[0]]
    return min(row)[1]


def _room(size: tuple[int, int]) -> tuple[int, int]:
    """A window that is too small shows a notice; what is laid out behind it is never nothing."""
    return max(size[0], 320), max(size[1], 200)


_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_KEYS: dict[str, Command] = {
    "/": c.AskFile(), "t": c.NextTheme(), "z": c.NextLanguage(), "f11": c.FullScreen(), "escape": c.Close(),
}  # fmt: skip
