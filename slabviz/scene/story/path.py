"""The way of the call that is told of, for the code path panel: which steps there are, and how far it is."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.scene.state import PathState, PathStep
from slabviz.scene.story.calls import slab_of
from slabviz.scene.story.facts import Facts
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import is_kmalloc, short_name
from slabviz.scene.story.numbers import slab_id
from slabviz.scene.story.outcome import ALLOC_OUTCOMES, FREE_OUTCOMES
from slabviz.scene.story.pageways import page_way
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.steps import BULK, Step, StepName
from slabviz.scene.story.work import call_text

FAST = "fast"
"""The outcome of a call that one exchange decided."""


def path_state(
    m: Moment, lit: Spot | None, all_steps: tuple[Step, ...], fast: tuple[int, Facts] | None
) -> PathState | None:  # fmt: skip
    """The lit call's way, or the fast one's; None when nothing is told of, or what has no flowchart."""
    if lit is not None:
        return _slow(m, lit, all_steps)
    return page_way(m) if fast is None else _fast(m, *fast)


def _slow(m: Moment, lit: Spot, all_steps: tuple[Step, ...]) -> PathState | None:
    if lit.outcome not in ALLOC_OUTCOMES | FREE_OUTCOMES or lit.call.kind in BULK:
        return None
    call = lit.call
    return PathState(
        free=lit.outcome in FREE_OUTCOMES,
        call=call_text(m, call).partition(" ")[0],
        who=short_name(m.actor(call.actor or call.who)) if call.actor or call.who else f"CPU{call.cpu}",
        outcome=lit.outcome.value,
        steps=tuple(PathStep(step.name.value, step.number, step.when) for step in all_steps),
        cache=m.cache.name,
        kmalloc=is_kmalloc(m.cache.name),
        slab=slab_id(slab_of(call)),
    )


def _fast(m: Moment, kind: int, known: Facts) -> PathState:
    """A fast call is over as soon as it is seen; while its object flies it is being handed over."""
    free = kind == Kind.FREE_FASTPATH
    flying = bool(known["flying"])
    names = (StepName.OBJECT,) if free else (StepName.FREELIST, StepName.RETURN)
    last = len(names) - 1
    return PathState(
        free=free,
        call=str(known["call"]).partition(" ")[0],
        who=str(known["who"]),
        outcome=FAST,
        steps=tuple(
            PathStep(name.value, number + 1, "now" if flying and number == last else "done")
            for number, name in enumerate(names)
        ),
        cache=m.cache.name,
        kmalloc=is_kmalloc(m.cache.name),
        slab=str(known["slab"]),
    )
