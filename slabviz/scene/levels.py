"""How close the viewer is (visual specification, section 8), what the right column shows, and what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Level(IntEnum):
    """The five levels of the semantic zoom, from afar to near; the number is the key that leads there."""

    KERNEL = 1
    CACHE = 2
    SLAB = 3
    OBJECT = 4
    BYTES = 5


class Panel(Enum):
    """What stands in the right column of the Cache level; the value is its name in the catalogue and as an option."""

    HOLDERS = "holders"
    PATH = "path"
    INSPECTOR = "inspector"
    STATS = "stats"
    TEXT = "text"
    STRUCTS = "structs"
    LAYOUT = "layout"
    LIFE = "life"
    CACHES = "caches"
    SETS = "sets"
    MAP = "map"


LESSONS = (Panel.TEXT, Panel.STRUCTS, Panel.LAYOUT, Panel.LIFE, Panel.CACHES, Panel.SETS, Panel.MAP)
"""The panels that lessons need: each takes the whole room between caption and timeline (``scene/lessons``)."""

PANEL_KEYS = {Panel.HOLDERS: "h", Panel.PATH: "p", Panel.INSPECTOR: "i", Panel.STATS: "s"}
"""The key that shows each panel."""


@dataclass(slots=True, frozen=True)
class Selected:
    """A slab by id, or one object in it by index (None: the slab itself)."""

    slab: int
    index: int | None = None
