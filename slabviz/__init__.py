"""slabviz shows how Linux' SLUB allocator hands out small memory.

Two names make a program's whole use of it (both are resolved on first use, so that ``slabviz --version`` stays quick)::

    run = slabviz.load("fork").run()
    picture = slabviz.frame(run, tick=200, size=(1600, 900))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slabviz.library import frame, load

__version__ = "0.1.0"
__all__ = ["__version__", "frame", "load"]

_HOME = {"frame": "slabviz.library", "load": "slabviz.library"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
