"""Reading a source while its window already stands: how far it is, and Esc to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from slabviz.app.notices import NoticePage
from slabviz.app.watch import Watch
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
    """Somebody does not want to wait any longer. ``quits``: for the window either, not only for this source."""

    def __init__(self, *, quits: bool = False) -> None:
        super().__init__()
        self.quits = quits


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
            for each in window.poll(0.0):
                if _stops(each):
                    raise Stopped(quits=not _escapes(each))

    show(0, 0)
    return check_not_empty(load(show))


def open_source(
    window: Window, page: NoticePage, looks: Looks, name: str, load: Load, watch: Watch | None = None,
    *, stays: bool = False,
) -> Run:  # fmt: skip
    """Read the source; what is wrong with it stands in the window until the file has been mended or F5 is pressed.

    Raises the error when somebody leaves instead, and Stopped as ``read`` does; only Stopped where the window
    ``stays``.
    """
    while True:
        try:
            return read(window, page, looks, name, load)
        except SlabvizError as error:
            notice = Notice(NoticeKind.BROKEN, name, problems=problems_of(error))
            leaves = _wait(window, page, looks, notice, watch)
            if leaves is not None:
                if stays:
                    raise Stopped(quits=not _escapes(leaves)) from None
                raise


def _wait(
    window: Window, page: NoticePage, looks: Looks, notice: Notice, watch: Watch | None
) -> Input | None:  # fmt: skip
    """Until F5 or a change of the file; or the input by which somebody leaves."""
    while watch is None or not watch.has_changed(time.perf_counter()):
        window.show(page.draw(notice, window.size, looks))
        for each in window.poll(PATIENCE_SECONDS):
            if isinstance(each, Key) and each.name == "f5":
                return None
            if _stops(each):
                return each
    return None


def _escapes(each: Input) -> bool:
    return isinstance(each, Key) and each.name == "escape"


def _stops(each: Input) -> bool:
    """Esc, Ctrl + Q, or the window's own button."""
    if isinstance(each, Key):
        return each.name == "escape" or (each.name == "q" and each.ctrl)
    return isinstance(each, CloseRequest)
