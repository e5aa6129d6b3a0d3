"""Questions with their answers: what the model says at a tick, between answers that could be right but are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL, Slab
from slabviz.scenario.shows import choose
from slabviz.scenario.states import caches_of, happened, holds, measured
from slabviz.scenario.story import AnswerSpec, AskSpec, ChoiceSpec, Comparison, EventTest, StateTest
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Run
from slabviz.timeline.showing import Choice, Question

LISTS = ("active", "parked", "partial", "none", "gone")
"""Where a slab can be: a CPU's own, on a CPU's partial list, on the node's, on no list, given back."""

STATES = ("full", "partial", "empty")

ALLOC_PATHS = ("fast", "refill", "parked", "partial", "new")
"""Where the next object comes from: the CPU's freelist, its slab's own freelist (objects freed by others), a parked
slab, the node's list, new pages."""

FREE_PATHS = ("fast", "frozen", "park", "stay", "discard")
"""What a free does: onto the CPU's freelist; into a slab that some CPU owns; a full slab is parked; the slab stays on
the node's list; it was the last object and the pages go back."""

NEAR = 4
"""Numbers that a reader can choose from."""


def question(run: Run, spec: AskSpec, tick: int, tally: Tally) -> Question | None:
    """The question of a chapter or step at a tick; None where the run has no answer: no such slab, or it ends before.

    Without ``after`` it is asked one tick ahead, so that what happens at ``tick`` is the answer.
    """
    asked, reveal = (tick, tick + spec.after) if spec.after else (max(tick - 1, 0), tick)
    if reveal > run.last_tick:
        return None
    found = _ANSWERS[spec.answer.kind](run, spec.answer, asked, reveal, tally)
    if found is None:
        return None
    choices, right = found
    return Question(asked, dict(spec.question), tuple(choices), right, reveal)


Found = tuple[list[Choice], int] | None


def _among(kind: str, words: Sequence[str], right: str) -> Found:
    return [Choice(f"{kind}.{word}", {}, {}) for word in words], words.index(right)


def _chosen(run: Run, spec: AnswerSpec, asked: int, reveal: int) -> Slab | None:
    """The slab that is meant: as it stands when it is asked about, or, if it is new, when the answer is shown."""
    number = run.shown_at(asked).cache or run.about.stage_cache
    named = [cache.id for cache in caches_of(run.machine_at(asked), spec.cache)] if spec.cache else [number]
    for tick in (asked, reveal):
        found = choose(run, spec.choice or ChoiceSpec("newest"), tick, named[0]) if named else None
        if found is not None:
            return found[0]
    return None


def _list(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    chosen = _chosen(run, spec, asked, reveal)
    return None if chosen is None else _among("list", LISTS, list_of(run.machine_at(reveal), chosen.id))


def _state(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    chosen = _chosen(run, spec, asked, reveal)
    slab = None if chosen is None else run.machine_at(reveal).slabs.get(chosen.id)
    return None if slab is None else _among("state", STATES, state_of(slab))


def _free_path(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    chosen = _chosen(run, spec, asked, reveal)
    slab = None if chosen is None else run.machine_at(asked).slabs.get(chosen.id)
    if slab is None or slab.cache.debug:  # a debug cache has another way to free, which these words do not tell
        return None
    return _among("free_path", FREE_PATHS, free_path(slab, spec.cpu or 0))


def _alloc_path(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    caches = caches_of(run.machine_at(asked), spec.cache)
    return _among("alloc_path", ALLOC_PATHS, alloc_path(caches[0], spec.cpu or 0)) if caches else None


def _number(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    test = StateTest(spec.measure or "", spec.cache, Comparison("==", 0), spec.cpu)
    right = measured(run.machine_at(reveal), test)
    numbers = numbers_near(right, measured(run.machine_at(asked), test))
    return [Choice("number", {"number": number}, {}) for number in numbers], numbers.index(right)


def _holds(run: Run, spec: AnswerSpec, asked: int, reveal: int, tally: Tally) -> Found:
    machine = run.machine_at(reveal)
    truths = [
        bool(len(happened(run, tally, test, asked + 1, reveal)))
        if isinstance(test, EventTest)
        else holds(test.comparison, measured(machine, test))
        for test in spec.tests
    ]
    return _among("holds", ("yes", "no"), "yes" if all(truths) else "no")


_ANSWERS: dict[str, Callable[[Run, AnswerSpec, int, int, Tally], Found]] = {
    "list": _list, "state": _state, "free_path": _free_path, "alloc_path": _alloc_path, "number": _number,
    "holds": _holds,
}  # fmt: skip


def list_of(machine: Machine, slab: int) -> str:
    """Where a slab is, as one of ``LISTS``."""
    found = machine.slabs.get(slab)
    if found is None:
        return "gone"
    cache = found.cache
    if any(part.slab is found for part in cache.cpu_slab):
        return "active"
    if any(parked is found for _, parked in cache.parked()):
        return "parked"
    return "partial" if slab in cache.node.partial else "none"


def state_of(slab: Slab) -> str:
    """How full a slab is for those who hold its objects, as one of ``STATES``."""
    if not slab.owners:
        return "empty"
    return "full" if len(slab.owners) == slab.objects else "partial"


def alloc_path(cache: KmemCache, cpu: int) -> str:
    """Where the next object of a CPU comes from, as one of ``ALLOC_PATHS`` (``___slab_alloc``)."""
    part = cache.cpu_slab[cpu]
    if part.slab is not None and part.freelist != NULL:
        return "fast"
    if part.slab is not None and part.slab.freelist != NULL:
        return "refill"
    if part.partial:
        return "parked"
    return "partial" if cache.node.partial else "new"


def free_path(slab: Slab, cpu: int) -> str:
    """What a free of one of its objects by a CPU does, as one of ``FREE_PATHS`` (``do_slab_free``)."""
    cache = slab.cache
    if cache.cpu_slab[cpu].slab is slab:
        return "fast"
    owned = any(part.slab is slab for part in cache.cpu_slab) or any(each is slab for _, each in cache.parked())
    if owned or slab.frozen:  # also while it is in somebody's hands
        return "frozen"
    if slab.freelist == NULL:
        return "park"
    return "discard" if slab.inuse == 1 and cache.node.nr_partial >= cache.min_partial else "stay"


def numbers_near(right: int, before: int) -> list[int]:
    """Some numbers around the right one, rising: what it was before, one more and one less, half and double."""
    found = [right]
    for other in (before, right + 1, right - 1, 2 * right, right // 2, right + 2, right + 3):
        if other >= 0 and other not in found and len(found) < NEAR:
            found.append(other)
    return sorted(found)
