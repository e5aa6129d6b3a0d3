"""Cards of slabs and objects."""

from __future__ import annotations

import numpy as np

from slabviz.model.events import Kind
from slabviz.model.slab import Slab
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.profiles.profile import Profile, objects, short
from slabviz.scene.sight import Sight
from slabviz.scene.state import Cell, CellState, Key, StageState
from slabviz.scene.story.names import full_name
from slabviz.scene.story.numbers import grouped, size, slab_id
from slabviz.scene.things import card_of

_CHANGES = (
    Kind.ALLOC_FASTPATH, Kind.FREE_FASTPATH, Kind.LOAD_FREELIST, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL,
    Kind.CPU_PARTIAL_FREE, Kind.BULK_POP, Kind.BULK_PUSH, Kind.BULK_FREE, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW,
    Kind.DEBUG_FREE_FULL,
)  # fmt: skip
"""Kinds that hand an object out or take it back; their arg is its offset."""


def of_slab(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """Where it is kept, and what is in it. ``inuse`` is the kernel's counter, used what is really held."""
    slab = sight.machine.slabs.get(int(str(key[1])))
    if slab is None:
        return None
    held = len(slab.owners)
    pages = tr("interact.pages", count=1 << slab.order, pfn=grouped(slab.pfn))
    fields = (
        (tr("interact.field.address"), short(slab.address)),
        (tr("interact.field.pages"), pages),
        (tr("interact.field.held"), tr("interact.of", part=held, whole=slab.objects)),
        ("slab→inuse", objects(tr, slab.inuse)),
        ("slab→frozen", str(int(slab.frozen))),
    )
    return Profile(tr("interact.slab", slab=slab_id(slab.id), cache=slab.cache.name), where(sight, tr, slab), fields)


def where(sight: Sight, tr: Translate, slab: Slab) -> str:
    """In words, which list has it."""
    cache = slab.cache
    for cpu, c in enumerate(cache.cpu_slab):
        if c.slab is slab:
            return tr("interact.where.active", cpu=cpu)
        if slab in c.partial:
            place = len(c.partial) - c.partial.index(slab)
            return tr("interact.where.parked", cpu=cpu, place=place, count=len(c.partial))
    if slab.id in cache.node.partial:
        place = list(cache.node.partial).index(slab.id) + 1
        return tr("interact.where.partial", place=place, count=cache.node.nr_partial)
    if slab.id in cache.node.full:
        return tr("interact.where.full_list")
    if slab.id in sight.machine.rcu_slabs:
        return tr("interact.where.rcu")
    if any(other is slab for other in sight.machine.in_flight()):
        return tr("interact.where.hand")
    return tr("interact.where.full")


def of_object(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """Who has it, or where it waits to be handed out, and since when."""
    slab = sight.machine.slabs.get(int(str(key[1])))
    index = int(str(key[2]))
    if slab is None or not 0 <= index < slab.objects:
        return None
    offset = slab.object_at(index)
    shape = slab.cache.geometry
    tick = _since(sight, slab.id, offset)
    since = tr("interact.never") if tick is None else tr("interact.tick", tick=grouped(tick))
    fields = (
        (tr("interact.field.address"), short(slab.address + offset)),
        (tr("interact.field.offset"), f"0x{offset:x}"),
        (tr("interact.field.size"), tr("interact.object_size", object=size(shape.object_size), slot=size(shape.size))),
        (tr("interact.field.in"), tr("interact.in_slab", slab=slab_id(slab.id), where=where(sight, tr, slab))),
        (tr("interact.field.since"), since),
    )
    name = tr("interact.object", index=index, cache=slab.cache.name)
    return Profile(name, _state(sight, tr, slab, index, offset), fields)


def _state(sight: Sight, tr: Translate, slab: Slab, index: int, offset: int) -> str:
    cell = _cell(sight.state, slab.id, index)
    if cell is not None and cell.state in (CellState.LEFT, CellState.RETURNING):
        return tr(f"interact.state.{cell.state.value}", who=full_name(sight.run.cast[cell.actor]))
    owner = slab.owners.get(offset)
    if owner is not None:
        return tr("interact.state.used", who=full_name(sight.run.cast[owner]))
    for cpu, c in enumerate(slab.cache.cpu_slab):
        if c.slab is slab:
            chain = c.free_objects()
            if offset in chain:
                return tr("interact.state.ready", cpu=cpu, place=chain.index(offset) + 1, count=len(chain))
    return tr("interact.state.free")


def _cell(state: StageState, slab: int, index: int) -> Cell | None:
    """As the stage shows it, if the slab stands on the stage."""
    card = card_of(state, slab)
    return card.cells[index] if card is not None and index < len(card.cells) else None


def _since(sight: Sight, slab: int, offset: int) -> int | None:
    """The tick at which the object last changed hands."""
    log = sight.run.log
    events = log.matrix()[: log.span(sight.tick)[1]]
    mine = (events[:, 2] == slab) & (events[:, 3] == offset) & np.isin(events[:, 0], _CHANGES)
    found = np.flatnonzero(mine)
    return log.tick_of(int(found[-1])) if len(found) else None
