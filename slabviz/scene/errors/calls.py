"""The calls of a run as their authors wrote them: dev_kmalloc, kfree, a write …, each with the bytes it was about.

Finer than ``story/calls.py``, which has the allocator's own calls only; read from the whole log, once, and only of a
run in which something goes wrong. Calls of a context (task, softirq, interrupt) do not mix with those of another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from slabviz.devmem.dev_kmalloc import HEADER_SIZE
from slabviz.devmem.devres import NODE_SIZE
from slabviz.engine.driver_program import MISTAKES
from slabviz.model.events import Event, Kind
from slabviz.model.log import EventLog
from slabviz.scene.errors.signs import TROUBLE
from slabviz.scene.story.calls import ALLOCS, FREES

NOWHERE = -1
HEADERS = {"dev_kmalloc": HEADER_SIZE, "devm_kmalloc": NODE_SIZE}
"""Bytes in front of what the caller gets."""
WRITE = "write"

_DRIVER_FREES = frozenset({"dev_kfree", "devm_kfree"})
_ASKED_FIRST = _DRIVER_FREES | {"kfree"}
_ASKS = {
    Kind.DEV_KMALLOC_ENTER: "dev_kmalloc", Kind.DEVM_KMALLOC_ENTER: "devm_kmalloc", Kind.KMALLOC_ENTER: "kmalloc",
}  # fmt: skip
_READ = (
    *TROUBLE, *_ASKS, *ALLOCS, *FREES, Kind.ALLOC_ENTER, Kind.ALLOC_FAILED, Kind.KMALLOC_LARGE_ENTER, Kind.KFREE_ENTER,
    Kind.FREE_ENTER, Kind.DEV_KFREE_ENTER, Kind.DEVM_KFREE_ENTER, Kind.WRITE, Kind.DESTROY_ENTER, Kind.TASK_START,
    Kind.SWITCH, Kind.IRQ_ENTER, Kind.IRQ_EXIT, Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT,
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Deed:
    """One call. Offsets count from the start of its slab; ``slab`` is NOWHERE where it is about no slab's bytes."""

    name: str
    first: int
    """Number of its first event."""
    last: int
    """Of the last one known to be its own."""
    cpu: int
    actor: int
    """Who runs."""
    context: str
    """process, softirq or hardirq."""
    owner: int = 0
    """Whose the memory is; 0: not known."""
    gfp: int = NOWHERE
    cache: int = NOWHERE
    size: int = 0
    """Bytes asked for, or written; 0: the cache's object size."""
    slab: int = NOWHERE
    offset: int = NOWHERE
    value: int = NOWHERE
    """The byte that is written."""
    page: tuple[int, int] | None = None
    """Where the pointer leads that was given, as (pfn, offset in the page), where no slab is named."""
    done: int = NOWHERE
    """Number of the event by which the bytes change hands, or are written; NOWHERE: that does not happen."""
    mistake: str = ""
    troubles: list[int] = field(default_factory=list)
    """Numbers of the events that tell of trouble in it."""

    @property
    def is_alloc(self) -> bool:
        """Whether it asks for memory."""
        return self.gfp != NOWHERE

    @property
    def is_warned_of(self) -> bool:
        """Whether so far there is only the warning that it may sleep (``might_alloc``)."""
        return self.mistake == "sleep_in_atomic" and self.cache == self.slab == NOWHERE and not self.size

    @property
    def header(self) -> int:
        """Bytes between the start of the memory and the pointer that its user has."""
        return HEADERS.get(self.name, 0)


@dataclass(slots=True, eq=False)
class _Context:
    actor: int
    kind: str
    deed: Deed | None = None
    asked: tuple[str, int, int, int] | None = None
    """(name, bytes, owner, number of the event) of a request that is still to be made."""
    mistake: str = ""
    mistaken_at: int = NOWHERE


