"""Following: which cache, slab and object the view turns to at a tick. A function of the log, the tick and the view."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slabviz.model.events import LAST_OF_SLABS, Kind
from slabviz.model.machine import Machine
from slabviz.scene.levels import Selected
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run

SPAN = 4
"""Ticks looked back over (a second at 1×): what counts most in them is followed, so that the view does not flit."""
MOST = 400
"""Events looked at: tick 0 holds all that happened at boot."""

_OBJECTS = frozenset(
    {Kind.ALLOC_FASTPATH, Kind.FREE_FASTPATH, Kind.LOAD_FREELIST, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL,
     Kind.CPU_PARTIAL_FREE, Kind.BULK_POP, Kind.BULK_PUSH, Kind.BULK_FREE, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW,
     Kind.DEBUG_FREE_FULL, Kind.USE}
)  # fmt: skip
_NEW = frozenset({Kind.ALLOC_SLAB, Kind.INSTALL_SLAB, Kind.DISCARD_SLAB, Kind.DEBUG_ALLOC_NEW})
_MOVED = frozenset(
    {Kind.CPU_PARTIAL_ALLOC, Kind.ALLOC_FROM_PARTIAL, Kind.CPU_PARTIAL_NODE, Kind.PUT_CPU_PARTIAL,
     Kind.DEACTIVATE_TO_HEAD, Kind.DEACTIVATE_TO_TAIL, Kind.DEACTIVATE_FULL, Kind.DEACTIVATE_EMPTY,
     Kind.UNFREEZE_PARTIAL, Kind.FREE_REMOVE_PARTIAL, Kind.CPU_PARTIAL_FREE}
)  # fmt: skip


@dataclass(slots=True, frozen=True)
class Happening:
    """The event that is followed: on which CPU, in which slab, and of which object."""

    tick: int
    cpu: int
    slab: int
    index: int | None


def happening(run: Run, machine: Machine, tick: int) -> Happening | None:
    """What counts most just before a tick's end: new and moved slabs before objects, and the last of its kind.

    Only slabs that are still there can be gone to; ``machine`` is the one after ``tick``.
    """
    first, behind = run.log.span(max(tick - SPAN + 1, 0))[0], run.log.span(tick)[1]
    best: tuple[int, int] | None = None
    chosen = None
    first = max(first, behind - MOST)
    for number, event in enumerate(run.log.events(first, behind), first):
        kind, _, slab, _, _ = event
        if kind > LAST_OF_SLABS or slab not in machine.slabs:
            continue
        rank = _rank(kind), number
        if rank[0] and (best is None or rank > best):
            best, chosen = rank, event
    if chosen is None or best is None:
        return None
    kind, cpu, slab, offset, _ = chosen
    index = machine.slabs[slab].index_of(offset) if kind in _OBJECTS else None
    return Happening(run.log.tick_of(best[1]), cpu, slab, index)


def _rank(kind: int) -> int:
    """How much an event counts: new slabs, moved ones, objects that change hands, objects in use; 0: not at all."""
    if kind in _NEW:
        return 4
    return 3 if kind in _MOVED else 1 if kind == Kind.USE else 2 if kind in _OBJECTS else 0


def followed(run: Run, tick: int, view: ViewState) -> ViewState:
    """The view as it is seen: its cache and choice are those of what is followed, if something is."""
    if not view.follows_events and view.followed is None:
        return view
    machine = run.machine_at(tick)
    target = view.followed
    if view.follows_events:
        event = happening(run, machine, tick)
        target = None if event is None else Selected(event.slab, event.index)
    slab = machine.slabs.get(target.slab) if target is not None else None
    if slab is None or target is None:
        return view
    return replace(view, cache=slab.cache.id, selected=target)
