"""The allocator's calls, found again in the log: who called, when it began and ended, and which way it went.

A call's events are those of its context (task, softirq or interrupt), so one that is broken into goes on afterwards.
It is over when its objects have changed hands and it owes nothing: no slab, no pages in hand, interrupts as before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from slabviz.model.events import PATH_ENTERS, Event, Kind

OPEN = 1 << 62
"""``last`` of a call that has not ended as far as the log has been read."""

Mark = tuple[int, int, int, int]
"""(event number, kind, slab or what stands there, arg) of one step of a call."""

ALLOCS = frozenset({Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW})
"""An object goes to its holder."""
FREES = frozenset(
    {
        Kind.FREE_FASTPATH,
        Kind.FREE_FROZEN,
        Kind.FREE_TO_PARTIAL,
        Kind.CPU_PARTIAL_FREE,
        Kind.BULK_PUSH,
        Kind.BULK_FREE,
        Kind.DEBUG_FREE_FULL,
    }
)
"""An object comes back."""

SLOW = frozenset(
    {
        Kind.ALLOC_SLOWPATH, Kind.LOAD_FREELIST, Kind.ALLOC_FAILED, Kind.FREE_SLOWPATH, Kind.FREE_FROZEN,
        Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.CPUSLAB_FLUSH, Kind.CPU_PARTIAL_FLUSH, Kind.RCU_FREE_SLAB,
        Kind.DO_SHRINK, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW, Kind.DEBUG_FREE_FULL, Kind.FIX_NOT_FREED,
    }
)  # fmt: skip
"""From one of these on a call is on the slow path."""

_IRQ: dict[int, int] = {Kind.LOCK: 1, Kind.LOCK_WAIT: 1, Kind.UNLOCK: -1, Kind.IRQ_OFF: 1, Kind.IRQ_ON: -1}
_SLABS: dict[int, int] = {
    Kind.CPU_PARTIAL_FREE: 1, Kind.PUT_CPU_PARTIAL: -1, Kind.SLAB_PAGES: 1, Kind.ALLOC_FROM_PARTIAL: 1,
    Kind.INSTALL_SLAB: -1, Kind.CPUSLAB_FLUSH: 1, Kind.DEACTIVATE_TO_HEAD: -1, Kind.DEACTIVATE_TO_TAIL: -1,
    Kind.DEACTIVATE_FULL: -1, Kind.UNFREEZE_PARTIAL: -1, Kind.FREE_REMOVE_PARTIAL: 1, Kind.SHRINK_EMPTY: 1,
    Kind.DISCARD_SLAB: -1, Kind.DISCARD_SLAB_RCU: -1, Kind.DEBUG_ALLOC_NEW: -1,
}  # fmt: skip
_PAGES: dict[int, int] = {
    Kind.BUDDY_TAKE: 1, Kind.PCP_ALLOC: 1, Kind.PCP_DRAIN: 1, Kind.DISCARD_SLAB: 1, Kind.RCU_FREE_SLAB: 1,
    Kind.PAGE_RECLAIM: 1, Kind.PCP_TAKE: 1, Kind.SLAB_PAGES: -1, Kind.PCP_REFILL: -1, Kind.PCP_FREE: -1,
    Kind.BUDDY_PUT_HEAD: -1, Kind.BUDDY_PUT_TAIL: -1,
}  # fmt: skip
_STACK: dict[int, int] = {Kind.PUT_CPU_PARTIAL: 1, Kind.CPU_PARTIAL_NODE: 1, Kind.CPU_PARTIAL_ALLOC: -1}
_QUIET = frozenset({Kind.IRQ_OFF, Kind.IRQ_ON, Kind.PCP_REFILL, Kind.TID_STEP})
"""Steps that no picture tells of."""
_OF_NOBODY = frozenset(
    {*_IRQ, *_PAGES, Kind.BUDDY_SPLIT, Kind.BUDDY_MERGE, Kind.TID_STEP, Kind.ALLOC_NODE, Kind.ORDER_FALLBACK,
     Kind.PAGE_ALLOC_FAILED, Kind.CPU_PARTIAL_NODE, Kind.SHRINK_SORT} - {Kind.RCU_FREE_SLAB}
)  # fmt: skip
"""Steps that begin no call: without one they belong to a page allocation of somebody else."""


@dataclass(slots=True, eq=False)
class Call:
    """One call of the allocator. ``kind`` is its ENTER event, or the first event of one that has none (a flush)."""

    kind: int
    cpu: int
    cache: int
    actor: int
    """Who calls."""
    who: int
    """Who will hold the object, or has held it."""
    arg: int
    """gfp of an allocation, offset of a free, number of objects of a bulk call."""
    slab: int
    """The slab of a free, else -1."""
    depth: int
    """How many contexts lie below the caller's on its CPU."""
    first: int
    last: int = OPEN
    marks: Sequence[Mark] = ()
    """Its steps, if it took the slow path."""
    failures: int = 0
    """Failed compare-and-exchanges."""

    @property
    def slow(self) -> bool:
        """Whether it took the slow path."""
        return bool(self.marks)

    def runs_at(self, behind: int) -> bool:
        """Whether it is under way after all events before ``behind``."""
        return self.first < behind <= self.last


@dataclass(slots=True, eq=False)
class _Context:
    """A context and its last call. What that call still owes: interrupts-off sections, slabs in hand, blocks of pages
    in hand, objects left to do."""

    actor: int
    call: Call | None = None
    waits: bool = False
    owes: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    marks: list[Mark] = field(default_factory=list)


