"""Key C in the window: the other variant beside this one, on one clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.app.player import Player
from slabviz.errors import UsageError
from slabviz.library import load
from slabviz.scene.commands import End, SetLevel, ToggleCompare
from slabviz.scene.levels import Level
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from slabviz.window import Input, Key
from slabviz.window.null import NullWindow


@pytest.fixture(scope="module")
def runs() -> tuple[Run, Run]:
    return load("bursts", "none").run(), load("bursts", "parked").run()


def player(run: Run, keys: list[Key], rival: Callable[[], Run] | None, view: ViewState | None = None) -> Player:
    script: list[list[Input]] = [[key] for key in keys]
    return Player(run, NullWindow([*script, []]), name="bursts", view=view, rival=rival, sleep=lambda seconds: None)


def both(it: Player) -> bool:
    """Whether two runs are shown."""
    return it.view.compare


def test_c_opens_and_closes(runs: tuple[Run, Run]) -> None:
    asked: list[int] = []

    def other() -> Run:
        asked.append(1)
        return runs[1]

    it = player(runs[0], [Key("c")], other)
    assert asked == [], "nobody has asked to compare yet"
    it.play()
    assert both(it)
    it.obey(ToggleCompare())
    assert not both(it)
    it.obey(ToggleCompare())
    assert (both(it), len(asked)) == (True, 1), "it is run once"


def test_the_clock_is_that_of_the_longer_run_while_both_are_shown(runs: tuple[Run, Run]) -> None:
    long, short = sorted(runs, key=lambda run: -run.last_tick)
    it = player(short, [], lambda: long, ViewState(compare=True))
    it.obey(End())
    assert it.playback.position == long.last_tick
    it.obey(SetLevel(Level.CACHE))
    assert not both(it)
    assert it.playback.position == short.last_tick


def test_escape_closes_the_help_first(runs: tuple[Run, Run]) -> None:
    it = player(runs[0], [Key("c"), Key("?"), Key("escape")], lambda: runs[1])
    it.play()
    assert (both(it), it.view.help_open) == (True, False)


def test_without_variants_it_says_so() -> None:
    it = player(load("bursts", "none").run(ticks=20), [Key("c")], None)
    it.play()
    assert not both(it)
    assert "no variants" in it.view.message


def test_a_rival_that_cannot_be_run_is_told_of() -> None:
    def broken() -> Run:
        raise UsageError("it cannot be run")

    it = player(load("bursts", "none").run(ticks=20), [Key("c")], broken)
    it.play()
    assert (both(it), it.view.message) == (False, "it cannot be run")
