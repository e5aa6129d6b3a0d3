"""Dashed places: where a slab is expected, and where one has left."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.slab import Slab
from slabviz.scene.state import Place, SlabCard, SlabState
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import slab_id
from slabviz.scene.story.slabs import Shelf
from slabviz.scene.story.whereabouts import Left


def coming(m: Moment, slab: Slab, note: str = "") -> Place:
    """The place of a slab that is on its way here."""
    name = slab_id(slab.id)
    if note:
        return Place(m.tr("stage.place.coming", slab=name), note, slab.id)
    return Place(m.tr("stage.slab", slab=name), m.tr("stage.place.is_coming"), slab.id)


def gone(m: Moment, shelf: Shelf, left: Left, note: str = "") -> SlabCard | Place:
    """The place that a slab has left, closed when it has arrived; its card as long as it waits there to set out."""
    if left.waits:
        return shelf.card(left.slab, SlabState.MOVING)
    name = slab_id(left.slab.id)
    if note:
        return Place(m.tr("stage.place.left", slab=name), note, left.slab.id, leaving=True)
    return Place(m.tr("stage.slab", slab=name), m.tr("stage.place.has_left"), left.slab.id, leaving=True)


def fill_gaps(
    m: Moment, shelf: Shelf, entries: Sequence[SlabCard | Place], lefts: Sequence[Left]
) -> tuple[SlabCard | Place, ...]:
    """A list with the open places at which slabs have left it."""
    filled = list(entries)
    for left in lefts:
        filled.insert(min(left.index, len(filled)), gone(m, shelf, left))
    return tuple(filled)
