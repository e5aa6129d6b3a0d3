"""The player on a window that nobody sees: scripted inputs, a clock moved by hand."""

from pathlib import Path

import pytest
from PIL import Image

from slabviz.app.player import Player
from slabviz.library import load
from slabviz.scene.commands import Scrub, SetPanel, SetSpeed, ShowReport, TogglePlay, TurnPage
from slabviz.scene.levels import Panel
from slabviz.timeline.run import Run
from slabviz.window import Input, Key, PointerDown, PointerMove, PointerUp, Resized
from slabviz.window.null import NullWindow


@pytest.fixture(scope="module")
def run() -> Run:
    return load("driver").run()


class Clock:
    """Sixty looks at it are a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1 / 120
        return self.now


def player(run: Run, script: list[list[Input]], folder: Path = Path()) -> tuple[Player, NullWindow]:
    window = NullWindow(script)
    return Player(run, window, name="driver", folder=folder, clock=Clock(), sleep=lambda seconds: None), window


def middle(player: Player, command: object) -> tuple[int, int]:
    """Where on the window the target of a command is, in pixels."""
    scene = player.picture.scene
    assert scene is not None
    x, y, w, h = next(target.rect for target in scene.targets if target.command == command)
    return int((x + w // 2) * scene.scale), int((y + h // 2) * scene.scale)


def test_space_plays_and_the_window_is_closed_at_the_end(run: Run) -> None:
    it, window = player(run, [[Key("space")], *([[]] * 40)])
    it.play()
    assert it.playback.position > 1
    assert it.playback.playing
    assert not window.is_open
    assert len(window.shown) > 30


def test_a_paused_picture_is_drawn_once(run: Run) -> None:
    it, window = player(run, [[]] * 10)
    it.play()
    assert len(window.shown) == 1


def test_forwards_and_backwards_show_the_same_frames(run: Run) -> None:
    steps = 60
    script: list[list[Input]] = [[Key(name)] for name in ("right", "left") for _ in range(steps)]
    it, window = player(run, script)
    it.play()
    assert len(window.shown) == 2 * steps + 1
    forwards, backwards = window.shown[: steps + 1], window.shown[steps:][::-1]
    assert [tick for tick in range(steps + 1) if forwards[tick] != backwards[tick]] == []
    assert len(set(window.shown)) == steps + 1


def test_keys_step_seek_and_change_speed(run: Run) -> None:
    it, _ = player(run, [[Key("end")], [Key("left")], [Key("]"), Key("]")], [Key("[")]])
    it.play()
    assert it.playback.position == run.last_tick - 1
    assert it.playback.speed == 2.0


def test_a_click_presses_a_button_only_where_it_is_released(run: Run) -> None:
    it, _ = player(run, [])
    it.play()  # one frame: now the targets are known
    x, y = middle(it, SetSpeed(8.0))
    it._take([PointerDown(x, y), PointerUp(x, y)])
    assert it.playback.speed == 8.0
    other = middle(it, SetSpeed(0.25))
    it._take([PointerDown(*other), PointerUp(x, y)])
    assert it.playback.speed == 8.0


def test_dragging_on_the_timeline_seeks_and_shift_does_not(run: Run) -> None:
    it, _ = player(run, [])
    it.play()
    scene = it.picture.scene
    assert scene is not None
    strip = next(target for target in scene.targets if isinstance(target.command, Scrub))
    x, y, w, h = strip.rect
    it._take([PointerDown(x + w // 2, y + h // 2)])
    middle_of_run = it.playback.position
    it._take([PointerMove(x + w, y + h // 2), PointerUp(x + w, y + h // 2)])
    assert middle_of_run == pytest.approx(run.last_tick / 2, rel=0.05)
    assert it.playback.position > 0.95 * run.last_tick
    it._take([PointerDown(x + 1, y + h // 2, shift=True), PointerUp(x + 1, y + h // 2)])
    assert it.playback.position > 0.95 * run.last_tick


def test_help_opens_and_closes_and_takes_the_clicks(run: Run) -> None:
    it, window = player(run, [[Key("?", shift=True)], [Key("escape")]])
    it.play()
    assert len(set(window.shown)) == 2
    assert window.shown[0] == window.shown[2]


def test_tab_and_enter_press_without_a_pointer(run: Run) -> None:
    it, _ = player(run, [])
    it.play()
    count = len(it._focusable())
    for _ in range(count):
        it._take([Key("tab")])
        if it.view.focus == TogglePlay():
            break
    it._take([Key("enter")])
    assert it.playback.playing


def test_views_for_lessons_are_one_key_apart_and_lead_on(run: Run) -> None:
    it, window = player(run, [[Key("v")], [Key("v")]])
    it.play()
    assert it.view.panel is Panel.STRUCTS
    assert len(set(window.shown)) == 3
    it.obey(ShowReport("meminfo"))
    assert (it.view.panel, it.view.report) == (Panel.TEXT, "meminfo")
    it.obey(ShowReport("zoneinfo"))
    it.obey(TurnPage(1))
    assert it.view.page == 1
    it.obey(SetPanel(Panel.HOLDERS))
    assert it.view.page is None


def test_another_size_is_laid_out_again(run: Run) -> None:
    it, window = player(run, [[], [Resized(1600, 900)], []])
    it.play()
    assert {len(frame) for frame in window.shown} == {1280 * 720 * 3, 1600 * 900 * 3}


def test_screenshots_have_new_names(run: Run, tmp_path: Path) -> None:
    it, window = player(run, [[Key("right")], [Key("f12")], [Key("f12")], []], tmp_path)
    it.play()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["driver-1-2.png", "driver-1.png"]
    assert Image.open(tmp_path / names[0]).size == window.size
    assert "driver-1" in it.view.message


def test_a_screenshot_that_cannot_be_written_is_a_message(run: Run, tmp_path: Path) -> None:
    it, _ = player(run, [[Key("f12")], []], tmp_path / "nowhere")
    it.play()
    assert "nowhere" in it.view.message
