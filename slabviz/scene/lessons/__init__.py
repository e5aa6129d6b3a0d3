"""The views that lessons need, one room a view: what a kernel would print, its structures, pages, lives, sets, the map.

Each takes the whole room between caption and timeline, under a row of tabs that leads from one to the next and back to
the stage. Like a screen it may look at what is in a ``Sight`` and at nothing else.
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
"""Lays a view out in its rectangle, under the tabs."""

VIEWS: Mapping[Panel, Draw] = Rooms({
    Panel.TEXT: "lessons.text:text_view",
    Panel.STRUCTS: "lessons.structs:structs_view",
    Panel.LAYOUT: "lessons.layout:layout_view",
    Panel.LIFE: "lessons.life:life_view",
    Panel.CACHES: "lessons.caches:caches_view",
    Panel.SETS: "lessons.sets:sets_view",
    Panel.MAP: "lessons.map:map_view",
})
"""Every view, in the order of the tabs."""


def lesson_parts(desk: Desk, sight: Sight) -> list[Part]:
    """The view that is chosen, with its tabs: parts back to front."""
    from slabviz.scene.lessons.frame import body_of, head_parts  # with the first view: it knows all of them

    return [*head_parts(desk, sight.view), *VIEWS[sight.view.panel](desk, body_of(desk), sight)]
