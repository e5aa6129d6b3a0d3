"""The node's part of the cache: lock and counters, its lists, and the sum that accounts for every slab."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.invariants import written_off
from slabviz.model.lock import DEAD, NOBODY, Lock
from slabviz.model.slab import Slab
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import NodePanel, Place, SlabCard, SlabState
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import changing, grouped
from slabviz.scene.story.places import coming, fill_gaps, gone
from slabviz.scene.story.slabs import Shelf
from slabviz.scene.story.whereabouts import SlabList, Whereabouts


def node_panel(m: Moment, shelf: Shelf, where: Whereabouts) -> NodePanel:
    """Everything that the node's panel shows."""
    node = m.cache.node
    old, new = _nr_slabs(m, where)
    objects = m.cache.geometry.oo_objects
    total = node.total_objects + where.uncounted * objects
    partial = _partial(m, shelf, where)
    return NodePanel(
        total_objects=changing(total - (new - old) * objects, total),
        nr_partial=_nr_partial(m, where),
        locked=node.list_lock.holder != NOBODY,
        lock=_lock(m, node.list_lock),
        partial=partial,
        partial_place=None if partial else Place(m.tr("stage.place.empty"), "node→partial: nr_partial = 0"),
        full=_full(m, shelf, where),
        full_note=_full_note(m),
        full_listed=bool(m.cache.flags & SlabFlags.STORE_USER),
        nr_slabs=changing(old, new),
        nr_slabs_changes=old != new,
        sum_long=_sum(m, where, "stage.node.sum_long"),
        sum_short=_sum(m, where, "stage.node.sum_short"),
    )


def _nr_slabs(m: Moment, where: Whereabouts) -> tuple[int, int]:
    """nr_slabs before and after the moves under way that change it: new slabs coming, old ones' pages going."""
    born = max(sum(move.kind is MoveKind.PAGES for move in where.travelling.values()), where.uncounted)
    gone = sum(_kind(m, move) in _UNCOUNTED for move in m.moves if move.cache == m.cache.id)
    return where.total - born + gone, where.total


_UNCOUNTED = frozenset({Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU})


def _kind(m: Moment, move: Move) -> int | None:
    """The event behind a move that gives a slab's pages back."""
    if move.kind is not MoveKind.GIVE_BACK:
        return None
    return next(m.run.log.events(move.event, move.event + 1))[0]


def _nr_partial(m: Moment, where: Whereabouts) -> str:
    """The list's length, from before the moves under way on."""
    now = m.cache.node.nr_partial
    arriving = sum(slab.id in where.travelling for slab in where.partial)
    leaving = len(where.left_of(SlabList.PARTIAL))
    return changing(now - arriving + leaving, now)


def _lock(m: Moment, lock: Lock) -> str:
    if lock.holder == NOBODY:
        return m.tr("stage.lock.free")
    if lock.holder == DEAD:
        return m.tr("stage.lock.dead")
    if not lock.waiters:
        return m.tr("stage.lock.held", cpu=lock.holder)
    who = ", ".join(f"CPU{cpu}" for cpu in lock.waiters)
    key = "stage.lock.held_waits" if len(lock.waiters) == 1 else "stage.lock.held_wait"
    return m.tr(key, cpu=lock.holder, who=who)


def _partial(m: Moment, shelf: Shelf, where: Whereabouts) -> tuple[SlabCard | Place, ...]:
    """The list, head first, with slabs on their way to its tail, and empty ones that are about to be given back."""
    entries: list[SlabCard | Place] = [
        coming(m, slab) if slab.id in where.travelling else shelf.card(slab, _state(slab)) for slab in where.partial
    ]
    for held in where.held:
        if held.spot is SlabList.PARTIAL and held.slab.id in where.travelling:
            entries.append(coming(m, held.slab))
        elif held.spot is None and held.slab.id not in where.travelling:
            entries.append(shelf.card(held.slab, SlabState.MOVING))
    return fill_gaps(m, shelf, entries, where.left_of(SlabList.PARTIAL))


def _state(slab: Slab) -> SlabState:
    return SlabState.PARTIAL if slab.inuse else SlabState.EMPTY


def _full(m: Moment, shelf: Shelf, where: Whereabouts) -> tuple[SlabCard | Place, ...]:
    """Full slabs, by id where they are on no list, with the places of those that have just left or are coming."""
    entries: dict[int, SlabCard | Place] = {
        slab.id: coming(m, slab) if slab.id in where.travelling else shelf.card(slab, SlabState.FULL)
        for slab in where.full
    }
    for left in where.left_of(SlabList.FULL):
        entries.setdefault(left.slab.id, gone(m, shelf, left))
    if m.cache.flags & SlabFlags.STORE_USER:  # the list's own order
        return tuple(entries.values())
    return tuple(entries[slab] for slab in sorted(entries))


def _full_note(m: Moment) -> str:
    """On which list full slabs are; and how many slabs are among them that failed their checks."""
    bad = sum(slab.cache is m.cache and written_off(slab) for slab in m.machine.slabs.values())
    if bad:
        return m.tr("stage.node.written_off", count=bad)
    listed = m.cache.flags & SlabFlags.STORE_USER
    return m.tr("stage.node.full_listed" if listed else "stage.node.full_note")


def _sum(m: Moment, where: Whereabouts, key: str) -> str:
    """Active + parked + partial + full + moving, in this order, zeros kept."""
    terms = {spot.value: grouped(count) for spot, count in where.counts.items()}
    text = m.tr(key, moving=grouped(where.moving), **terms)
    if where.waiting_for_rcu:
        text += m.tr("stage.node.rcu", count=where.waiting_for_rcu)
    return text
