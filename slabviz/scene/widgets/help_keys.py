"""The keys that the help names, in groups; the key map of the player must know each of them."""

from __future__ import annotations

from slabviz.scene.levels import PANEL_KEYS, Level
from slabviz.scene.panels import panels
from slabviz.scene.screens import levels

Group = tuple[str, tuple[tuple[tuple[str, ...], str], ...]]


def _views() -> tuple[Group, ...]:
    """Levels and panels, as far as there is more than one of them, and the error screen."""
    near = tuple(str(level.value) for level in levels())
    beside = tuple(PANEL_KEYS[panel].upper() for panel in panels())
    rows = (
        *(((near, "level"), (("Backspace",), "up"), (("+", "-", "0"), "zoom")) if len(near) > 1 else ()),
        *(((beside, "panel"),) if len(beside) > 1 else ()),
        *(((("↑", "↓"), "scroll"),) if Level.BYTES in levels() else ()),
        (("V",), "lesson"),
        (("E",), "error"),
    )
    return (("view", rows),)


KEYS: tuple[Group, ...] = (
    (
        "playback",
        (
            (("Space",), "play"),
            (("Shift", "Space"), "backward"),
            (("←", "→"), "tick"),
            ((",", "."), "same"),
            (("Shift", "←", "→"), "event"),
            (("Ctrl", "←", "→"), "chapter"),
            (("[", "]"), "speed"),
            (("Home", "End"), "ends"),
            (("G",), "goto"),
        ),
    ),
    (
        "range",
        (
            (("Shift", "A"), "loop_from"),
            (("Shift", "B"), "loop_to"),
            (("L",), "loop"),
            (("Ctrl", "C"), "copy"),
            (("K",), "keep"),
            (("F",), "follow"),
            (("Shift", "F"), "follow_thing"),
            (("Shift", "F10"), "menu"),
            (("/",), "find"),
        ),
    ),
    (
        "stage",
        (
            (("N",), "cache"),
            (("C",), "compare"),
            (("Tab",), "next"),
            (("Enter",), "press"),
            (("O",), "course"),
            (("Ctrl", "↑", "↓"), "turn_lesson"),
            (("?",), "help"),
            (("Esc",), "close"),
        ),
    ),
    *_views(),
    (
        "window",
        (
            (("T",), "theme"),
            (("Z",), "language"),
            (("M",), "motion"),
            (("F5",), "reload"),
            (("F11",), "full"),
            (("F12",), "shot"),
            (("Ctrl", "Q"), "quit"),
        ),
    ),
)
"""Group, then (caps on the keyboard, key of the text)."""

MOUSE: tuple[tuple[str, str], ...] = (
    ("mouse_left", "click"), ("mouse_left", "double"), ("mouse_wheel", "wheel"), ("mouse_drag", "drag"),
    ("mouse_drag", "range"), ("mouse_right", "menu"),
)  # fmt: skip
"""Icon and key of the text."""
