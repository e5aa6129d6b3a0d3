"""What the right column of the stage can show, one room a panel. A panel is on offer once it stands in ``PANELS``.

The holders are the stage's own; every other panel takes the room of the buddy log too, and the holders become a rail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.levels import Panel
from slabviz.scene.rooms import Rooms
from slabviz.scene.sight import Sight

Draw: TypeAlias = Callable[[Desk, Rect, Sight], list[Part]]
"""Lays a panel out in its rectangle, below the tabs."""

PANELS: Mapping[Panel, Draw] = Rooms({
    Panel.PATH: "panels.path:path_panel",
    Panel.INSPECTOR: "panels.inspector:inspector_panel",
    Panel.STATS: "panels.stats:stats_panel",
})
"""Every panel but the holders."""


def panels() -> tuple[Panel, ...]:
    """The panels that can be chosen, in the order of the tabs."""
    return tuple(panel for panel in Panel if panel is Panel.HOLDERS or panel in PANELS)