class CallLog:
    """Reads events one after another; keeps all calls by CPU, and the slow ones by cache as they turn slow."""

    def __init__(self, cpus: int) -> None:
        self.by_cpu: list[list[Call]] = [[] for _ in range(cpus)]
        self.slow: defaultdict[int, list[Call]] = defaultdict(list)
        self._stacks = [[_Context(0)] for _ in range(cpus)]
        self._parked: dict[int, _Context] = {}
        self._stacked: defaultdict[tuple[int, int], int] = defaultdict(int)

    # Contexts, as in model/events/context.py.

    def start(self, number: int, event: Event, cache: int) -> None:
        """TASK_START."""
        self._parked[event[4]] = _Context(event[4])

    def switch(self, number: int, event: Event, cache: int) -> None:
        """SWITCH."""
        stack = self._stacks[event[1]]
        if stack[0].actor:
            self._parked[stack[0].actor] = stack[0]
        known = self._parked.pop(event[4]) if event[4] in self._parked else None
        stack[0] = _Context(event[4]) if known is None else known

    def exit(self, number: int, event: Event, cache: int) -> None:
        """TASK_EXIT."""
        self._stacks[event[1]][0] = _Context(0)

    def die(self, number: int, event: Event, cache: int) -> None:
        """OOPS: the call ends where it stands."""
        context = self._stacks[event[1]][0]
        if context.call is not None and context.call.last == OPEN:
            context.call.last = number
        self._stacks[event[1]][0] = _Context(0)

    def break_in(self, number: int, event: Event, cache: int) -> None:
        """IRQ_ENTER, SOFTIRQ_ENTER."""
        self._stacks[event[1]].append(_Context(event[4]))

    def leave(self, number: int, event: Event, cache: int) -> None:
        """IRQ_EXIT, SOFTIRQ_EXIT."""
        if len(self._stacks[event[1]]) > 1:
            self._stacks[event[1]].pop()

    # Calls.

    def enter(self, number: int, event: Event, cache: int) -> None:
        """An ENTER event; a group of a bulk free has one of its own, which begins nothing."""
        kind, cpu, slab = event[:3]
        call = self._stacks[cpu][-1].call
        if kind == Kind.FREE_ENTER and call is not None and call.last == OPEN and call.kind == Kind.BULK_FREE_ENTER:
            return
        self._begin(number, event, cache, slab if kind == Kind.FREE_ENTER else -1)

    def _begin(self, number: int, event: Event, cache: int, slab: int) -> Call:
        kind, cpu, _, arg, who = event
        stack = self._stacks[cpu]
        call = Call(kind, cpu, cache, stack[-1].actor, who, arg, slab, len(stack) - 1, number)
        context = stack[-1]
        context.call, context.marks = call, []
        bulk = kind in (Kind.BULK_ALLOC_ENTER, Kind.BULK_FREE_ENTER)
        context.owes = [0, 0, 0, arg if bulk else int(kind in PATH_ENTERS or kind in ALLOCS or kind in FREES)]
        self.by_cpu[cpu].append(call)
        return call

    def step(self, number: int, event: Event, cache: int) -> None:
        """Any step of a path: it belongs to the call of its context, or is a call itself, or somebody else's."""
        kind, cpu, slab, arg, _ = event
        context = self._stacks[cpu][-1]
        call = context.call
        if call is None or call.last != OPEN:
            if kind in _OF_NOBODY:
                return
            call = self._begin(number, event, cache, slab)
        marks = context.marks
        if marks or kind in SLOW:
            if not marks:
                call.marks = marks
                self.slow[call.cache].append(call)
            if kind not in _QUIET:
                marks.append((number, kind, slab, arg))
        self._settle(call, context, kind, (cpu, cache))
        if not any(context.owes):
            call.last = number

    def failed(self, number: int, event: Event, cache: int) -> None:
        """A failed compare-and-exchange."""
        call = self._stacks[event[1]][-1].call
        if call is not None and call.last == OPEN:
            call.failures += 1

    def _settle(self, call: Call, context: _Context, kind: int, stack: tuple[int, int]) -> None:
        owes = context.owes
        if kind in _IRQ:
            if kind == Kind.LOCK and context.waits:  # interrupts are off since it began to wait
                context.waits = False
            else:
                owes[0] += _IRQ[kind]
                context.waits = kind == Kind.LOCK_WAIT
            if kind == Kind.UNLOCK and call.kind == Kind.SHRINK_ENTER:
                owes[3] = 0
            return
        owes[1] += _SLABS.get(kind, 0)
        owes[2] += _PAGES.get(kind, 0)
        if kind in ALLOCS or kind in FREES:
            owes[3] -= 1
        elif kind in (Kind.ALLOC_FAILED, Kind.FIX_NOT_FREED):
            owes[3] = 0
        elif kind == Kind.MARK_ALL_USED:  # the object just taken is not handed out
            owes[3] += 1
        if kind in _STACK:
            self._stacked[stack] += _STACK[kind]
        elif kind in (Kind.CPU_PARTIAL_DRAIN, Kind.CPU_PARTIAL_FLUSH):
            owes[1] += self._stacked.pop(stack, 0)


_SOURCES = (
    Kind.DEBUG_ALLOC, Kind.SLAB_PAGES, Kind.ALLOC_FROM_PARTIAL, Kind.CPU_PARTIAL_ALLOC, Kind.ALLOC_REFILL,
    Kind.LOAD_FREELIST,
)  # fmt: skip


def slab_of(call: Call) -> int:
    """The slab that a call is about: the one that its object came from or went to."""
    if call.slab >= 0:
        return call.slab
    for source in _SOURCES:
        for mark in call.marks:
            if mark[1] == source:
                return mark[2]
    return next((mark[2] for mark in call.marks if mark[1] in ALLOCS), 0)
