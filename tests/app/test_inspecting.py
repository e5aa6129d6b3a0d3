"""Choosing slabs and objects with pointer and keyboard, and turning the inspector's lists."""

from __future__ import annotations

import pytest

from slabviz.app.player import Player
from slabviz.library import load
from slabviz.scene.commands import Choose, Pick, PickOf, Rows
from slabviz.scene.display import Target
from slabviz.scene.levels import Level, Selected
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from slabviz.window import Input, Key, PointerDown, PointerMove, PointerUp, Wheel
from slabviz.window.null import NullWindow


@pytest.fixture(scope="module")
def run() -> Run:
    return load("fork").run()


def shown(run: Run, view: ViewState, script: list[list[Input]], tick: int = 420) -> Player:
    """A player at a tick that has drawn its first frame and then takes the script."""
    it = Player(run, NullWindow(script), view=view, sleep=lambda seconds: None)
    it.playback.seek(tick)
    it.picture.draw(tick, it.view)
    return it


def targets(player: Player) -> list[Target]:
    assert player.picture.scene is not None
    return player.picture.scene.targets


def click(x: int, y: int) -> list[list[Input]]:
    return [[PointerMove(x, y)], [PointerDown(x, y)], [PointerUp(x, y)], []]


def test_a_click_on_a_cell_chooses_the_object_and_beside_it_the_slab(run: Run) -> None:
    first = shown(run, ViewState(), [])
    target, pick = next((each, each.command) for each in targets(first) if isinstance(each.command, Pick))
    x, y, w, h = pick.grid.rect(2)
    on_cell = shown(run, ViewState(), click(x + w // 2, y + h // 2))
    on_cell.play()
    assert on_cell.view.selected == Selected(pick.slab, 2)
    on_head = shown(run, ViewState(), click(target.rect[0] + 3, target.rect[1] + 3))
    on_head.play()
    assert on_head.view.selected == Selected(pick.slab)


def test_a_click_on_a_holder_chooses_an_object_of_his(run: Run) -> None:
    first = shown(run, ViewState(), [])
    target, command = next((each, each.command) for each in targets(first) if isinstance(each.command, PickOf))
    x, y, w, h = target.rect
    it = shown(run, ViewState(), click(x + w // 2, y + h // 2))
    it.play()
    chosen = it.view.selected
    assert chosen is not None
    assert chosen.index is not None
    slab = run.machine_at(420).slabs[chosen.slab]
    assert slab.owners[slab.object_at(chosen.index)] == command.actor


def test_tab_reaches_slabs_and_enter_chooses_one(run: Run) -> None:
    first = shown(run, ViewState(), [])
    pressable = [command for command, _ in first._focusable()]
    place = next(place for place, each in enumerate(pressable) if isinstance(each, Choose) and each.key[0] == "slab")
    it = shown(run, ViewState(), [[Key("tab")] * (place + 1), [Key("enter")], []])
    it.play()
    picked = pressable[place]
    assert isinstance(picked, Choose)
    assert it.view.selected == Selected(int(str(picked.key[1])))
    assert not any(isinstance(command, Rows) or command is None for command in pressable)


def test_wheel_and_arrows_turn_the_list_and_stop_at_its_ends() -> None:
    run = load("slub_debug").run()
    view = ViewState(level=Level.BYTES, selected=Selected(1, 2))
    first = shown(run, view, [], 200)
    target, rows = next((each, each.command) for each in targets(first) if isinstance(each.command, Rows))
    x, y = target.rect[0] + 40, target.rect[1] + 60
    down = shown(run, view, [[Wheel(x, y, -1)], []], 200)
    down.play()
    assert down.view.scroll == min(rows.first + 3, rows.last)
    up = shown(run, view, [[Wheel(x, y, 5)], []], 200)
    up.play()
    assert up.view.scroll == 0
    turns: list[list[Input]] = [[], [Key("up")], []]
    turns[0] += [Key("page_down")] * 9
    far = shown(run, view, turns, 200)
    far.play()
    assert far.view.scroll == rows.last - 1
    assert far.playback.position == 200


def test_another_level_begins_at_the_top(run: Run) -> None:
    it = shown(run, ViewState(level=Level.BYTES, scroll=4), [[Key("3")], []])
    it.play()
    assert (it.view.level, it.view.scroll) == (Level.SLAB, None)
