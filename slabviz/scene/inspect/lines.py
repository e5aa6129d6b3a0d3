"""The list of a slab's objects: who has each, where it lies, and which free one is next."""

from __future__ import annotations

from slabviz.model.slab import NULL
from slabviz.scene.inspect.numbers import full
from slabviz.scene.inspect.state import ObjectLine
from slabviz.scene.sight import Sight
from slabviz.scene.state import Cell, CellState
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.names import card_name


def object_lines(
    sight: Sight, slab_id: int, cells: tuple[Cell, ...], first: int, count: int, tr: Translate
) -> tuple[ObjectLine, ...]:  # fmt: skip
    """Some of a slab's objects, in the order of their indexes."""
    slab = sight.machine.slabs[slab_id]
    found = []
    for cell in cells[first : first + count]:
        obj = slab.object_at(cell.index)
        owner = card_name(sight.run.cast[cell.actor]) if cell.actor else ""
        after = slab.links.get(obj, NULL) if obj not in slab.owners else None
        if after is None:
            then = ""
        elif after == NULL:
            then = "NULL"
        elif slab.is_wild(after):
            then = tr("inspect.field.wild")
        else:
            then = tr("inspect.chain.next", index=slab.index_of(after))
        state = tr(f"inspect.short.{cell.state.value}")
        then = then if cell.state is CellState.FREE else ""
        found.append(ObjectLine(cell, full(slab.address + obj), owner, state, then))
    return tuple(found)
