"""From the model's events to the words of a recording: the fields ``ev`` and ``path``.

``ev`` lists the slow-path functions the kernel entered; each leaves one event of the model behind, or is the reason for
the one that follows (___slab_alloc, unfreeze_partials or __put_partials).
"""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.era import Era
from slabviz.model.events import Event, Kind

#: Kind of event -> entries of ``ev``; {} is the slab's id (of a failed page allocation: its order).
EV: dict[int, tuple[str, ...]] = {
    Kind.ALLOC_FROM_PARTIAL: ("get_partial_node",),
    Kind.SLAB_PAGES: ("page_alloc:{}",),
    Kind.PAGE_ALLOC_FAILED: ("page_alloc_failed:order{}",),
    Kind.FREE_FROZEN: ("slow_free:{}",),
    Kind.FREE_TO_PARTIAL: ("slow_free:{}",),
    Kind.CPU_PARTIAL_FREE: ("slow_free:{}",),
    Kind.CPU_PARTIAL_NODE: ("put_cpu_partial:{}:nodrain",),
    Kind.PUT_CPU_PARTIAL: ("put_cpu_partial:{}:drain",),
    Kind.DISCARD_SLAB: ("discard_slab:{}", "page_free:{}"),
}

#: Events inside ___slab_alloc: the first of a call stands for its entry, LOAD_FREELIST is always its last.
SLOW_ALLOC = frozenset({
    Kind.DEACTIVATE_BYPASS, Kind.ALLOC_REFILL, Kind.CPU_PARTIAL_ALLOC, Kind.ALLOC_FROM_PARTIAL, Kind.SLAB_PAGES,
    Kind.PAGE_ALLOC_FAILED, Kind.ALLOC_FAILED, Kind.LOAD_FREELIST,
})  # fmt: skip

#: Events inside allocate_slab: the first of them stands for its entry.
ALLOCATE_SLAB = frozenset({Kind.PAGE_ALLOC_FAILED, Kind.SLAB_PAGES})

#: Events inside unfreeze_partials (__put_partials), one for each slab of the stack that a drain has taken in hand.
UNFREEZE = frozenset({Kind.UNFREEZE_PARTIAL, Kind.UNFREEZE_EMPTY})

#: ``path`` of an allocation: the first of these kinds that occurred.
ALLOC_PATHS = (
    (Kind.ALLOC_FASTPATH, "fast"),
    (Kind.SLAB_PAGES, "new_slab"),
    (Kind.ALLOC_FROM_PARTIAL, "node_partial"),
    (Kind.CPU_PARTIAL_ALLOC, "cpu_partial"),
    (Kind.ALLOC_REFILL, "refill"),
)

#: What follows "slow" in the ``path`` of a free, in this order.
FREE_PATHS = (
    (Kind.PUT_CPU_PARTIAL, "+to_cpu_partial"),
    (Kind.CPU_PARTIAL_DRAIN, "+drain"),
    (Kind.DISCARD_SLAB, "+discard"),
)


def slow_path_entries(events: Sequence[Event], era: Era) -> list[str]:
    """The field ``ev`` of one operation (not of a shrink, where the CPUs' flushes overlap)."""
    entries: list[str] = []
    in_slow_alloc = in_allocate_slab = draining = False
    for kind, _, slab, _, _ in events:
        if kind in SLOW_ALLOC:
            if not in_slow_alloc:
                entries.append("slow_alloc")
            in_slow_alloc = kind not in (Kind.LOAD_FREELIST, Kind.ALLOC_FAILED)
            if kind in ALLOCATE_SLAB and not in_allocate_slab:
                entries.append("allocate_slab")
            in_allocate_slab = kind == Kind.PAGE_ALLOC_FAILED
        elif kind == Kind.CPU_PARTIAL_DRAIN:
            draining = True
        elif draining and kind in UNFREEZE:
            entries.append(f"{era.put_partials}:{slab}")
            draining = False
        entries.extend(entry.format(slab) for entry in EV.get(kind, ()))
    return entries


def alloc_path(events: Sequence[Event]) -> str | None:
    """The field ``path`` of a single allocation; None when it failed."""
    kinds = {event[0] for event in events}
    return next((path for kind, path in ALLOC_PATHS if kind in kinds), None)


def free_path(events: Sequence[Event]) -> str:
    """The field ``path`` of a single free."""
    kinds = {event[0] for event in events}
    if Kind.FREE_FASTPATH in kinds:
        return "fast"
    return "slow" + "".join(path for kind, path in FREE_PATHS if kind in kinds)
