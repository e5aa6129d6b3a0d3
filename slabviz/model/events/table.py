"""One table from kind to the function that applies an event: the only code that changes a machine."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.model.events.kinds import KINDS, Kind
from slabviz.model.machine import Machine

Apply = Callable[[Machine, int, int, int, int], None]
"""(machine, cpu, slab, arg, who), as in the event."""


def _unknown(machine: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    raise KeyError(f"event of a kind that this version does not know: cpu {cpu}, slab {slab}, arg {arg}, who {who}")


def _only_told(machine: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    """For events that are part of the story and change nothing."""


APPLY: list[Apply] = [_unknown] * KINDS
"""Indexed by kind; complete once ``slabviz.model.events`` is imported."""


def applies(*kinds: Kind) -> Callable[[Apply], Apply]:
    """Decorator: this function applies events of these kinds."""

    def enter(function: Apply) -> Apply:
        for kind in kinds:
            APPLY[kind] = function
        return function

    return enter


applies(
    Kind.FREE_SLOWPATH, Kind.CMPXCHG_DOUBLE_FAIL, Kind.CMPXCHG_DOUBLE_CPU_FAIL, Kind.ALLOC_SLOWPATH, Kind.ALLOC_FAILED,
    Kind.ORDER_FALLBACK, Kind.DO_SHRINK, Kind.ALLOC_NODE, Kind.RCU_QUEUE, Kind.USE, Kind.PAGE_ALLOC_FAILED,
    Kind.SOFTIRQ_RAISE, Kind.MARK, Kind.GRACE_PERIOD, Kind.CACHE_NODE, Kind.CACHE_CPUS, Kind.WRITE,
    Kind.SLAB_REPORT, Kind.FIX_RESTORING, Kind.FIX_NOT_FREED,
    Kind.WRONG_CACHE, Kind.NOT_A_SLAB, Kind.OBJECTS_REMAINING, Kind.CACHE_REMAINS,
    Kind.STUCK, Kind.PANIC,
)(_only_told)  # fmt: skip
applies(
    Kind.KFREE_ENTER, Kind.KMALLOC_ENTER, Kind.KMALLOC_LARGE_ENTER, Kind.KMALLOC_LARGE_FAILED, Kind.KMALLOC_ZERO,
    Kind.KFREE_NOTHING, Kind.KFREE_NO_SLAB, Kind.MISTAKE, Kind.WORK_QUEUE, Kind.CALL_SITE,
    Kind.EXTFRAG, Kind.KSWAPD_WAKE, Kind.DIRECT_RECLAIM, Kind.DIRECT_RECLAIM_END, Kind.SHRINK_SLAB, Kind.SHRINK_ROTATE,
    Kind.SHRINK_FREE, Kind.DRAIN_ALL_PAGES, Kind.OOM_INVOKED, Kind.OOM_KILL, Kind.OOM_PANIC,
    Kind.MIGHT_SLEEP_BUG,
    Kind.DEV_REGISTER, Kind.DEV_KMALLOC_ENTER, Kind.DEV_KFREE_ENTER, Kind.DEV_BAD_MAGIC, Kind.DEVM_KMALLOC_ENTER,
    Kind.DEVM_KFREE_ENTER, Kind.DEVM_NOT_FOUND, Kind.DEVRES_RELEASE,
)(_only_told)  # fmt: skip
