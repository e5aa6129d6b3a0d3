"""Keys and clicks of the error screen, on a window that nobody sees."""

from __future__ import annotations

from pathlib import Path

from slabviz.app.player import Player
from slabviz.library import load
from slabviz.model.events import Kind
from slabviz.scene.commands import Close, End, Seek, SetLevel, ShowError, ShowFix
from slabviz.scene.levels import Level
from slabviz.scene.shown import ASPECTS
from slabviz.scene.view import ViewState
from slabviz.window import Key
from slabviz.window.null import NullWindow


def is_open(player: Player) -> bool:
    return player.view.error_open


def closed(player: Player) -> int | None:
    return player.view.error_closed


def test_e_opens_the_error_and_escape_closes_one_thing_after_the_other() -> None:
    run = load("c10_corruption").run()
    window = NullWindow([[Key("e")], [Key("escape")]])
    by_hand = ViewState(kept=frozenset(ASPECTS))  # the lesson itself would open the screen at its end
    player = Player(run, window, folder=Path(), view=by_hand, sleep=lambda seconds: None)
    player.obey(End())
    player._show(0.0)
    player._key(Key("e"))
    assert is_open(player)
    player.obey(ShowFix())
    assert player.view.fix_open
    player.obey(Close())
    assert not is_open(player)
    assert closed(player) is None
    player._show(0.1)
    player.obey(Close())
    assert closed(player) is not None
    player.obey(ShowError())
    player._show(0.2)
    assert player.picture.scene is not None
    commands = [target.command for target in player.picture.scene.targets]
    mistake = next(event for event in run.log.events() if event[0] == Kind.MISTAKE)
    tick = next(tick for tick in range(run.log.ticks) if mistake in run.log.of_tick(tick))
    assert Seek(tick) in commands
    player.obey(SetLevel(Level.CACHE))
    assert not is_open(player)
