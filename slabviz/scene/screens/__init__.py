"""The screens beside the stage, one room a level. A level is on offer once its screen stands in ``SCREENS``.

A screen lays out what stands between caption and timeline, at any size from the smallest page on; the bars above and
below are the same for all. It may look at what is in a ``Sight`` and at nothing else, so that a frame stays a function
of run, position and view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.levels import Level
from slabviz.scene.rooms import Rooms
from slabviz.scene.sight import Sight
from slabviz.scene.state import Caption

Screen: TypeAlias = Callable[[Desk, Sight], list[Part]]
"""Lays a level out: parts back to front, each the same object while nothing in it has changed (``desk.memo``)."""

_INSPECTOR = "screens.inspector.screen:inspector_screen"

SCREENS: Mapping[Level, Screen] = Rooms({
    Level.KERNEL: "screens.kernel:kernel_screen",
    Level.SLAB: _INSPECTOR, Level.OBJECT: _INSPECTOR, Level.BYTES: _INSPECTOR,
})  # fmt: skip
"""Every level but the stage's own."""

ALONE = frozenset({Level.KERNEL})
"""Levels whose screens look at nothing that the stage tells, so that it need not be told for them."""

CAPTIONS: Mapping[Level, Callable[[Desk, Sight], Caption]] = Rooms({Level.KERNEL: "screens.kernel:kernel_words"})
"""Levels whose caption is not the stage's."""


def levels() -> tuple[Level, ...]:
    """The levels that can be chosen, from afar to near."""
    return tuple(sorted({Level.CACHE, *SCREENS}))
