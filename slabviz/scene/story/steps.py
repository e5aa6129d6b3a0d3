"""The steps of the lit call: which there are, which are done, which happens now (visual-spec 6, "one step counter").

An allocation: 1 freelist, 2 active slab, 3 CPU partial, 4 node partial, 5 buddy, then install slab, then return object;
those not needed are left out. A free: 1 object to its slab, 2 where the slab goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from slabviz.model.events import Kind
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.story.calls import ALLOCS, FREES, Call, Mark, slab_of
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.outcome import ALLOC_OUTCOMES, DEBUG_ALLOCS, FREE_OUTCOMES, Outcome
from slabviz.scene.story.spotlight import Spot


class StepName(Enum):
    """What a step is; the value is its key in the catalogue."""

    FREELIST = "freelist"
    ACTIVE = "active"
    PARKED = "parked"
    PARTIAL = "partial"
    BUDDY = "buddy"
    INSTALL = "install"
    RETURN = "return"
    OBJECT = "object"
    SLAB = "slab"
    LOCK = "lock"
    TAKE = "take"


_TRIED = (StepName.FREELIST, StepName.ACTIVE, StepName.PARKED, StepName.PARTIAL, StepName.BUDDY)
_ENDS = (StepName.INSTALL, StepName.RETURN)
_ORDER = _TRIED + _ENDS
_NEEDED: dict[Outcome, tuple[StepName, ...]] = {
    Outcome.FAILED: _TRIED,
    Outcome.NEW: _ORDER,
    Outcome.NODE: _TRIED[:4] + _ENDS,
    Outcome.PARKED: _TRIED[:3] + _ENDS,
    Outcome.REFILL: _TRIED[:2] + _ENDS,
    Outcome.LOCAL: (*_TRIED[:2], StepName.RETURN),
}
_OF_DEBUG: dict[Outcome, tuple[StepName, ...]] = {
    Outcome.DEBUG_NODE: (StepName.LOCK, StepName.PARTIAL, StepName.TAKE, StepName.RETURN),
    Outcome.DEBUG_NEW: (StepName.PARTIAL, StepName.BUDDY, StepName.LOCK, StepName.TAKE, StepName.RETURN),
}
"""A cache that is debugged (visual-spec 6). An empty list is seen without the lock: that is taken for the new slab."""
_DEBUG_OVER_AT: dict[StepName, tuple[Kind, ...]] = {
    StepName.PARTIAL: (Kind.BUDDY_TAKE, Kind.PCP_ALLOC, Kind.SLAB_PAGES, Kind.DEBUG_ALLOC),
    StepName.BUDDY: (Kind.SLAB_PAGES,),
    StepName.LOCK: (Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW),
}
_OVER_AT: dict[StepName, tuple[Kind, ...]] = {
    StepName.FREELIST: (Kind.ALLOC_SLOWPATH,),
    StepName.ACTIVE: (Kind.DEACTIVATE_BYPASS,),
    StepName.PARKED: (Kind.CPU_PARTIAL_ALLOC, Kind.ALLOC_NODE, Kind.LOCK),
    StepName.PARTIAL: (
        Kind.ALLOC_FROM_PARTIAL, Kind.BUDDY_TAKE, Kind.BUDDY_SPLIT, Kind.PCP_ALLOC, Kind.PAGE_ALLOC_FAILED,
        Kind.ORDER_FALLBACK,
    ),
    StepName.BUDDY: (Kind.SLAB_PAGES, Kind.ALLOC_FAILED),
    StepName.INSTALL: (Kind.INSTALL_SLAB, Kind.LOAD_FREELIST),
}  # fmt: skip
"""Once one of these has happened the step is over, and all before it."""
_DONE_BY: dict[int, StepName] = {kind: name for name, kinds in _OVER_AT.items() for kind in kinds}


BULK = frozenset({Kind.BULK_ALLOC_ENTER, Kind.BULK_FREE_ENTER})
"""Calls that go the slow way several times, or not at all, for their objects."""


@dataclass(slots=True, frozen=True)
class Step:
    """``when`` is done, now or next."""

    name: StepName
    number: int
    when: str


def steps(m: Moment, lit: Spot | None) -> tuple[Step, ...]:
    """The steps of the lit call; none without one, and none for what is not the allocation or free of one object."""
    if lit is None or lit.call.kind in BULK:
        return ()
    if lit.outcome in DEBUG_ALLOCS:
        names = _OF_DEBUG[lit.outcome]
        done = _debug_done(m, lit)
    elif lit.outcome in ALLOC_OUTCOMES:
        names = _NEEDED[lit.outcome]
        done = _alloc_done(m, lit)
    elif lit.outcome in FREE_OUTCOMES:
        names = (StepName.OBJECT, StepName.SLAB)
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


def _alloc_done(m: Moment, lit: Spot) -> set[StepName]:
    happened = marks_until(m, lit.call)
    reached = max((_reached(lit.outcome, mark, mark is happened[-1]) for mark in happened), default=-1)
    under_way = {move.kind for move in moves_of(m, lit.call) if move.slab == slab_of(lit.call)}
    if MoveKind.SLAB in under_way or MoveKind.PAGES in under_way:
        reached = min(reached, _ORDER.index(StepName.INSTALL) - 1)
    elif any(mark[1] == Kind.LOAD_FREELIST for mark in happened) and MoveKind.ALLOC not in under_way:
        reached = _ORDER.index(StepName.RETURN)
    return set(_ORDER[: reached + 1])


def _debug_done(m: Moment, lit: Spot) -> set[StepName]:
    """Of a cache that is debugged: what is over, whichever way it went."""
    kinds = [mark[1] for mark in marks_until(m, lit.call)]
    under_way = {move.kind for move in moves_of(m, lit.call) if move.slab == slab_of(lit.call)}
    done = {name for name, signs in _DEBUG_OVER_AT.items() if any(kind in signs for kind in kinds[:-1])}
    if kinds and kinds[-1] in (Kind.SLAB_PAGES, Kind.LOCK, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW):
        done |= {name for name, signs in _DEBUG_OVER_AT.items() if kinds[-1] in signs}
    if any(kind in ALLOCS for kind in kinds):
        done = set(_OF_DEBUG[lit.outcome]) - {StepName.RETURN, StepName.TAKE}
        if not under_way & {MoveKind.SLAB, MoveKind.PAGES}:
            done.add(StepName.TAKE)
            done |= set() if MoveKind.ALLOC in under_way else {StepName.RETURN}
    return done


def _reached(outcome: Outcome, mark: Mark, newest: bool) -> int:
    """Index in ``_ORDER`` of the last step that a mark ends; the ``newest`` may still be looked at."""
    _, kind, _, arg = mark
    if kind == Kind.ALLOC_NODE and arg == 0 and not newest:  # seen to be empty, without the lock
        return _ORDER.index(StepName.PARTIAL)
    if kind == Kind.ALLOC_REFILL:
        return _ORDER.index(StepName.ACTIVE if outcome is Outcome.REFILL else StepName.INSTALL)
    if kind == Kind.FREEZE_SLAB and outcome is Outcome.PARKED:  # it is the CPU's already, and loaded now
        return _ORDER.index(StepName.INSTALL)
    name = _DONE_BY.get(kind)
    return -1 if name is None else _ORDER.index(name)


def _free_done(m: Moment, call: Call) -> set[StepName]:
    under_way = {move.kind for move in moves_of(m, call)}
    given = any(mark[1] in FREES for mark in marks_until(m, call))
    done = {StepName.OBJECT} if given and MoveKind.FREE not in under_way else set()
    if done and not call.runs_at(m.behind) and not under_way:
        done.add(StepName.SLAB)
    return done
