"""Reading behind a bar: it moves, Esc stops it, and a broken file waits for F5."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from slabviz.app.notices import NoticePage
from slabviz.app.opening import Stopped, open_source, read
from slabviz.errors import SourceError
from slabviz.library import load
from slabviz.library.sources import Progress
from slabviz.model.cast import Cast
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.scene.looks import Looks
from slabviz.timeline.run import About, Run
from slabviz.window import CloseRequest, Key
from slabviz.window.null import NullWindow


def seconds() -> Callable[[], float]:
    """A clock that goes on by a second each time it is looked at."""
    ticking = count(1)
    return lambda: float(next(ticking))


def empty() -> Run:
    return Run(MachineConfig(2, 1024, (CacheConfig("a", 64),)), EventLog(), Cast(), About({"en": "nothing"}))


def test_the_bar_moves_while_a_source_is_read() -> None:
    window, run = NullWindow([[]] * 9), load("driver").run(ticks=20)

    def slow(progress: Progress) -> Run:
        for done in (100, 200, 300):
            progress(done, 300)
        return run

    assert read(window, NoticePage(), Looks(), "driver", slow, seconds()) is run
    assert len(window.shown) == len(set(window.shown)) == 4


@pytest.mark.parametrize("wish", [Key("escape"), Key("q", ctrl=True), CloseRequest()])
def test_who_does_not_want_to_wait_need_not(wish: Key | CloseRequest) -> None:
    window = NullWindow([[], [wish]])

    def endless(progress: Progress) -> Run:
        for done in count():
            progress(done, 10)
        raise AssertionError

    with pytest.raises(Stopped):
        read(window, NoticePage(), Looks(), "x", endless, seconds())


def test_a_broken_file_is_read_again_once_it_has_been_mended() -> None:
    run, tries = load("driver").run(ticks=20), []

    def mended(progress: Progress) -> Run:
        tries.append(1)
        if len(tries) < 3:
            raise SourceError("x.yaml: no such key")
        return run

    window = NullWindow([[], [], [Key("right")], [Key("f5")], [], [Key("f5")], [], []])
    assert open_source(window, NoticePage(), Looks(), "x", mended) is run
    assert len(tries) == 3


def test_who_leaves_a_broken_file_hears_of_it_on_the_way_out() -> None:
    def broken(progress: Progress) -> Run:
        raise SourceError("x.yaml: no such key")

    with pytest.raises(SourceError, match="no such key"):
        open_source(NullWindow([[], []]), NoticePage(), Looks(), "x", broken)


def test_a_source_that_holds_nothing_says_so() -> None:
    with pytest.raises(SourceError, match="nothing to show"):
        read(NullWindow([[]] * 3), NoticePage(), Looks(), "x", lambda progress: empty(), seconds())
