"""What a viewer does with things: pointing, choosing, keeping, following, finding, ranges, reading again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from slabviz.app.player import Player
from slabviz.errors import Diagnostic, Place, ScenarioError
from slabviz.library import load
from slabviz.library.sources import Progress
from slabviz.scene import commands as c
from slabviz.scene.display import Rect
from slabviz.scene.following import happening
from slabviz.scene.layout.regions import panel_room
from slabviz.scene.levels import Level, Selected
from slabviz.scene.notice import Notice, NoticeKind
from slabviz.scene.state import Key as Thing
from slabviz.scene.view import Loop, ViewState
from slabviz.timeline.run import Run
from slabviz.window import Input, Key, MenuRequest, PointerDown, PointerMove, PointerUp, Resized, Wheel
from slabviz.window.null import NullWindow

TICK = 300


class Clock:
    """Stands still unless told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def run() -> Run:
    return load("driver").run()


@pytest.fixture
def it(run: Run) -> Player:
    """A player that has shown one frame at a tick where a lot lies about."""
    player = Player(run, NullWindow([]), name="driver", clock=Clock(), sleep=lambda seconds: None)
    player.playback.seek(TICK)
    frame(player)
    return player


def view(it: Player) -> ViewState:
    return it.view


def tick(it: Player) -> int:
    return it.tick


def notice(it: Player) -> Notice | None:
    return it.notice


def frame(it: Player) -> None:
    it._show(it.now())


def wait(it: Player, seconds: float) -> None:
    clock = it._clock
    assert isinstance(clock, Clock)
    clock.now += seconds
    frame(it)


def give(it: Player, *inputs: Input) -> None:
    for each in inputs:
        it._take([each])
        frame(it)


def place(it: Player, kind: str) -> tuple[Thing, Rect]:
    """The first thing of a kind that can have the focus."""
    return next((key, rect) for key, rect in it.picture.composer.things if key[0] == kind)


def spot(rect: Rect) -> tuple[int, int]:
    return rect[0] + rect[2] // 2, rect[1] + 4


def click(it: Player, x: int, y: int) -> None:
    give(it, PointerMove(x, y), PointerDown(x, y), PointerUp(x, y))


def scrub(it: Player) -> c.Scrub:
    assert it.picture.scene is not None
    return next(each.command for each in it.picture.scene.targets if isinstance(each.command, c.Scrub))


def timeline_y(it: Player) -> int:
    _, y, _, h = it.picture.composer.regions.timeline
    return y + h - 8


def test_a_thing_rested_on_shows_its_card_and_not_before(it: Player) -> None:
    key, rect = place(it, "slab")
    give(it, PointerMove(*spot(rect)))
    wait(it, 0.29)
    assert view(it).tip is None
    wait(it, 0.02)
    tip = view(it).tip
    assert tip is not None
    assert tip.about == key


