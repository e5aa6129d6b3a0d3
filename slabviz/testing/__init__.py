"""Public aids for tests: comparing frames and states, and the pytest plugin.

Everything is loaded on first use, for pytest imports this package at every start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slabviz.testing.frames import FrameDifference, assert_frame, frame_difference
    from slabviz.testing.states import assert_state, first_difference

__all__ = ["FrameDifference", "assert_frame", "assert_state", "first_difference", "frame_difference"]

_HOME = {
    "FrameDifference": "slabviz.testing.frames",
    "assert_frame": "slabviz.testing.frames",
    "frame_difference": "slabviz.testing.frames",
    "assert_state": "slabviz.testing.states",
    "first_difference": "slabviz.testing.states",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
