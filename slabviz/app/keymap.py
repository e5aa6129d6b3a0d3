"""Which key means what. The help names these keys; a test holds the two together."""

from __future__ import annotations

from slabviz.scene.commands import (
    Close,
    Command,
    CopyAddress,
    End,
    Faster,
    Find,
    Fit,
    FollowEvents,
    FollowThing,
    FullScreen,
    GoToTick,
    Home,
    KeepCard,
    LoopFrom,
    LoopTo,
    NextCache,
    NextLanguage,
    NextLesson,
    NextTarget,
    NextTheme,
    PlayBackward,
    Press,
    Quit,
    Reload,
    Screenshot,
    Scroll,
    SetLevel,
    SetPanel,
    ShowCourse,
    ShowError,
    ShowHelp,
    ShowMenu,
    Slower,
    StepChapter,
    StepEvent,
    StepTick,
    ToggleCompare,
    ToggleLoop,
    ToggleMotion,
    TogglePlay,
    TurnLesson,
    ZoomIn,
    ZoomOut,
)
from slabviz.scene.levels import PANEL_KEYS, Level
from slabviz.scene.panels import panels
from slabviz.scene.screens import levels
from slabviz.window import Key

_PAGE = 8
"""Rows that Page Up and Page Down turn."""
_LEVELS: dict[str, Command] = {}
if len(levels()) > 1:  # else there is nowhere to go from the stage
    _LEVELS.update({str(level.value): SetLevel(level) for level in levels()}, backspace=ZoomOut())
    _LEVELS.update({"+": ZoomIn(), "=": ZoomIn(), "-": ZoomOut(), "0": Fit()})
_PANELS: dict[str, Command] = {}
if len(panels()) > 1:
    _PANELS.update({PANEL_KEYS[panel]: SetPanel(panel) for panel in panels()})

_LISTS: dict[str, Command] = {}
if set(levels()) & {Level.SLAB, Level.OBJECT, Level.BYTES}:  # they have lists longer than the page
    _LISTS.update(up=Scroll(-1), down=Scroll(1), page_up=Scroll(-_PAGE), page_down=Scroll(_PAGE))

KEYS: dict[str, Command] = {
    "space": TogglePlay(), "left": StepTick(-1), "right": StepTick(1), ",": StepTick(-1), ".": StepTick(1),
    "home": Home(), "end": End(), "[": Slower(), "]": Faster(), "n": NextCache(), "tab": NextTarget(),
    "enter": Press(), "t": NextTheme(), "z": NextLanguage(), "m": ToggleMotion(), "c": ToggleCompare(),
    "g": GoToTick(), "l": ToggleLoop(), "f": FollowEvents(), "/": Find(), "k": KeepCard(), "menu": ShowMenu(),
    "f5": Reload(), "e": ShowError(), "o": ShowCourse(), "v": NextLesson(), **_LEVELS, **_PANELS, **_LISTS,
    "?": ShowHelp(), "f1": ShowHelp(), "escape": Close(), "f11": FullScreen(), "f12": Screenshot(),
}  # fmt: skip
"""Keys alone; Shift does not matter for those that need it to be written (``?``)."""
WITH_SHIFT: dict[str, Command] = {
    "space": PlayBackward(), "left": StepEvent(-1), "right": StepEvent(1), "tab": NextTarget(-1), "n": NextCache(-1),
    "a": LoopFrom(), "b": LoopTo(), "f": FollowThing(), "f10": ShowMenu(),
}  # fmt: skip
WITH_CTRL: dict[str, Command] = {"left": StepChapter(-1), "right": StepChapter(1), "q": Quit(), "c": CopyAddress(),
                                "up": TurnLesson(-1), "down": TurnLesson(1)}  # fmt: skip


def command_of(key: Key) -> Command | None:
    """What a key asks for, or None."""
    if key.ctrl:
        return WITH_CTRL.get(key.name)
    if key.shift and key.name in WITH_SHIFT:
        return WITH_SHIFT[key.name]
    return KEYS.get(key.name)
