"""The keys that the help names, in groups; the key map of the player must know each of them."""

from __future__ import annotations

KEYS: tuple[tuple[str, tuple[tuple[tuple[str, ...], str], ...]], ...] = (
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
            (("Tab",), "next"),
            (("Enter",), "press"),
            (("?",), "help"),
            (("Esc",), "close"),
        ),
    ),
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

MOUSE: tuple[tuple[str, str], ...] = (("mouse_left", "click"), ("mouse_drag", "drag"), ("mouse_left", "strip"))
"""Icon and key of the text."""