class DeedReader:
    """Reads a log; ``deeds`` are its calls in the order in which they began."""

    def __init__(self, log: EventLog, cpus: int) -> None:
        self.deeds: list[Deed] = []
        self.of_trouble: dict[int, Deed] = {}
        """By number of a troubling event: the call that it happened in."""
        self._given_back: set[tuple[int, int]] = set()
        """Objects that were given back and not given out since."""
        self._log = log
        self._tasks: dict[int, _Context] = {}
        self._stacks = [[_Context(0, "process")] for _ in range(cpus)]
        matrix = log.matrix()
        for number in np.flatnonzero(np.isin(matrix[:, 0], list(map(int, _READ)))).tolist():
            kind, cpu, slab, arg, who = matrix[number].tolist()
            self._take(number, (kind, cpu, slab, arg, who))

    def _take(self, number: int, event: Event) -> None:
        kind, cpu = Kind(event[0]), event[1]
        if kind in _SWITCHES:
            self._switch(kind, cpu, event[4])
            return
        at = self._stacks[cpu][-1]
        if kind is Kind.MISTAKE:
            self._mistake(at, number, MISTAKES[event[3]])
        elif kind in _ASKS:
            if at.asked is None:
                at.asked = (_ASKS[kind], event[3], event[4], number)
        elif kind in ALLOCS or kind is Kind.ALLOC_FAILED:
            self._given(at, number, event)
        elif kind in FREES:
            self._freed(at, number, event)
        elif kind is Kind.WRITE:
            self._write(at, number, event)
        elif kind in _BEGINS:
            self._begin(at, number, kind, event)
        if kind in TROUBLE:
            self._trouble(at, number, kind, event)

    def _switch(self, kind: Kind, cpu: int, who: int) -> None:
        stack = self._stacks[cpu]
        if kind is Kind.SWITCH:
            stack[0] = self._tasks.setdefault(who, _Context(who, "process"))
        elif kind in (Kind.IRQ_ENTER, Kind.SOFTIRQ_ENTER):
            stack.append(_Context(who, "hardirq" if kind is Kind.IRQ_ENTER else "softirq"))
        elif kind in (Kind.IRQ_EXIT, Kind.SOFTIRQ_EXIT) and len(stack) > 1:
            stack.pop()

    def _mistake(self, at: _Context, number: int, mistake: str) -> None:
        """What comes next is wrong; of a call that may sleep where nobody may the kernel's warning has begun it."""
        if at.deed is None or not at.deed.is_warned_of:
            at.mistake, at.mistaken_at, at.deed = mistake, number, None

    def _new(self, at: _Context, name: str, number: int, cpu: int) -> Deed:
        mistake, at.mistake = at.mistake, ""
        first = at.mistaken_at if mistake else number
        at.deed = Deed(name, first, number, cpu, at.actor, at.kind, mistake=mistake)
        self.deeds.append(at.deed)
        return at.deed

    def _begin(self, at: _Context, number: int, kind: Kind, event: Event) -> None:
        _, cpu, slab, arg, who = event
        if kind is Kind.ALLOC_ENTER:
            name, size, owner, first = at.asked or ("kmem_cache_alloc", 0, who, number)
            warned = at.deed is not None and at.deed.is_warned_of
            deed = at.deed if warned and at.deed is not None else self._new(at, name, min(first, number), cpu)
            deed.name, deed.size, deed.owner, deed.gfp, deed.cache = name, size, owner or who, arg, slab
            at.asked = None
        elif kind is Kind.KMALLOC_LARGE_ENTER:
            name, _, owner, first = at.asked or ("kmalloc", 0, who, number)
            deed = self._new(at, name, min(first, number), cpu)
            deed.size, deed.owner, deed.gfp, at.asked = arg, owner or who, slab, None
        elif kind is Kind.DESTROY_ENTER:
            self._new(at, "kmem_cache_destroy", number, cpu).cache = slab
        elif kind in (Kind.DEV_KFREE_ENTER, Kind.DEVM_KFREE_ENTER):
            name = "dev_kfree" if kind is Kind.DEV_KFREE_ENTER else "devm_kfree"
            self._new(at, name, number, cpu).page = (slab, arg)
        else:
            self._free(at, number, kind, event)

    def _free(self, at: _Context, number: int, kind: Kind, event: Event) -> None:
        """A driver's free ends in kfree: that is one call. ``kfree`` is told in one step before the free itself."""
        _, cpu, slab, offset, who = event
        deed = at.deed
        goes_on = deed is not None and deed.slab == NOWHERE and deed.name in _DRIVER_FREES and not at.mistake
        asked = kind is Kind.FREE_ENTER and deed is not None and deed.last == number - 1 and deed.name in _ASKED_FIRST
        warned = deed is not None and bool(deed.troubles) and deed.done == NOWHERE
        warned = warned and deed is not None and (deed.slab, deed.offset) == (slab, offset)
        if not (goes_on or asked or warned):
            deed = self._new(at, "kfree" if kind is Kind.KFREE_ENTER else "kmem_cache_free", number, cpu)
        assert deed is not None
        deed.slab, deed.offset, deed.owner, deed.last = slab, offset, who or deed.owner, number
        if (slab, offset) in self._given_back and not deed.mistake:  # recordings do not say what was a mistake
            deed.mistake = "double_free"

    def _given(self, at: _Context, number: int, event: Event) -> None:
        if event[0] != Kind.ALLOC_FAILED:
            self._given_back.discard(event[2:4])
        deed = at.deed
        if deed is None or not deed.is_alloc or deed.slab != NOWHERE:
            return
        deed.last = number
        if event[0] != Kind.ALLOC_FAILED:
            deed.slab, deed.offset, deed.done = event[2], event[3], number

    def _freed(self, at: _Context, number: int, event: Event) -> None:
        self._given_back.add(event[2:4])
        deed = at.deed
        if deed is not None and (deed.slab, deed.offset) == event[2:4] and not deed.is_alloc:
            deed.done = deed.last = number

    def _write(self, at: _Context, number: int, event: Event) -> None:
        """A program's own write; what the allocator and drivers' helpers write is part of their calls."""
        _, cpu, slab, offset, who = event
        deed = at.deed
        if who != at.actor or (deed is not None and deed.name in _DRIVER_FREES and deed.slab == NOWHERE):
            if deed is not None and deed.header:  # it has its bytes only now
                deed.last = number
            return
        deed = self._new(at, WRITE, number, cpu)
        deed.slab, deed.offset, deed.done = slab, offset, number
        deed.size, deed.value, deed.last = self._written(number)

    def _written(self, number: int) -> tuple[int, int, int]:
        """(bytes, the first of them, number of the last event) of a write, from the events behind it."""
        length, value, last = 0, NOWHERE, number
        for kind, _, _, _, who in self._log.events(number + 1):
            if kind == Kind.POKE:
                length += 4
            elif kind == Kind.POKE_BYTE:
                length += 1
            elif kind == Kind.REPEAT:
                length = who
            else:
                break
            value, last = (who & 0xFF if value == NOWHERE and kind != Kind.REPEAT else value), last + 1
        return length, value, last

    def _trouble(self, at: _Context, number: int, kind: Kind, event: Event) -> None:
        if kind is Kind.MISTAKE:
            return  # the call that it belongs to comes next
        deed = at.deed
        if kind in _BEFORE_FREES and (deed is None or deed.name != "kmem_cache_free" or deed.done != NOWHERE):
            deed = self._new(at, "kmem_cache_free", number, event[1])
        if kind is Kind.KFREE_NO_SLAB:
            deed = self._new(at, "kfree", number, event[1])
            deed.page = (event[3], 0)
        if deed is None or (kind in _OF_PAGES and (deed.slab != NOWHERE or not deed.is_alloc)):
            deed = self._new(at, "alloc_pages", number, event[1])
        if kind in _NAMES_BYTES and deed.slab == NOWHERE:
            deed.slab, deed.offset = event[2], event[3]
        if kind is Kind.MIGHT_SLEEP_BUG:
            deed.mistake, deed.gfp = "sleep_in_atomic", event[3]
        deed.troubles.append(number)
        deed.last = max(deed.last, number)
        self.of_trouble[number] = deed


_OF_PAGES = frozenset({Kind.OOM_KILL, Kind.OOM_PANIC, Kind.MIGHT_SLEEP_BUG})
"""Trouble that any request for pages may have."""
_BEFORE_FREES = frozenset({Kind.WRONG_CACHE, Kind.NOT_A_SLAB})
"""What is looked at before the object itself (cache_from_obj)."""
_NAMES_BYTES = frozenset({Kind.OOPS, Kind.PANIC, Kind.OBJECTS_REMAINING, Kind.WRONG_CACHE})
_SWITCHES = frozenset(
    {Kind.TASK_START, Kind.SWITCH, Kind.IRQ_ENTER, Kind.IRQ_EXIT, Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT}
)
_BEGINS = frozenset(
    {Kind.ALLOC_ENTER, Kind.KMALLOC_LARGE_ENTER, Kind.DESTROY_ENTER, Kind.DEV_KFREE_ENTER, Kind.DEVM_KFREE_ENTER,
     Kind.KFREE_ENTER, Kind.FREE_ENTER}
)  # fmt: skip
