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
        *(((near, "level"), (("Backspace",), "up")) if len(near) > 1 else ()),
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
            (("[", "]"), "speed"),
            (("Home", "End"), "ends"),
            (("M",), "motion"),
        ),
    ),
    (
        "steps",
        (
            (("←", "→"), "tick"),
            ((",", "."), "same"),
            (("Shift", "←", "→"), "event"),
            (("Ctrl", "←", "→"), "chapter"),
        ),
    ),
    (
        "stage",
        (
            (("N",), "cache"),
            (("C",), "compare"),
            (("Tab",), "next"),
            (("Enter",), "press"),
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
            (("F11",), "full"),
            (("F12",), "shot"),
            (("Ctrl", "Q"), "quit"),
        ),
    ),
)
"""Group, then (caps on the keyboard, key of the text)."""

MOUSE: tuple[tuple[str, str], ...] = (
    ("mouse_left", "click"), ("mouse_left", "select"), ("mouse_drag", "drag"), ("mouse_wheel", "wheel"),
    ("mouse_left", "strip"),
)  # fmt: skip
"""Icon and key of the text."""
