"""The steps of the lit call: which there are, which are done, which happens now (visual-spec 6, "one step counter").

An allocation: 1 freelist, 2 active slab, 3 CPU partial, 4 node partial, 5 buddy, then install slab, then return object;
those not needed are left out. A free: 1 object to its slab, 2 where the slab goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slabviz.model.events import Kind
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import Key, Signpost
from slabviz.scene.story.calls import FREES, Call, Mark, slab_of
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.outcome import ALLOC_OUTCOMES, Outcome
from slabviz.scene.story.spotlight import Spot

FREELIST, ACTIVE, PARKED, PARTIAL, BUDDY, INSTALL, RETURN = (
    "freelist", "active", "parked", "partial", "buddy", "install", "return",
)  # fmt: skip
OBJECT, SLAB = "object", "slab"

_ORDER = (FREELIST, ACTIVE, PARKED, PARTIAL, BUDDY, INSTALL, RETURN)
_NEEDED: dict[Outcome, tuple[str, ...]] = {
    Outcome.FAILED: (FREELIST, ACTIVE, PARKED, PARTIAL, BUDDY),
    Outcome.NEW: _ORDER,
    Outcome.NODE: (FREELIST, ACTIVE, PARKED, PARTIAL, INSTALL, RETURN),
    Outcome.PARKED: (FREELIST, ACTIVE, PARKED, INSTALL, RETURN),
    Outcome.REFILL: (FREELIST, ACTIVE, INSTALL, RETURN),
    Outcome.LOCAL: (FREELIST, ACTIVE, RETURN),
}
FREE_OUTCOMES = frozenset(
    {Outcome.FROZEN, Outcome.PARTIAL, Outcome.KEPT, Outcome.PARK, Outcome.DRAIN, Outcome.DISCARD}
)
_DONE_BY: dict[int, str] = {
    Kind.ALLOC_SLOWPATH: FREELIST, Kind.DEACTIVATE_BYPASS: ACTIVE, Kind.CPU_PARTIAL_ALLOC: PARKED,
    Kind.ALLOC_NODE: PARKED, Kind.LOCK: PARKED, Kind.ALLOC_FROM_PARTIAL: PARTIAL, Kind.BUDDY_TAKE: PARTIAL,
    Kind.BUDDY_SPLIT: PARTIAL, Kind.PCP_ALLOC: PARTIAL, Kind.PAGE_ALLOC_FAILED: PARTIAL, Kind.ORDER_FALLBACK: PARTIAL,
    Kind.SLAB_PAGES: BUDDY, Kind.ALLOC_FAILED: BUDDY, Kind.INSTALL_SLAB: INSTALL, Kind.LOAD_FREELIST: INSTALL,
}  # fmt: skip
"""The last step in ``_ORDER`` that is over once a kind of event has happened."""


@dataclass(slots=True, frozen=True)
class Step:
    """``when`` is done, now or next."""

    name: str
    number: int
    when: str


def steps(m: Moment, lit: Spot | None) -> tuple[Step, ...]:
    """The steps of the lit call; none without one, and none for what is no allocation or free."""
    if lit is None:
        return ()
    if lit.outcome in ALLOC_OUTCOMES:
        names = _NEEDED[lit.outcome]
        done = _alloc_done(m, lit)
    elif lit.outcome in FREE_OUTCOMES:
        names = (OBJECT, SLAB)
        done = _free_done(m, lit.call)
    else:
        return ()
    over = sum(name in done for name in names)
    whens = ("done",) * over + ("now",) + ("next",) * len(names)
    return tuple(Step(name, number + 1, whens[number]) for number, name in enumerate(names))


def now(all_steps: Sequence[Step]) -> Step | None:
    """The step that is happening, or None when all are done."""
    return next((step for step in all_steps if step.when == "now"), None)


def marks_until(m: Moment, call: Call) -> list[Mark]:
    """The steps of a call that have happened by now."""
    return [mark for mark in call.marks if mark[0] < m.behind]


def moves_of(m: Moment, call: Call) -> list[Move]:
    """The moves under way that a call has started."""
    return [move for move in m.moves if move.cpu == call.cpu and call.first <= move.event <= call.last]


def _alloc_done(m: Moment, lit: Spot) -> set[str]:
    happened = marks_until(m, lit.call)
    reached = max((_reached(lit.outcome, mark, mark is happened[-1]) for mark in happened), default=-1)
    under_way = {move.kind for move in moves_of(m, lit.call) if move.slab == slab_of(lit.call)}
    if MoveKind.SLAB in under_way or MoveKind.PAGES in under_way:
        reached = min(reached, _ORDER.index(INSTALL) - 1)
    elif any(mark[1] == Kind.LOAD_FREELIST for mark in happened) and MoveKind.ALLOC not in under_way:
        reached = _ORDER.index(RETURN)
    return set(_ORDER[: reached + 1])


def _reached(outcome: Outcome, mark: Mark, newest: bool) -> int:
    """Index in ``_ORDER`` of the last step that a mark ends; the ``newest`` may still be looked at."""
    _, kind, _, arg = mark
    if kind == Kind.ALLOC_NODE and arg == 0 and not newest:  # seen to be empty, without the lock
        return _ORDER.index(PARTIAL)
    if kind == Kind.ALLOC_REFILL:
        return _ORDER.index(ACTIVE if outcome is Outcome.REFILL else INSTALL)
    name = _DONE_BY.get(kind)
    return -1 if name is None else _ORDER.index(name)


def _free_done(m: Moment, call: Call) -> set[str]:
    under_way = {move.kind for move in moves_of(m, call)}
    given = any(mark[1] in FREES for mark in marks_until(m, call))
    done = {OBJECT} if given and MoveKind.FREE not in under_way else set()
    if done and not call.runs_at(m.behind) and not under_way:
        done.add(SLAB)
    return done


def signposts(m: Moment, lit: Spot | None, all_steps: Sequence[Step]) -> tuple[Signpost, ...]:
    """The steps as signposts: upper edge for a place that was tried, lower edge for one that receives."""
    if lit is None:
        return ()
    posts = []
    for step in all_steps:
        place, edge = _place(m, lit, step.name)
        posts.append(Signpost(step.number, step.when, place, edge))
    return tuple(posts)


def _place(m: Moment, lit: Spot, name: str) -> tuple[Key, str]:
    call = lit.call
    if name == INSTALL:
        return (("chip" if lit.outcome is Outcome.REFILL else "active", call.cpu), "lower")
    if name == RETURN:
        return (("holder", call.who), "lower")
    if name == OBJECT:
        return (("slab", call.slab), "lower")
    if name == SLAB:
        return _slab_place(lit)
    if name == BUDDY:
        return (_pages_place(m, call), "upper")
    places: dict[str, Key] = {FREELIST: ("chip", call.cpu), ACTIVE: ("active", call.cpu), PARKED: ("parked", call.cpu)}
    return places.get(name, ("partial",)), "upper"


def _slab_place(lit: Spot) -> tuple[Key, str]:
    """Where a slab goes that an object was freed into."""
    if lit.outcome in (Outcome.PARK, Outcome.DRAIN):
        return ("parked", lit.call.cpu), "upper"
    if lit.outcome is Outcome.DISCARD:
        return ("nr_slabs",), "upper"
    return ("slab", lit.call.slab), "upper"


def _pages_place(m: Moment, call: Call) -> Key:
    """The column that a new slab's pages come from, or the CPU's page set if that had them."""
    for _, kind, order, _ in call.marks:
        if kind == Kind.BUDDY_TAKE:
            return "order", order
        if kind == Kind.PCP_ALLOC:
            return "pcp", call.cpu
    return "order", m.cache.geometry.oo_order
