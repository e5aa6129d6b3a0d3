"""The steps as signposts on the stage: beside the places that are tried, and those that receive."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.events import Kind
from slabviz.scene.state import Key, Signpost
from slabviz.scene.story.calls import Call, slab_of
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.outcome import Outcome
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.steps import Step, StepName


def signposts(m: Moment, lit: Spot | None, all_steps: Sequence[Step]) -> tuple[Signpost, ...]:
    """The steps as signposts: upper edge for a place that was tried, lower edge for one that receives."""
    if lit is None:
        return ()
    posts = []
    for step in all_steps:
        place, edge = _place(m, lit, step.name)
        posts.append(Signpost(step.number, step.when, place, edge))
    return tuple(posts)


def _place(m: Moment, lit: Spot, name: StepName) -> tuple[Key, str]:
    call = lit.call
    if name is StepName.INSTALL:
        return ("chip" if lit.outcome is Outcome.REFILL else "active", call.cpu), "lower"
    if name is StepName.RETURN:
        return ("holder", call.who), "lower"
    if name is StepName.OBJECT:
        return ("slab", call.slab), "lower"
    if name is StepName.TAKE:
        return ("slab", slab_of(call)), "lower"
    if name is StepName.SLAB:
        return _slab_place(lit), "upper"
    return _tried_place(m, call, name), "upper"


def _tried_place(m: Moment, call: Call, name: StepName) -> Key:
    if name in (StepName.PARTIAL, StepName.LOCK):
        return ("partial",)
    if name is StepName.BUDDY:
        return _pages_place(m, call)
    return _OF_CPU[name], call.cpu


_OF_CPU = {StepName.FREELIST: "chip", StepName.ACTIVE: "active", StepName.PARKED: "parked"}


def _slab_place(lit: Spot) -> Key:
    """Where a slab goes that an object was freed into."""
    if lit.outcome in (Outcome.PARK, Outcome.DRAIN):
        return "parked", lit.call.cpu
    if lit.outcome is Outcome.DISCARD:
        return ("partial",)
    return "slab", lit.call.slab


def _pages_place(m: Moment, call: Call) -> Key:
    """The column that a new slab's pages come from, or the CPU's page set if that had them."""
    for _, kind, order, _ in call.marks:
        if kind == Kind.BUDDY_TAKE:
            return "order", order
        if kind == Kind.PCP_ALLOC:
            return "pcp", call.cpu
    return "order", m.cache.geometry.oo_order
