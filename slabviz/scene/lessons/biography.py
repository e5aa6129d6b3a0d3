"""How far a cache's life is at a tick, and what has happened in it (syllabus E1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.model.machine import Machine
from slabviz.timeline.run import Run


class Stage(Enum):
    """A state in the picture; ready and in use are the kernel's one state, told apart by whether there are slabs."""

    NONE = "none"
    OPENING = "opening"
    READY = "ready"
    IN_USE = "in_use"
    SHRINKING = "shrinking"
    CLOSING = "closing"
    ZOMBIE = "zombie"
    GONE = "gone"


DEEDS: dict[Kind, str] = {
    Kind.CACHE_OPEN: "open", Kind.CACHE_NODE: "node", Kind.CACHE_CPUS: "cpus", Kind.CACHE_READY: "ready",
    Kind.TUNE_MIN_PARTIAL: "min_partial", Kind.TUNE_CPU_PARTIAL: "cpu_partial", Kind.DO_SHRINK: "shrink",
    Kind.CACHE_CLOSE: "close", Kind.CACHE_REMAINS: "remains", Kind.CACHE_ZOMBIE: "zombie", Kind.CACHE_GONE: "gone",
}  # fmt: skip
"""Events of a cache that belong to its life, with their texts in the catalogue (``views.life.deed.…``)."""
FIRST_SLAB = "slab"
_STAGE_OF: dict[str, Stage] = {
    "open": Stage.OPENING, "ready": Stage.READY, FIRST_SLAB: Stage.IN_USE, "shrink": Stage.SHRINKING,
    "close": Stage.CLOSING, "zombie": Stage.ZOMBIE, "gone": Stage.GONE,
}  # fmt: skip


@dataclass(slots=True, frozen=True)
class Deed:
    """Something that happened to a cache; ``arg`` as in the event."""

    tick: int
    name: str
    arg: int = 0


@dataclass(slots=True, frozen=True)
class Biography:
    """A cache at a tick. ``visited`` has the stages that it has been through; ``deeds`` also what is still to come."""

    name: str
    at_boot: bool
    stage: Stage
    visited: frozenset[Stage]
    deeds: tuple[Deed, ...]
    past: int
    """So many of the deeds have happened."""
    node: bool
    cpus: int
    """How many CPUs have their part; 0 while there is none."""
    listed: bool
    """Whether it is on the list of caches (/proc/slabinfo)."""
    slabs: int
    pages: int
    held: int


def biography(run: Run, machine: Machine, cache: KmemCache, tick: int) -> Biography:
    """What is known of a cache after a tick."""
    deeds = deeds_of(run, cache.id)
    past = sum(deed.tick <= tick for deed in deeds)
    done = {deed.name for deed in deeds[:past]}
    at_boot = run.config.caches[cache.id].at_boot
    own = [slab for slab in machine.slabs.values() if slab.cache is cache]
    stage = _stage(run, machine, cache, tick)
    visited = {_STAGE_OF[name] for name in done if name in _STAGE_OF} | {stage}
    parts = at_boot or cache.state in (CacheState.READY, CacheState.CLOSING, CacheState.ZOMBIE)
    alive = cache.state not in (CacheState.NONE, CacheState.GONE)
    return Biography(
        cache.name, at_boot, stage, frozenset(visited | {Stage.READY if at_boot else Stage.NONE}), deeds, past,
        alive and (parts or "node" in done),
        len(machine.cpus) if alive and (parts or "cpus" in done) else 0,
        alive and cache.state is not CacheState.OPENING,
        len(own), sum(1 << slab.order for slab in own), sum(len(slab.owners) for slab in own),
    )  # fmt: skip


def deeds_of(run: Run, cache: int) -> tuple[Deed, ...]:
    """Everything that happens to a cache in a run, in order."""
    rows, log = run.log.matrix(), run.log
    kinds = rows[:, 0]
    numbers = np.flatnonzero(np.isin(kinds, [int(kind) for kind in DEEDS]))
    deeds = [
        Deed(log.tick_of(int(number)), DEEDS[Kind(int(kinds[number]))], int(rows[number, 3]))
        for number in numbers if rows[number, 2] == cache
    ]  # fmt: skip
    made = np.flatnonzero((kinds == Kind.SLAB_PAGES) & (rows[:, 3] == cache))
    if len(made):
        deeds.append(Deed(log.tick_of(int(made[0])), FIRST_SLAB, int(rows[made[0], 2])))
    return tuple(sorted(deeds, key=lambda deed: deed.tick))


def _stage(run: Run, machine: Machine, cache: KmemCache, tick: int) -> Stage:
    if cache.state is not CacheState.READY:
        return Stage[cache.state.name]
    if _is_shrinking(run, machine, cache, tick):
        return Stage.SHRINKING
    return Stage.IN_USE if cache.node.nr_slabs else Stage.READY


def _is_shrinking(run: Run, machine: Machine, cache: KmemCache, tick: int) -> bool:
    """Whether somebody is inside ``kmem_cache_shrink``: up to the unlock after its look through the list, or until the
    slabs in its hands are given back. A context remembers its call for longer."""
    calls = [(each, each.call) for each in machine.contexts()]
    inside = [each for each, call in calls if call is not None and call[:2] == (Kind.SHRINK_ENTER, cache.id)]
    if not inside or any(each.hand.discards or each.hand.block is not None for each in inside):
        return bool(inside)
    rows = run.log.matrix()[: run.log.span(tick)[1]]
    own = rows[:, 2] == cache.id
    entered = np.flatnonzero(own & (rows[:, 0] == Kind.SHRINK_ENTER))[-1]
    looks = np.flatnonzero(own[entered:] & (rows[entered:, 0] == Kind.DO_SHRINK))
    if not len(looks):
        return True
    look = entered + looks[0]
    after = rows[look:]
    return not (own[look:] & (after[:, 0] == Kind.UNLOCK) & (after[:, 1] == rows[look, 1])).any()
