"""Windows: something that gives inputs and shows frames. One is fed by a script and seen by nobody, one is real."""

from slabviz.window.base import (
    CloseRequest,
    FileDropped,
    Input,
    Key,
    MenuRequest,
    PointerDown,
    PointerMove,
    PointerUp,
    Resized,
    Wheel,
    Window,
)

__all__ = [
    "CloseRequest", "FileDropped", "Input", "Key", "MenuRequest", "PointerDown", "PointerMove", "PointerUp", "Resized",
    "Wheel", "Window",
]  # fmt: skip
