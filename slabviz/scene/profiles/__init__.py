"""Cards of things: what a tooltip says of what is pointed at. One room a kind of thing; numbers are the machine's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.profiles import people, places, slabs
from slabviz.scene.profiles.profile import Profile
from slabviz.scene.sight import Sight
from slabviz.scene.state import Key

__all__ = ["Profile", "profile"]

Make: TypeAlias = Callable[[Sight, Translate, Key], Profile | None]

_MAKERS: Mapping[str, Make] = {
    "cell": slabs.of_object,
    "slab": slabs.of_slab,
    "holder": people.of_holder,
    "lane": people.of_cpu,
    "chain": people.of_freelist,
    "node": places.of_node,
    "nr_slabs": places.of_node,
    "strip": places.of_cache,
    "memory": places.of_memory,
    "frames": places.of_frame,
    "buddy": places.of_buddy,
    "order": places.of_order,
    "log": places.of_page_sets,
    "tick": places.of_tick,
}


def profile(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """The card of a thing as it is at the sight's tick; None when there is no such thing (any more)."""
    make = _MAKERS.get(str(key[0]))
    return None if make is None else make(sight, tr, key)
