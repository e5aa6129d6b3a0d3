"""Reading a source while its window already stands: how far it is, and Esc to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from slabviz.app.notices import NoticePage
from slabviz.errors import SlabvizError
from slabviz.library.positions import check_not_empty
from slabviz.library.sources import Progress
from slabviz.scene.looks import Looks
from slabviz.scene.notice import Notice, NoticeKind, problems_of
from slabviz.timeline.run import Run
from slabviz.window import CloseRequest, Input, Key, Window

Load: TypeAlias = Callable[[Progress], Run]
"""Reads the source and says now and then how far it is."""

FRAME_SECONDS = 1 / 20
"""So often the bar is drawn."""
PATIENCE_SECONDS = 0.25


class Stopped(Exception):
    """Somebody does not want to wait any longer."""


def read(window: Window, page: NoticePage, looks: Looks, name: str, load: Load,
         clock: Callable[[], float] = time.perf_counter, patience: float = 0.0) -> Run:  # fmt: skip
    """Read the source behind a bar, which appears after ``patience`` seconds.

    Raises what ``load`` raises, SourceError for a run that holds nothing, and Stopped on Esc or when the window is
    closed.
    """
    drawn = clock() + patience - FRAME_SECONDS if patience else 0.0

    def show(done: int, total: int) -> None:
        nonlocal drawn
        now = clock()
        if now - drawn >= FRAME_SECONDS:
            drawn = now
            window.show(page.draw(Notice(NoticeKind.LOADING, name, done, total), window.size, looks))
            if any(_stops(each) for each in window.poll(0.0)):
                raise Stopped

    show(0, 0)
    return check_not_empty(load(show))


def open_source(window: Window, page: NoticePage, looks: Looks, name: str, load: Load) -> Run:
    """Read the source; what is wrong with it stands in the window until the file has been mended and F5 is pressed.

    Raises the error once the window is closed instead, and Stopped as ``read`` does.
    """
    while True:
        try:
            return read(window, page, looks, name, load)
        except SlabvizError as error:
            _wait(window, page, looks, Notice(NoticeKind.BROKEN, name, problems=problems_of(error)), error)


def _wait(window: Window, page: NoticePage, looks: Looks, notice: Notice, error: SlabvizError) -> None:
    """Until F5; raises the error when somebody leaves."""
    while True:
        window.show(page.draw(notice, window.size, looks))
        for each in window.poll(PATIENCE_SECONDS):
            if isinstance(each, Key) and each.name == "f5":
                return
            if _stops(each):
                raise error


def _stops(each: Input) -> bool:
    """Esc, Ctrl + Q, or the window's own button."""
    if isinstance(each, Key):
        return each.name == "escape" or (each.name == "q" and each.ctrl)
    return isinstance(each, CloseRequest)
