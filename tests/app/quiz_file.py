"""A small scenario that asks once, and windows that play it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from slabviz.app.bookmarks import Bookmarks
from slabviz.app.session import Piece, Session
from slabviz.library import load
from slabviz.library.course import course
from slabviz.library.sources import lesson_of, watched
from slabviz.scene.looks import Looks
from slabviz.window import Input
from slabviz.window.null import NullWindow

ASKS = """\
slabviz: 1
title: Which slab next?
run: {until: quiet, at_most: 400 ticks}
caches: {thing: {size: 1 KiB}}
tasks:
  a:
    program:
      - {repeat: 17, do: [{alloc: {cache: thing, into: all}}]}
      - {mark: full}
      - {repeat: 17, do: [{free: {from: all}}]}
chapters:
  - when: {mark: full}
    title: Seventeen
    say: The first slab was full, so a second one was made.
    ask: {question: "Which list is the full slab on?", answer: {list: {slab: oldest}}}
"""


def find(called: str) -> Piece:
    """As the command line does it."""
    source = load(called)
    return Piece(source.name, lambda progress: source.run(progress=progress), lesson=lesson_of(source),
                 files=partial(watched, source))  # fmt: skip


class Clock:
    """``rate`` looks at it are a second."""

    def __init__(self, rate: int = 120) -> None:
        self.now, self.rate = 0.0, rate

    def __call__(self) -> float:
        self.now += 1 / self.rate
        return self.now


def session(
    script: Iterable[list[Input]], folder: Path, *, quiz: bool = True, finder: Callable[[str], Piece] = find
) -> tuple[Session, NullWindow]:
    """A window with the whole course, whose reader is remembered in a folder."""
    window = NullWindow(script)
    it = Session(window, Looks(), course(), finder, Bookmarks(folder), quiz=quiz, clock=Clock(), sleep=lambda _: None)
    return it, window
