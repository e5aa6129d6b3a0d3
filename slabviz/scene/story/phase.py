"""Which sentence a lit call gets at this instant: the keys of the catalogue by outcome and step."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.lock import DEAD
from slabviz.model.slab import NULL
from slabviz.scene.story.calls import ALLOCS, FREES
from slabviz.scene.story.facts import owner_of
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.outcome import ALLOC_OUTCOMES, DEBUG_ALLOCS, FREE_OUTCOMES, Outcome
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.steps import BULK, Step, StepName, marks_until


def phase(m: Moment, lit: Spot, step: Step | None) -> str:
    """The key of the sentence for what happens now."""
    call = lit.call
    if call.runs_at(m.behind):
        stack = m.machine.cpus[call.cpu].stack
        if len(stack) > call.depth + 1 and stack[-1].call is not None:  # else it is over before it could be read
            return "interrupted"
        if call.cpu in m.cache.node.list_lock.waiters:
            return "lock_dead" if m.cache.node.list_lock.holder == DEAD else "lock"
    if call.kind in BULK and lit.outcome is not Outcome.FAILED:
        over = "" if call.runs_at(m.behind) else "_done"
        return f"bulk.{'alloc' if call.kind == Kind.BULK_ALLOC_ENTER else 'free'}{over}"
    if lit.outcome in DEBUG_ALLOCS:
        return f"debug.{step.name.value if step is not None else 'done'}"
    if lit.outcome in ALLOC_OUTCOMES:
        return _alloc_phase(m, lit, step)
    if lit.outcome in FREE_OUTCOMES:
        return _free_phase(m, lit, step)
    return lit.outcome.value


def _alloc_phase(m: Moment, lit: Spot, step: Step | None) -> str:
    if step is None:
        if lit.outcome is Outcome.FAILED:
            return "failed"
        return "alloc.done" if m.cache.cpu_slab[lit.call.cpu].freelist != NULL else "alloc.done_last"
    if step.name is StepName.INSTALL:
        more = lit.outcome is Outcome.NODE and any(mark[1] == Kind.CPU_PARTIAL_NODE for mark in lit.call.marks)
        return f"alloc.install.{lit.outcome.value}{'_more' if more else ''}"
    if lit.outcome is Outcome.LOCAL and step.name is StepName.RETURN:
        return "alloc.local"
    if step.name is StepName.RETURN and not any(mark[1] in ALLOCS for mark in marks_until(m, lit.call)):
        return "alloc.load"
    if step.name is StepName.PARTIAL and not m.cache.node.nr_partial:
        return "alloc.partial_empty"
    if step.name is StepName.ACTIVE and m.cache.cpu_slab[lit.call.cpu].slab is None:
        return "alloc.no_active"
    return f"alloc.{step.name.value}"


def _free_phase(m: Moment, lit: Spot, step: Step | None) -> str:
    if step is not None and step.name is StepName.OBJECT:
        given = any(mark[1] in FREES for mark in marks_until(m, lit.call))
        looks = "debug.free" if m.cache.debug else "free.looks"
        return "free.object" if given else looks
    outcome = lit.outcome
    if outcome is Outcome.FROZEN:
        _, how = owner_of(m, lit.call.slab)
        return f"free.frozen_{how}" if how else "free.stays"
    if outcome in (Outcome.KEPT, Outcome.PARTIAL):
        return f"free.{_where_it_stays(m, lit)}"
    if outcome is Outcome.DISCARD and any(mark[1] == Kind.DISCARD_SLAB_RCU for mark in lit.call.marks):
        return "free.discard_rcu"
    return f"free.{outcome.value}{'_done' if step is None and outcome in _HAVE_PAST else ''}"


def _where_it_stays(m: Moment, lit: Spot) -> str:
    """A slab that was not frozen and has not moved: on the node's list, since 6.8 maybe parked, or on its way."""
    id = lit.call.slab
    slab = m.machine.slabs.get(id)
    empty = lit.outcome is Outcome.KEPT and slab is not None and slab.inuse == 0
    if not m.machine.era.parked_are_frozen and id not in m.cache.node.partial:
        parked = owner_of(m, id)[1] == "parked"
        if parked and empty:
            return "parked_empty"
        return "parked" if parked and lit.outcome is Outcome.PARTIAL else "stays"
    return "kept" if empty else "partial"


_HAVE_PAST = frozenset({Outcome.PARK, Outcome.DRAIN, Outcome.DISCARD})
