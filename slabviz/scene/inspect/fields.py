"""The six fields of ``struct slab``, each with what its value means; what is really held stands beside ``inuse``."""

from __future__ import annotations

from slabviz.model.memory import address_of
from slabviz.model.slab import NULL, Slab
from slabviz.scene.inspect.numbers import full
from slabviz.scene.inspect.place import SlabPlace
from slabviz.scene.inspect.state import Field
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import slab_id


def slab_fields(slab: Slab, place: SlabPlace, tr: Translate) -> tuple[Field, ...]:
    """freelist, inuse, objects, frozen, slab_cache and slab_list, in this order."""
    return (
        Field("slab→freelist", pointer(slab, slab.freelist), _freelist(slab, place, tr)),
        Field("slab→inuse", tr("inspect.objects", count=slab.inuse), _inuse(slab, place, tr)),
        Field("slab→objects", tr("inspect.objects", count=slab.objects), tr("inspect.field.objects")),
        Field("slab→frozen", str(int(slab.frozen)), _frozen(slab, place, tr)),
        Field("slab→slab_cache", slab.cache.name, tr("inspect.field.slab_cache")),
        Field("slab→slab_list", list_name(place, tr), _listed(place, tr)),
    )


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


def _inuse(slab: Slab, place: SlabPlace, tr: Translate) -> str:
    """For a CPU's slab ``inuse`` counts what is on that CPU's freelist; cards show what is really held."""
    held = len(slab.owners)
    if place.kind != "active":
        return tr("inspect.field.held", held=held)
    waiting = slab.length(slab.cache.cpu_slab[place.cpu].freelist)
    return tr("inspect.field.held_cpu", held=held, free=waiting, cpu=place.cpu)


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
