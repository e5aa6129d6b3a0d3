"""What expectations and chapters can count, by name, and how a log answers: statistics and other events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.model.events import Kind
from slabviz.model.events.kinds import ASKS, LAST_OF_PAGES, PATH_ENTERS
from slabviz.model.events.statistics import STATISTICS, Rows, cache_of_each
from slabviz.model.lock import NAMED_LOCKS
from slabviz.model.log import EventLog
from slabviz.timeline.lock_spans import lock_spans

Marked = npt.NDArray[np.bool_]
"""One truth for each row."""

_SIMPLE: dict[str, tuple[Kind, ...]] = {
    "alloc_failed": (Kind.ALLOC_FAILED,),
    "discard": (Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU),
    "lock_wait": (Kind.LOCK_WAIT,),
    "interrupt": (Kind.IRQ_ENTER,),
    "softirq": (Kind.SOFTIRQ_ENTER,),
    "grace_period": (Kind.GRACE_PERIOD,),
    "rcu_queue": (Kind.RCU_QUEUE,),
    "shrink": (Kind.SHRINK_ENTER,),
    "cache_created": (Kind.CACHE_READY,),
    "cache_destroyed": (Kind.CACHE_GONE,),
    "cache_zombie": (Kind.CACHE_ZOMBIE,),
    "tune": (Kind.TUNE_MIN_PARTIAL, Kind.TUNE_CPU_PARTIAL),
    "cpu_offline": (Kind.CPU_OFFLINE,),
    "cpu_online": (Kind.CPU_ONLINE,),
    "bulk_alloc": (Kind.BULK_ALLOC_ENTER,),
    "bulk_free": (Kind.BULK_FREE_ENTER,),
    "page_alloc_failed": (Kind.PAGE_ALLOC_FAILED,),
    "kswapd_wake": (Kind.KSWAPD_WAKE,),
    "direct_reclaim": (Kind.DIRECT_RECLAIM,),
    "page_reclaim": (Kind.PAGE_RECLAIM,),
    "shrink_free": (Kind.SHRINK_FREE,),
    "second_chance": (Kind.SHRINK_ROTATE,),
    "steal": (Kind.EXTFRAG,),
    "drain_all": (Kind.DRAIN_ALL_PAGES,),
    "oom": (Kind.OOM_KILL,),
    "oom_panic": (Kind.OOM_PANIC,),
    "sleep_in_atomic": (Kind.MIGHT_SLEEP_BUG,),
    "buddy_split": (Kind.BUDDY_SPLIT,),
    "buddy_merge": (Kind.BUDDY_MERGE,),
    "stuck": (Kind.STUCK,),
    "kmalloc": (Kind.KMALLOC_ENTER, Kind.KMALLOC_LARGE_ENTER, Kind.KMALLOC_ZERO),
    "kfree": (Kind.KFREE_ENTER, Kind.KFREE_LARGE, Kind.KFREE_NOTHING, Kind.KFREE_NO_SLAB),
    "kmalloc_large": (Kind.KMALLOC_LARGE,),
    "kmalloc_zero": (Kind.KMALLOC_ZERO,),
    "kfree_large": (Kind.KFREE_LARGE,),
    "kfree_nothing": (Kind.KFREE_NOTHING,),
    "dev_kmalloc": (Kind.DEV_KMALLOC_ENTER,),
    "dev_kfree": (Kind.DEV_KFREE_ENTER,),
    "bad_magic": (Kind.DEV_BAD_MAGIC,),
    "devm_not_found": (Kind.DEVM_NOT_FOUND,),
    "devres_release": (Kind.DEVRES_RELEASE,),
    "mistake": (Kind.MISTAKE,),
    "write": (Kind.WRITE,),
    "work": (Kind.WORK_QUEUE,),
    "wrong_cache": (Kind.WRONG_CACHE,),
    "slab_report": (Kind.SLAB_REPORT,),
    "oops": (Kind.OOPS,),
    "panic": (Kind.PANIC,),
}

_ALLOCATIONS = (Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW)
_FREES = (
    Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.BULK_PUSH, Kind.BULK_FREE,
    Kind.DEBUG_FREE_FULL,
)  # fmt: skip


def _is(kinds: npt.NDArray[np.int32], wanted: Iterable[int]) -> Marked:
    return np.isin(kinds, np.array([int(kind) for kind in wanted], dtype=np.int32))


def _of(*kinds: Kind) -> Callable[[Rows], Marked]:
    return lambda rows: _is(rows[:, 0], kinds)


def _remote_frees(rows: Rows) -> Marked:
    """Frees by another CPU than the one that allocated the object."""
    taken_by: dict[tuple[int, int], int] = {}
    found = np.zeros(len(rows), dtype=bool)
    for number in np.flatnonzero(_is(rows[:, 0], _ALLOCATIONS + _FREES)).tolist():
        kind, cpu, slab, offset, _ = rows[number].tolist()
        if kind in _ALLOCATIONS:
            taken_by[slab, offset] = cpu
        else:
            found[number] = taken_by.pop((slab, offset), cpu) != cpu
    return found


def _softirq_frees(rows: Rows) -> Marked:
    """Frees made while the CPU runs a softirq."""
    inside: dict[int, int] = {}
    found = np.zeros(len(rows), dtype=bool)
    watched = (*_FREES, Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT)
    for number in np.flatnonzero(_is(rows[:, 0], watched)).tolist():
        kind, cpu = rows[number, :2].tolist()
        if kind in (Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT):
            inside[cpu] = inside.get(cpu, 0) + (1 if kind == Kind.SOFTIRQ_ENTER else -1)
        else:
            found[number] = inside.get(cpu, 0) > 0
    return found


# Events that a call of the allocator yields after it has begun.
_INSIDE = frozenset(kind for kind in Kind if kind <= LAST_OF_PAGES) - PATH_ENTERS - ASKS - {Kind.RCU_QUEUE, Kind.USE}


@dataclass(slots=True)
class _Level:
    """One thing that runs on a CPU: whether its last call may go on, and the interrupt that it waits for the end of."""

    in_call: bool = False
    broken_by: int = -1


def _interrupts_in_path(rows: Rows) -> Marked:
    """Interrupts that broke into a call of the allocator: the work below goes on with that very call afterwards."""
    stacks: dict[int, list[_Level]] = {}
    found = np.zeros(len(rows), dtype=bool)
    for number, (kind, cpu, *_) in enumerate(rows.tolist()):
        stack = stacks.setdefault(cpu, [_Level()])
        if kind in (Kind.IRQ_ENTER, Kind.SOFTIRQ_ENTER):
            if kind == Kind.IRQ_ENTER and stack[-1].in_call and stack[-1].broken_by < 0:
                stack[-1].broken_by = number
            stack.append(_Level())
        elif kind in (Kind.IRQ_EXIT, Kind.SOFTIRQ_EXIT):
            stack.pop()
        elif kind not in (Kind.IRQ_RAISE, Kind.SOFTIRQ_RAISE, Kind.GRACE_PERIOD, Kind.TASK_START, Kind.WORK_QUEUE):
            level = stack[-1]
            goes_on = kind in _INSIDE
            if level.broken_by >= 0 and goes_on:
                found[level.broken_by] = True
            level.broken_by = -1
            level.in_call = kind in PATH_ENTERS or (level.in_call and goes_on)
    return found


def _pages_of_slabs(rows: Rows, wanted: Kind) -> Marked:
    """Page sets taking in (PCP_FREE) or passing on to the buddy system (PCP_DRAIN) what was a slab."""
    from_slab: dict[int, bool] = {}
    in_sets = set[int]()
    found = np.zeros(len(rows), dtype=bool)
    watched = (
        Kind.DISCARD_SLAB, Kind.RCU_FREE_SLAB, Kind.PAGE_FREE, Kind.PCP_FREE, Kind.PCP_ALLOC, Kind.PCP_DRAIN,
    )  # fmt: skip
    for number in np.flatnonzero(_is(rows[:, 0], watched)).tolist():
        kind, cpu, _, pfn, _ = rows[number].tolist()
        if kind in (Kind.DISCARD_SLAB, Kind.RCU_FREE_SLAB, Kind.PAGE_FREE):
            from_slab[cpu] = kind != Kind.PAGE_FREE
            continue
        if kind == Kind.PCP_FREE and from_slab.get(cpu, False):
            in_sets.add(pfn)
        found[number] = kind == wanted and pfn in in_sets
        if kind != Kind.PCP_FREE:
            in_sets.discard(pfn)
    return found


def _list_locks(rows: Rows) -> Marked:
    """A list_lock is taken (the zones' locks count down from -1, those of scenarios have names)."""
    return _is(rows[:, 0], (Kind.LOCK,)) & (rows[:, 2] >= 0) & (rows[:, 2] < NAMED_LOCKS)


def _caches(rows: Rows) -> npt.NDArray[np.int64]:
    """The cache that each event is about; a list_lock has the id of its cache."""
    caches = cache_of_each(rows)
    locks = _is(rows[:, 0], (Kind.LOCK, Kind.LOCK_WAIT)) & (rows[:, 2] >= 0) & (rows[:, 2] < NAMED_LOCKS)
    caches[locks] = rows[locks, 2]
    return caches


WAITED = "lock_wait_tick"
"""The one event that happens at several ticks of one row."""

EVENTS: dict[str, Callable[[Rows], Marked]] = {
    "lock": _list_locks,
    WAITED: _of(Kind.LOCK_WAIT),
    **{name: _of(*kinds) for name, kinds in _SIMPLE.items()},
    "remote_free": _remote_frees,
    "softirq_free": _softirq_frees,
    "interrupt_in_path": _interrupts_in_path,
    "pages_to_page_set": lambda rows: _pages_of_slabs(rows, Kind.PCP_FREE),
    "pages_to_buddy": lambda rows: _pages_of_slabs(rows, Kind.PCP_DRAIN),
}
"""Other things that happen, by name: which rows of a log are they."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """When something happened: ticks in order, the cache of each (-1: none), and its CPU."""

    ticks: npt.NDArray[np.int64]
    caches: npt.NDArray[np.int64]
    cpus: npt.NDArray[np.int32]

    def within(self, first: int, last: int, cache: int | None, cpu: int | None = None) -> npt.NDArray[np.int64]:
        """The ticks of those from first to last, in a cache (None: in any), on a CPU (None: on any)."""
        chosen = (self.ticks >= first) & (self.ticks <= last)
        if cache is not None:
            chosen &= self.caches == cache
        if cpu is not None:
            chosen &= self.cpus == cpu
        return self.ticks[chosen]


class Tally:
    """Counts of one log; each name is looked up once."""

    def __init__(self, log: EventLog) -> None:
        self.rows: Rows = log.matrix()
        starts = np.frombuffer(log.starts, dtype=np.int32) if log.ticks else np.zeros(0, dtype=np.int32)
        self.tick_of_row = np.searchsorted(starts, np.arange(len(self.rows)), side="right") - 1
        self.cache_of_row = _caches(self.rows)
        self.log = log
        self._found: dict[str, Occurrences] = {}

    def occurrences(self, name: str) -> Occurrences:
        """When an event or statistic happened. Raises KeyError for a name that is neither."""
        if name not in self._found:
            self._found[name] = self._waited() if name == WAITED else self._rows_of(name)
        return self._found[name]

    def _rows_of(self, name: str) -> Occurrences:
        rows = _is(self.rows[:, 0], STATISTICS[name]) if name in STATISTICS else EVENTS[name](self.rows)
        return self._at(rows)

    def _at(self, rows: Marked) -> Occurrences:
        return Occurrences(self.tick_of_row[rows], self.cache_of_row[rows], self.rows[rows, 1])

    def marks(self, number: int) -> Occurrences:
        """When a word of MARK events was put on the timeline."""
        return self._at((self.rows[:, 0] == Kind.MARK) & (self.rows[:, 3] == number))

    def _waited(self) -> Occurrences:
        """One for each tick that a CPU spins for a lock."""
        spans = lock_spans(self.log)
        ticks = [np.arange(first, first + count) for first, count in zip(spans.began, spans.ticks, strict=True)]
        caches = np.repeat(self.cache_of_row[spans.rows], spans.ticks)
        found = np.concatenate(ticks) if ticks else np.zeros(0, dtype=np.int64)
        cpus = np.repeat(self.rows[spans.rows, 1], spans.ticks)
        order = np.argsort(found, kind="stable")
        return Occurrences(found[order], caches[order], cpus[order])

    def whole(self, name: str) -> Occurrences:
        """What a statistic is a share of: all allocations, or all frees."""
        kinds = _FREES if name.startswith("FREE") or name.endswith("free") else _ALLOCATIONS
        return self._at(_is(self.rows[:, 0], kinds))
