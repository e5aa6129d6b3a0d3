"""The log read once from the start, as far as a picture needs it: calls, colours, places left, and what pages did.

Reading goes on in blocks, so that the first pictures of a long run do not wait for its end. All answers are told by
event number: that more has been read than a picture shows never changes it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from slabviz.model.events import KINDS, LAST_OF_SLABS, Event, Kind
from slabviz.model.log import EventLog
from slabviz.scene.story.calls import ALLOCS, FREES, CallLog
from slabviz.scene.story.tenures import Tenures

BLOCK = 512
"""Events read at a time."""

_TO_HEAD = frozenset({Kind.DEACTIVATE_TO_HEAD, Kind.SHRINK_SORT, Kind.DEBUG_ALLOC_NEW})
_TO_TAIL = frozenset({Kind.DEACTIVATE_TO_TAIL, Kind.UNFREEZE_PARTIAL, Kind.DEBUG_FREE_FULL})
_FROM_LIST = frozenset(
    {Kind.ALLOC_FROM_PARTIAL, Kind.CPU_PARTIAL_NODE, Kind.FREE_REMOVE_PARTIAL, Kind.SHRINK_EMPTY, Kind.ADD_FULL,
     Kind.MARK_ALL_USED}
)  # fmt: skip
BUDDY = frozenset(
    {Kind.BUDDY_TAKE, Kind.BUDDY_SPLIT, Kind.BUDDY_MERGE, Kind.BUDDY_PUT_HEAD, Kind.BUDDY_PUT_TAIL, Kind.PCP_ALLOC,
     Kind.PCP_FREE, Kind.PAGE_ALLOC_FAILED}
)  # fmt: skip
"""What the buddy log tells of."""

_CONTEXTS: dict[Kind, Callable[[CallLog, int, Event, int], None]] = {
    Kind.TASK_START: CallLog.start,
    Kind.SWITCH: CallLog.switch,
    Kind.TASK_EXIT: CallLog.exit,
    Kind.OOPS: CallLog.die,
    Kind.IRQ_ENTER: CallLog.break_in,
    Kind.SOFTIRQ_ENTER: CallLog.break_in,
    Kind.IRQ_EXIT: CallLog.leave,
    Kind.SOFTIRQ_EXIT: CallLog.leave,
    Kind.CMPXCHG_DOUBLE_FAIL: CallLog.failed,
    Kind.CMPXCHG_DOUBLE_CPU_FAIL: CallLog.failed,
}
_ENTERS = frozenset({Kind.ALLOC_ENTER, Kind.FREE_ENTER, Kind.BULK_ALLOC_ENTER, Kind.BULK_FREE_ENTER, Kind.SHRINK_ENTER})
_IGNORED = frozenset(
    {Kind.USE, Kind.RCU_QUEUE, Kind.SOFTIRQ_RAISE, Kind.IRQ_RAISE, Kind.MARK, Kind.GRACE_PERIOD, Kind.PAGE_ALLOC,
     Kind.PAGE_FREE, Kind.KFREE_ENTER, Kind.KMALLOC_ENTER, Kind.KMALLOC_LARGE_ENTER, Kind.KMALLOC_LARGE,
     Kind.KMALLOC_LARGE_FAILED, Kind.KFREE_LARGE, Kind.KMALLOC_ZERO, Kind.KFREE_NOTHING, Kind.KFREE_NO_SLAB,
     Kind.MISTAKE, Kind.WORK_QUEUE, Kind.CALL_SITE,
     Kind.LOOK, Kind.POKE, Kind.POKE_BYTE, Kind.REPEAT, Kind.SET_FREE_POINTER, Kind.ZERO_OBJECT,
     Kind.INIT_OBJECT, Kind.TRACK_ALLOC, Kind.TRACK_FREE, Kind.ADJUST_COUNT, Kind.WRITE, Kind.SLAB_REPORT,
     Kind.FIX_RESTORING, Kind.WRONG_CACHE, Kind.NOT_A_SLAB, Kind.OBJECTS_REMAINING, Kind.CACHE_REMAINS, Kind.STUCK,
     Kind.PANIC, Kind.PAGE_POKE, Kind.PAGE_POKE_BYTE,
     *map(Kind, range(Kind.DEV_REGISTER, Kind.DEVRES_RELEASE + 1)),
     *map(Kind, range(Kind.EXTFRAG, Kind.PCP_TAKE + 1))} - {Kind.PAGE_RECLAIM, Kind.PCP_TAKE}
)  # fmt: skip

Read = Callable[[CallLog, int, Event, int], None]


def _readers() -> list[Read | None]:
    """By kind: how a call log takes an event, or None for what is no part of a call."""
    table: list[Read | None] = [None] * KINDS
    for kind in Kind:
        if kind not in _IGNORED:
            table[kind] = CallLog.enter if kind in _ENTERS else _CONTEXTS.get(kind, CallLog.step)
    return table


_READERS = tuple(_readers())


class Chronicle:
    """What one run's log tells. ``read_to`` is how many events have been read."""

    def __init__(self, log: EventLog, cpus: int) -> None:
        self.log = log
        self.read_to = 0
        self.calls = CallLog(cpus)
        self.tenures: defaultdict[int, Tenures] = defaultdict(Tenures)
        self.cache_of: dict[int, int] = {}
        """Cache of every slab that there has been."""
        self.left_at: dict[int, int] = {}
        """Event that took a slab off the node's partial list -> its place in the list."""
        self.pages: list[int] = []
        """Numbers of the events that the buddy log tells of."""
        self._lists: defaultdict[int, list[int]] = defaultdict(list)

    @property
    def ended(self) -> bool:
        """Whether the whole log has been read."""
        return self.read_to >= len(self.log)

    def read(self, behind: int) -> None:
        """Read at least the events before ``behind``, or all there are."""
        while self.read_to < behind and not self.ended:
            self._read_block(min(self.read_to + max(BLOCK, behind - self.read_to), len(self.log)))

    def _read_block(self, behind: int) -> None:
        log, calls, cache_of, number = self.log, self.calls, self.cache_of, self.read_to
        tick = log.tick_of(number)
        end = log.span(tick)[1]
        for event in log.events(number, behind):
            while number >= end:
                tick += 1
                end = log.span(tick)[1]
            kind, slab = event[0], event[2]
            if kind <= LAST_OF_SLABS:
                if kind == Kind.SLAB_PAGES:
                    cache_of[slab] = event[3]
                cache = cache_of[slab]
                self._of_slab(number, tick, event, cache)
            else:
                cache = slab
                if kind in BUDDY:
                    self.pages.append(number)
                elif kind == Kind.ALLOC_ENTER:
                    self.tenures[cache].ask(event[4], number, tick)
                elif kind == Kind.ALLOC_FAILED:
                    self.tenures[cache].refuse(event[4], tick)
            reader = _READERS[kind]
            if reader is not None:
                reader(calls, number, event, cache)
            number += 1
        self.read_to = behind

    def _of_slab(self, number: int, tick: int, event: Event, cache: int) -> None:
        kind, _, slab, offset, who = event
        if kind in ALLOCS:
            self.tenures[cache].take(who, number, tick)
        elif kind in FREES:
            self.tenures[cache].give(who, (slab, offset), number, tick)
        elif kind == Kind.RCU_QUEUE:
            self.tenures[cache].queue(who, (slab, offset), number)
        on_list = self._lists[cache]
        if kind in _FROM_LIST and slab in on_list:
            self.left_at[number] = on_list.index(slab)
            on_list.remove(slab)
        elif kind in _TO_TAIL or kind in _TO_HEAD:
            if slab in on_list:
                on_list.remove(slab)
            on_list.insert(len(on_list) if kind in _TO_TAIL else 0, slab)

    def last_pages(self, behind: int, count: int) -> list[int]:
        """The last ``count`` events before ``behind`` that the buddy log tells of, the newest first."""
        place = bisect_left(self.pages, behind)
        return self.pages[max(place - count, 0) : place][::-1]
