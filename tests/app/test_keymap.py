"""The keys that the help names are the keys that the player knows."""

from slabviz.app.keymap import KEYS, WITH_CTRL, WITH_SHIFT, command_of
from slabviz.scene.commands import Quit, ShowHelp, StepChapter, StepEvent, StepTick
from slabviz.scene.widgets.help_keys import KEYS as SHOWN
from slabviz.window import Key

CAPS = {"←": "left", "→": "right", "↑": "up", "↓": "down", "Esc": "escape"}


def key_of(caps: tuple[str, ...], cap: str) -> Key:
    return Key(CAPS.get(cap, cap.lower()), shift="Shift" in caps, ctrl="Ctrl" in caps)


def shown_keys() -> list[Key]:
    rows = [caps for _, group in SHOWN for caps, _ in group]
    return [key_of(caps, cap) for caps in rows for cap in caps if cap not in {"Shift", "Ctrl"}]


def test_every_key_of_the_help_does_something() -> None:
    assert [key for key in shown_keys() if command_of(key) is None] == []


def test_every_key_that_does_something_is_in_the_help() -> None:
    known = {command_of(key) for key in shown_keys()}
    mapped = {*KEYS.values(), *WITH_CTRL.values(), *WITH_SHIFT.values()}
    unshown = {type(command).__name__ for command in mapped - known}
    assert unshown <= {"NextTarget", "NextCache", "Scroll"}  # Shift + Tab, Shift + N, Page Up: the same otherwise


def test_modifiers_choose() -> None:
    assert command_of(Key("left")) == StepTick(-1)
    assert command_of(Key("left", shift=True)) == StepEvent(-1)
    assert command_of(Key("left", ctrl=True)) == StepChapter(-1)
    assert command_of(Key("?", shift=True)) == ShowHelp()
    assert command_of(Key("q", ctrl=True)) == Quit()
    assert command_of(Key("q")) is None
