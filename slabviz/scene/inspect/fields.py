"""The six fields of ``struct slab``, each with what its value means; what is really held stands beside ``inuse``."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.memory import address_of
from slabviz.model.slab import NULL, Slab
from slabviz.scene.inspect.numbers import full
from slabviz.scene.inspect.place import SlabPlace, free_chain
from slabviz.scene.inspect.state import Field
from slabviz.scene.state import Cell, CellState
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped, slab_id


def slab_fields(
    slab: Slab, place: SlabPlace, cells: Sequence[Cell], tr: Translate
) -> tuple[Field, ...]:  # fmt: skip
    """freelist, inuse, objects, frozen, slab_cache and slab_list, in this order."""
    return (
        Field("slab→freelist", pointer(slab, slab.freelist), _freelist(slab, place, tr)),
        Field("slab→inuse", count_objects(slab.inuse, tr), _inuse(slab, place, cells, tr)),
        Field("slab→objects", count_objects(slab.objects, tr), tr("inspect.field.objects")),
        Field("slab→frozen", str(int(slab.frozen)), _frozen(slab, place, tr)),
        Field("slab→slab_cache", slab.cache.name, tr("inspect.field.slab_cache")),
        Field("slab→slab_list", list_name(place, tr), _listed(place, tr)),
    )


def count_objects(count: int, tr: Translate) -> str:
    """``12 objects``."""
    return tr("inspect.objects_one" if count == 1 else "inspect.objects", count=grouped(count))


def pointer(slab: Slab, offset: int) -> str:
    """A pointer into a slab as its address, or NULL."""
    return "NULL" if offset == NULL else full(address_of(slab, offset))


def _freelist(slab: Slab, place: SlabPlace, tr: Translate) -> str:
    if slab.freelist != NULL and not slab.is_wild(slab.freelist):
        return tr("inspect.field.first_free", index=slab.index_of(slab.freelist))
    if slab.freelist != NULL:
        return tr("inspect.field.wild")
    if place.kind == "active":
        return tr("inspect.field.on_cpu", cpu=place.cpu)
    return tr("inspect.field.no_free")


def _inuse(slab: Slab, place: SlabPlace, cells: Sequence[Cell], tr: Translate) -> str:
    """For a CPU's slab ``inuse`` counts what is on that CPU's freelist; cards show what is really held.

    What is on its way is neither: the terms add up to ``inuse``, but for what has come back to the slab's own freelist.
    """
    waiting = free_chain(slab, place)[0]
    held = sum(cell.state is CellState.USED for cell in cells)
    leaving = {cell.index for cell in cells if cell.state is CellState.LEFT}
    returning = {cell.index for cell in cells if cell.state is CellState.RETURNING} & set(waiting)
    moving = len(leaving | returning)
    key = "inspect.field.held" + ("_cpu" if place.kind == "active" else "") + ("_moving" if moving else "")
    return tr(key, held=held, moving=moving, free=len(waiting) - len(returning), cpu=place.cpu)


def _frozen(slab: Slab, place: SlabPlace, tr: Translate) -> str:
    if slab.frozen and place.cpu >= 0:
        return tr("inspect.field.owned", cpu=place.cpu)
    return tr("inspect.field.frozen" if slab.frozen else "inspect.field.not_frozen")


def list_name(place: SlabPlace, tr: Translate) -> str:
    """The list that a slab is on, in the kernel's words."""
    return tr(f"inspect.place.{place.kind}", cpu=place.cpu)


def _listed(place: SlabPlace, tr: Translate) -> str:
    if place.index:
        return tr("inspect.place.number", index=place.index, count=place.count)
    return tr(f"inspect.place.{place.kind}_note", cpu=place.cpu)


def slab_name(slab: int, tr: Translate) -> str:
    """``slab 07``."""
    return tr("layout.slab", slab=slab_id(slab))