def test_a_click_chooses_a_second_one_opens(it: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slabviz.app.views.levels", lambda: (Level.CACHE, Level.SLAB))
    key, rect = place(it, "slab")
    x, y = spot(rect)
    click(it, x, y)
    assert view(it).selected == Selected(int(str(key[1])))
    assert view(it).level is Level.CACHE
    opened: list[c.Command] = []
    monkeypatch.setattr(it, "obey", opened.append)
    wait(it, 0.1)
    give(it, PointerDown(x, y), PointerUp(x, y))
    assert c.Open(key) in opened
    opened.clear()
    wait(it, 1.0)
    give(it, PointerDown(x, y), PointerUp(x, y))
    assert not any(isinstance(each, c.Open) for each in opened), "two clicks far apart are two clicks"


def test_the_second_button_opens_a_menu_whose_items_work(it: Player) -> None:
    key, rect = place(it, "slab")
    give(it, MenuRequest(*spot(rect)))
    menu = view(it).menu
    assert menu is not None
    assert menu.about == key
    give(it, Key("down"), Key("enter"))
    assert view(it).menu is None
    assert [card.about for card in view(it).cards] == [key]
    give(it, MenuRequest(5, 5))
    assert view(it).menu is None, "there is nothing in the corner"


def test_what_is_copied_is_the_whole_address(it: Player) -> None:
    window = it.window
    assert isinstance(window, NullWindow)
    give(it, Key("c", ctrl=True))
    assert window.copied == []
    assert view(it).message
    slab = next(iter(it.run.machine_at(TICK).slabs.values()))
    it.obey(c.Select(Selected(slab.id, 1)))
    give(it, Key("c", ctrl=True))
    assert window.copied == [f"0x{slab.address + slab.object_at(1):016x}"]


def test_a_card_stays_until_it_is_taken_away_and_can_be_dragged(it: Player) -> None:
    key, rect = place(it, "holder")
    give(it, PointerMove(*spot(rect)), Key("k"))
    card = view(it).cards[0]
    give(it, PointerMove(card.x + 20, card.y + 10), PointerDown(card.x + 20, card.y + 10), PointerMove(320, 210))
    give(it, PointerUp(320, 210))
    assert [(each.about, each.x, each.y) for each in view(it).cards] == [(key, 300, 200)]
    it.obey(c.KeepCard(key))
    assert view(it).cards == ()


def test_tab_goes_through_the_page_in_its_order(it: Player) -> None:
    order = [command for command, _ in it._focusable()]
    names = [command.key[0] if isinstance(command, c.Choose) else type(command).__name__ for command in order]
    stations = ["ToggleMotion", "lane", "slab", "node", "SetPanel", "holder", "memory", "buddy", "log", "TogglePlay"]
    assert [names.index(station) for station in stations] == sorted(names.index(station) for station in stations)
    assert len(order) == len(set(order))
    give(it, Key("tab"), Key("tab"), Key("tab", shift=True))
    assert view(it).focus == order[0]


def test_enter_chooses_the_focused_thing_and_a_holder_shows_his_objects(it: Player) -> None:
    key, _ = place(it, "holder")
    it.view = replace(view(it), focus=c.Choose(key))
    give(it, Key("enter"))
    chosen = view(it).selected
    assert chosen is not None
    assert chosen.index is not None
    slab = it.run.machine_at(TICK).slabs[chosen.slab]
    assert slab.owners[slab.object_at(chosen.index)] == key[1]


def test_going_to_a_tick_takes_only_ticks_of_the_run(it: Player) -> None:
    give(it, Key("g"), *map(Key, "99999"), Key("enter"))
    assert view(it).entry is not None
    assert tick(it) == TICK
    give(it, Key("escape"), *map(Key, "77"), Key("enter"))
    assert view(it).entry is None
    assert tick(it) == 77


def test_finding_somebody_chooses_what_he_holds(it: Player) -> None:
    machine = it.run.machine_at(TICK)
    slab = next(slab for slab in machine.slabs.values() if slab.owners)
    offset, who = next(iter(slab.owners.items()))
    give(it, Key("/"), *map(Key, it.run.cast[who].mark.lower()), Key("enter"))
    chosen = view(it).selected
    assert chosen is not None
    assert chosen.index is not None
    found = machine.slabs[chosen.slab]
    assert it.run.cast[found.owners[found.object_at(chosen.index)]].mark == it.run.cast[who].mark
    give(it, Key("/"), *map(Key, f"{slab.address + offset:x}"), Key("enter"))
    assert view(it).selected == Selected(slab.id, slab.index_of(offset))


def test_following_turns_the_view_until_somebody_chooses(it: Player) -> None:
    give(it, Key("f"))
    for now in range(TICK, TICK + 25):
        it.playback.seek(now)
        frame(it)
        event = happening(it.run, it.run.machine_at(now), now)
        if event is not None:
            assert it.seen.selected == Selected(event.slab, event.index)
            assert it.picture.composer.place_of(("slab", event.slab)) is not None
    it.obey(c.NextCache())
    assert not view(it).follows_events


def test_an_object_is_followed_over_lists(it: Player) -> None:
    key, _ = place(it, "slab")
    slab = int(str(key[1]))
    it.obey(c.Select(Selected(slab, 0)))
    give(it, Key("f", shift=True))
    assert view(it).followed == Selected(slab, 0)
    give(it, Key("n"))
    assert view(it).followed is None, "another cache was asked for"


def test_shift_drag_chooses_a_range_and_l_plays_it_over(it: Player) -> None:
    y = timeline_y(it)
    strip = scrub(it)
    left, right = strip.left + strip.width // 4, strip.left + strip.width // 2
    give(it, PointerMove(left, y), PointerDown(left, y, shift=True), PointerMove(right, y), PointerUp(right, y))
    assert tick(it) == TICK, "a range is chosen, nobody goes there"
    span = view(it).loop.range
    assert span is not None
    assert list(span) == [round(strip.tick_at(left)), round(strip.tick_at(right))]
    give(it, Key("l"), Key("space"))
    ticks = []
    for _ in range(400):
        it.playback.advance(0.5)
        ticks.append(it.playback.position)
    assert min(ticks) >= span[0]
    assert max(ticks) <= span[1]
    assert any(after < before for before, after in pairwise(ticks)), "it begins again"


def test_a_and_b_are_set_at_the_playhead(it: Player) -> None:
    give(it, Key("l"))
    assert view(it).loop == Loop()
    give(it, Key("a", shift=True), Key("right"), Key("right"), Key("b", shift=True))
    assert view(it).loop.range == (TICK, TICK + 2)
    give(it, Key("end"), Key("a", shift=True))
    assert view(it).loop.range is None, "a B before A is given up"


def test_the_wheel_scrubs_over_the_timeline(it: Player) -> None:
    give(it, Wheel(300, timeline_y(it), -1))
    assert tick(it) == TICK + 1


def test_the_right_column_is_dragged_within_its_limits(it: Player) -> None:
    x, y, _, _ = it.picture.composer.regions.panel
    least, most = panel_room(1280, 720)
    give(it, PointerMove(x - 4, y + 60), PointerDown(x - 4, y + 60), PointerMove(10, y + 60))
    assert view(it).panel_width == most
    give(it, PointerMove(1270, y + 60), PointerUp(1270, y + 60))
    assert view(it).panel_width == least


def test_a_file_is_read_again_at_the_same_tick(it: Player, run: Run) -> None:
    read: list[str] = []

    def again(progress: Progress) -> Run:
        progress(1, 2)
        read.append("again")
        return run

    it.load = again
    give(it, Key("f5"))
    assert read == ["again"]
    assert tick(it) == TICK
    assert notice(it) is None


def test_a_file_that_was_broken_meanwhile_leaves_the_last_good_run(it: Player) -> None:
    it.load = broken
    give(it, Key("f5"))
    shown = notice(it)
    assert shown is not None
    assert shown.kind is NoticeKind.BROKEN
    assert shown.problems[0].place == "x.yaml:3:5"
    assert shown.keeps
    give(it, Key("escape"))
    assert notice(it) is None
    assert tick(it) == TICK


def broken(progress: Progress) -> Run:
    raise ScenarioError([Diagnostic(Place("x.yaml", 3, 5), "unknown key 'cpuz'", "  cpuz: 4\n  ^^^^")])


def test_a_fault_of_ours_becomes_a_page_with_a_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    window = NullWindow([[], [Key("c", ctrl=True)], [Key("escape")], []])
    player = Player(run, window, guarded=True, clock=Clock(), sleep=lambda seconds: None)
    draw = player.picture.draw
    monkeypatch.setattr(player.picture, "draw", failing(draw))
    player.play()
    assert len(window.shown) >= 2
    assert window.copied
    assert "ZeroDivisionError" in window.copied[0]
    assert not window.is_open


def failing(draw: Callable[..., object]) -> Callable[..., object]:
    """Fails once."""
    left = [1]

    def attempt(*arguments: object) -> object:
        if left:
            left.pop()
            raise ZeroDivisionError("division by zero")
        return draw(*arguments)

    return attempt


def test_a_window_too_small_to_read_says_so_and_recovers(it: Player) -> None:
    window = it.window
    assert isinstance(window, NullWindow)
    for size in ((300, 200), (1, 1), (1280, 720)):
        window.size = size
        give(it, Resized(*size))
    assert [len(each) for each in window.shown[-3:]] == [300 * 200 * 3, 16 * 16 * 3, 1280 * 720 * 3]


def test_the_switch_for_motion_shows_how_it_stands(it: Player) -> None:
    give(it, Key("m"))
    assert view(it).reduced_motion
    give(it, Key("m"))
    assert not view(it).reduced_motion
