"""The lanes: what runs on each CPU, its freelist, its active slab, and the slabs it has parked."""

from __future__ import annotations

from slabviz.model.cpu import ContextKind
from slabviz.model.kmem_cache import KmemCacheCpu
from slabviz.model.slab import Slab
from slabviz.scene.state import Lane, Place, SlabCard, SlabState
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import slab_id
from slabviz.scene.story.places import coming, fill_gaps, gone
from slabviz.scene.story.slabs import Shelf
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.whereabouts import Held, SlabList, Whereabouts
from slabviz.scene.story.work import badge, call_line, name_of_top, second_line, waits


def lane(m: Moment, shelf: Shelf, where: Whereabouts, cpu: int, lit: Spot | None) -> Lane:
    """Everything that one CPU's lane shows."""
    c = m.cache.cpu_slab[cpu]
    chain = _chain(shelf, c)
    idle = m.machine.cpus[cpu].top.kind is ContextKind.IDLE
    return Lane(
        cpu=cpu,
        badge=badge(m, cpu),
        agent="" if idle else name_of_top(m, cpu),
        call=call_line(m, cpu),
        interrupted=second_line(m, cpu),
        chain=chain,
        chain_place=None if chain else _none(m, "freelist = NULL"),
        active=_active(m, shelf, where, cpu),
        parked=(parked := _parked(m, shelf, where, cpu)),
        parked_place=None if parked else _none(m, "partial = NULL"),
        limit=m.cache.cpu_partial_slabs,
        hot=lit is not None and lit.call.cpu == cpu,
        waits=waits(m, cpu),
    )


def _chain(shelf: Shelf, c: KmemCacheCpu) -> tuple[int, ...]:
    """The freelist's objects; one that is still flying is not there yet."""
    if c.slab is None:
        return ()
    flying = shelf.contents(c.slab.id).flying
    return tuple(index for offset in c.free_objects() if (index := c.slab.index_of(offset)) not in flying)


def _active(m: Moment, shelf: Shelf, where: Whereabouts, cpu: int) -> SlabCard | Place:
    """The CPU's slab; else the one that is coming, in the hand of a path, or has just left."""
    slab = m.cache.cpu_slab[cpu].slab
    if slab is not None:
        if slab.id not in where.travelling:
            return shelf.card(slab, SlabState.ACTIVE)
        return coming(m, slab, f"c→slab = {slab_id(slab.id)}")
    held = _held_for(where, cpu, SlabList.ACTIVE)
    if held is not None:
        if held.slab.id not in where.travelling:
            return shelf.card(held.slab, SlabState.MOVING)
        return coming(m, held.slab, "c→slab = NULL")
    for left in where.left_of(SlabList.ACTIVE, cpu):
        return gone(m, shelf, left, "c→slab = NULL")
    return _none(m, "c→slab = NULL")


def _none(m: Moment, note: str) -> Place:
    """An empty place; of a cache that is debugged, one that will stay so."""
    if m.cache.debug:
        return Place(m.tr("stage.place.not_used"), "slub_debug")
    return Place(m.tr("stage.place.empty"), note)


def _held_for(where: Whereabouts, cpu: int, spot: SlabList) -> Held | None:
    return next((held for held in where.held if held.cpu == cpu and held.spot is spot), None)


def _parked(m: Moment, shelf: Shelf, where: Whereabouts, cpu: int) -> tuple[SlabCard | Place, ...]:
    """The stack, newest first, between a slab that is about to be pushed and those that are being pushed out."""
    c = m.cache.cpu_slab[cpu]
    entries: list[SlabCard | Place] = []
    for held in where.held:
        if held.cpu == cpu and (held.spot is SlabList.PARKED or (held.spot is SlabList.ACTIVE and c.slab is not None)):
            entries.append(_entry(m, shelf, where, held.slab, SlabState.MOVING))
    entries += (_entry(m, shelf, where, slab, SlabState.PARKED) for slab in reversed(c.partial))
    for held in where.held:
        if held.cpu == cpu and held.spot is SlabList.PARTIAL and held.slab.id not in where.travelling:
            entries.append(shelf.card(held.slab, SlabState.MOVING))
    return fill_gaps(m, shelf, entries, where.left_of(SlabList.PARKED, cpu))


def _entry(m: Moment, shelf: Shelf, where: Whereabouts, slab: Slab, state: SlabState) -> SlabCard | Place:
    return coming(m, slab) if slab.id in where.travelling else shelf.card(slab, state)
