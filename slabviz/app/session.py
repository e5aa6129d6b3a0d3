"""One window from its opening to its end: from the start screen to a lesson, from there to the next, and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slabviz.app.beside import Seat
from slabviz.app.bookmarks import Bookmarks
from slabviz.app.notices import NoticePage
from slabviz.app.start import StartPage
from slabviz.app.watch import Watch
from slabviz.errors import SlabvizError
from slabviz.scene import commands as c
from slabviz.scene.layout.digits import grouped
from slabviz.scene.looks import Looks
from slabviz.scene.start.course import Course, Lesson
from slabviz.scene.view import ViewState
from slabviz.window import Window

if TYPE_CHECKING:
    from slabviz.app.opening import Load
    from slabviz.app.player import Player
    from slabviz.timeline.run import Run


@dataclass(slots=True, frozen=True)
class Piece:
    """Something to play. ``lesson`` is its id in the course, or empty; ``files`` are those that it is read from."""

    name: str
    load: Load
    view_of: Callable[[Run], ViewState] | None = None
    rival: Callable[[], Run | None] | None = None
    lesson: str = ""
    files: Callable[[], Iterable[Path]] | None = None


Find = Callable[[str], Piece]
"""What a lesson's name or a path stands for. Raises SlabvizError where there is no such thing."""


class Session:
    """``find`` makes pieces of what is chosen on the start screen; ``quiz``: lessons ask their questions."""

    def __init__(
        self, window: Window, looks: Looks, course: Course, find: Find, bookmarks: Bookmarks, *, quiz: bool = True,
        clock: Callable[[], float] = time.perf_counter, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.window, self.looks = window, looks
        self.bookmarks = bookmarks
        self._lessons, self._find, self._quiz = course, find, quiz
        self._clock, self._sleep = clock, sleep
        self._full_screen = False
        self._message = ""
        self._quits = False
        """Whether the window was closed while something was read."""

    @property
    def course(self) -> Course:
        """As the reader stands in it now; what has been read of its lessons stays known."""
        return self._lessons.standing_at(self.bookmarks.standings, self.bookmarks.last)

    def go(self, first: Piece | None = None) -> None:
        """Until somebody quits; begins with the start screen where there is no piece.

        Raises what is wrong with the first piece, once the window is closed.
        """
        try:
            wish = self._choose() if first is None else self._play(first, opens=True)
            while wish is not None:
                wish = self._choose() if wish == c.ShowCourse() else self._play_wish(wish)
        finally:
            self.window.close()

    def _choose(self) -> c.Command | str | None:
        """The start screen."""
        page = StartPage(self.window, self.looks, self.course, message=self._message, clock=self._clock)
        self._message = ""
        page.full_screen = self._full_screen
        if (trouble := self.bookmarks.told()) is not None:
            page.say(page.picture.tr(trouble[0], **trouble[1]))
        wish = page.ask()
        self.looks, self._full_screen, self._lessons = page.looks, page.full_screen, page.course
        return wish

    def _play_wish(self, wish: c.Command | str) -> c.Command | None:
        """What was chosen; where there is no such thing, the start screen says so."""
        try:
            return self._play(self._find(wish.lesson if isinstance(wish, c.OpenLesson) else str(wish)))
        except SlabvizError as error:
            self._message = str(error)
            return c.ShowCourse()

    def _play(self, piece: Piece, *, opens: bool = False) -> c.Command | None:
        """Play it, and say what is to come after it. The first piece of a window begins at its first tick."""
        course = self.course
        lesson = course.find(piece.lesson) if piece.lesson else None
        player = self._player(piece, Seat(course, lesson, self._quiz, _start(lesson, opens)), opens)
        if player is None:
            return None if opens or self._quits else c.ShowCourse()
        player.full_screen = self._full_screen
        self._tell(player)
        try:
            player.play()
        finally:
            if lesson is not None:
                self.bookmarks.keep(lesson.id, player.beside.standing(player))
        self.looks, self._full_screen = player.picture.looks, player.full_screen
        return player.wish

    def _player(self, piece: Piece, seat: Seat, opens: bool) -> Player | None:
        """None where somebody did not want to wait."""
        from slabviz.app.opening import Stopped, open_source
        from slabviz.app.player import Player  # the start screen stands before the stage has been loaded

        page, watch = NoticePage(), None if piece.files is None else Watch(piece.files)
        try:
            run = open_source(self.window, page, self.looks, piece.name, piece.load, watch, stays=not opens)
            view = ViewState() if piece.view_of is None else piece.view_of(run)
        except Stopped as stopped:
            self._quits = stopped.quits
            return None
        return Player(
            run, self.window, name=piece.name, looks=self.looks, view=view, load=piece.load, guarded=True,
            rival=piece.rival, seat=seat, watch=watch,
            clock=self._clock, sleep=self._sleep,
        )  # fmt: skip

    def _tell(self, player: Player) -> None:
        """What there is to say when a lesson begins: that it goes on, or that nothing can be kept."""
        trouble = self.bookmarks.told()
        if trouble is not None:
            player.note(trouble[0], **trouble[1])
        elif player.tick:
            player.note("course.resumed", tick=grouped(player.tick))


def _start(lesson: Lesson | None, opens: bool) -> float:
    tick = None if lesson is None or opens else lesson.standing.tick
    return float(tick or 0)


def play(
    first: Piece | None, course: Course, find: Find, size: tuple[int, int] = (1280, 720), looks: Looks | None = None,
    *, quiz: bool = True, window: Window | None = None, bookmarks: Bookmarks | None = None,
) -> None:  # fmt: skip
    """Open a window and play a piece, or ask which lesson is to be played, until somebody quits.

    Raises SlabvizError when no window can be opened, and what is wrong with the first piece once the window is closed.
    """
    if window is None:
        from slabviz.window.screen import Screen

        window = Screen("slabviz" if first is None else f"{first.name} · slabviz", size)
    Session(window, looks or Looks(), course, find, bookmarks or Bookmarks(), quiz=quiz).go(first)


