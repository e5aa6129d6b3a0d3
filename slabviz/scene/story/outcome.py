"""Which way a slow call went, and how much that matters when several ask for the reader's attention."""

from __future__ import annotations

from enum import Enum

from slabviz.model.events import Kind
from slabviz.scene.story.calls import Call


class Outcome(Enum):
    """The way of a slow call; the value is its key in the catalogue."""

    FAILED = "failed"  # no memory
    NEW = "new"  # a new slab was made
    NODE = "node"  # a slab was taken from the node's partial list
    PARKED = "parked"  # the newest parked slab became active
    REFILL = "refill"  # objects had come back into the active slab itself
    LOCAL = "local"  # an interrupt had refilled the freelist meanwhile
    FROZEN = "frozen"  # freed into a slab that a CPU owns
    PARTIAL = "partial"  # freed into a slab of the node's partial list
    KEPT = "kept"  # the slab became empty, and the node keeps it
    PARK = "park"  # a full slab got its first free object and is parked
    DRAIN = "drain"  # the same, and the parked slabs before it went to the node
    DISCARD = "discard"  # the slab became empty and is given back
    SHRINK = "shrink"
    FLUSH = "flush"  # a CPU's slabs go to the node
    RCU_SLAB = "rcu_slab"  # pages of a slab go back after a grace period
    DEBUG_NODE = "debug_node"  # debugged: one object of a slab that stays on the node's list
    DEBUG_NEW = "debug_new"  # debugged: one object of a new slab, which goes to the node's list
    DEBUG_FREE = "debug_free"  # debugged: freed into a full slab, which goes to the node's partial list
    REFUSED = "refused"  # debugged: the free is wrong and not done
    WRITTEN_OFF = "written_off"  # debugged: a slab failed its checks


SEVERITY = {
    Outcome.FAILED: 60, Outcome.NEW: 50, Outcome.DISCARD: 45, Outcome.SHRINK: 44, Outcome.RCU_SLAB: 43,
    Outcome.NODE: 40, Outcome.DRAIN: 38, Outcome.FLUSH: 37, Outcome.KEPT: 35, Outcome.PARKED: 30, Outcome.PARK: 30,
    Outcome.REFILL: 20, Outcome.LOCAL: 15, Outcome.PARTIAL: 15, Outcome.FROZEN: 15, Outcome.DEBUG_NODE: 15,
    Outcome.DEBUG_NEW: 50, Outcome.DEBUG_FREE: 30, Outcome.REFUSED: 70, Outcome.WRITTEN_OFF: 70,
}  # fmt: skip
"""Error > new slab > node list > CPU partial > fast path (visual-spec 6); the larger number wins."""

ALLOC_OUTCOMES = frozenset({Outcome.FAILED, Outcome.NEW, Outcome.NODE, Outcome.PARKED, Outcome.REFILL, Outcome.LOCAL})

DEBUG_ALLOCS = frozenset({Outcome.DEBUG_NODE, Outcome.DEBUG_NEW})

FREE_OUTCOMES = frozenset(
    {Outcome.DEBUG_FREE, Outcome.FROZEN, Outcome.PARTIAL, Outcome.KEPT, Outcome.PARK, Outcome.DRAIN, Outcome.DISCARD}
)

_SIGNS: tuple[tuple[Kind, Outcome], ...] = (
    (Kind.ALLOC_FAILED, Outcome.FAILED),
    (Kind.FIX_NOT_FREED, Outcome.REFUSED),
    (Kind.MARK_ALL_USED, Outcome.WRITTEN_OFF),
    (Kind.DEBUG_ALLOC_NEW, Outcome.DEBUG_NEW),
    (Kind.DEBUG_ALLOC, Outcome.DEBUG_NODE),
    (Kind.SHRINK_ENTER, Outcome.SHRINK),
    (Kind.DO_SHRINK, Outcome.SHRINK),
    (Kind.RCU_FREE_SLAB, Outcome.RCU_SLAB),
    (Kind.SLAB_PAGES, Outcome.NEW),
    (Kind.ALLOC_FROM_PARTIAL, Outcome.NODE),
    (Kind.CPU_PARTIAL_ALLOC, Outcome.PARKED),
    (Kind.ALLOC_REFILL, Outcome.REFILL),
    (Kind.LOAD_FREELIST, Outcome.LOCAL),
    (Kind.CPUSLAB_FLUSH, Outcome.FLUSH),
    (Kind.CPU_PARTIAL_FLUSH, Outcome.FLUSH),
    (Kind.CPU_PARTIAL_DRAIN, Outcome.DRAIN),
    (Kind.DISCARD_SLAB, Outcome.DISCARD),
    (Kind.DISCARD_SLAB_RCU, Outcome.DISCARD),
    (Kind.CPU_PARTIAL_FREE, Outcome.PARK),
    (Kind.DEBUG_FREE_FULL, Outcome.DEBUG_FREE),
    (Kind.FREE_FROZEN, Outcome.FROZEN),
)
"""The first sign that is among a call's steps tells its outcome."""


def outcome_of(call: Call) -> Outcome:
    """The way of a slow call, told by its end; of one that is still open, by what it has done so far."""
    kinds = {mark[1] for mark in call.marks}
    for sign, outcome in _SIGNS:
        if sign in kinds or sign == call.kind:
            return outcome
    if call.kind in (Kind.ALLOC_ENTER, Kind.BULK_ALLOC_ENTER):
        return Outcome.LOCAL
    return Outcome.KEPT if Kind.LOCK in kinds else Outcome.PARTIAL


def severity(call: Call) -> int:
    """How much a slow call matters."""
    return SEVERITY[outcome_of(call)]
