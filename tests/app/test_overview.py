"""The Kernel level in the player: choosing a cache, opening it, and going back."""

from __future__ import annotations

import pytest

from slabviz.app.player import Player
from slabviz.library import load
from slabviz.scene.commands import ShowCache, ShowGroup
from slabviz.scene.levels import Level
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from slabviz.window import Input, Key, PointerDown, PointerUp
from slabviz.window.null import NullWindow


@pytest.fixture(scope="module")
def run() -> Run:
    return load("driver").run()


def player(run: Run, script: list[list[Input]], view: ViewState | None = None) -> Player:
    ticks = iter(range(10**6))
    return Player(run, NullWindow(script), view=view, clock=lambda: next(ticks) / 100, sleep=lambda seconds: None)


def test_a_click_chooses_and_enter_opens(run: Run) -> None:
    first = player(run, [[Key("1")], []])
    first.play()
    scene = first.picture.scene
    assert scene is not None
    target = next(each for each in scene.targets if isinstance(each.command, ShowCache))
    assert isinstance(target.command, ShowCache)
    other = target.command.cache
    assert other != run.about.stage_cache
    at = target.rect[0] + target.rect[2] // 2, target.rect[1] + target.rect[3] // 2
    click: list[Input] = [PointerDown(*at), PointerUp(*at)]
    chosen = player(run, [[Key("1")], [], click, []])
    chosen.play()
    assert (chosen.view.level, chosen.view.cache) == (Level.KERNEL, other)
    opened = player(run, [[Key("1")], [], click, [], [Key("enter")]])
    opened.play()
    assert (opened.view.level, opened.view.cache) == (Level.CACHE, other)
    twice = player(run, [[Key("1")], [], click, [], click, []])
    twice.play()
    assert (twice.view.level, twice.view.cache) == (Level.CACHE, other)


def test_backspace_leads_back_to_the_overview(run: Run) -> None:
    it = player(run, [[Key("backspace")]])
    it.play()
    assert it.view.level is Level.KERNEL


def test_escape_closes_a_list_of_small_caches(run: Run) -> None:
    it = player(run, [], ViewState(level=Level.KERNEL))
    it.obey(ShowGroup("vfs"))
    assert it.view.group == "vfs"
    closed = player(run, [[Key("escape")]], ViewState(level=Level.KERNEL, group="vfs"))
    closed.play()
    assert closed.view.group is None
