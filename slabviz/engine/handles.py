"""Memory that a program has a name for: whether a step may do with it what it says, or does it wrong on purpose.

A step that would go wrong is an error of the author, unless it says so (``mistake:``); one that says so and goes right
is an error too.
"""

from __future__ import annotations

from slabviz.engine.driver_program import DOUBLE_FREE, LEAK, MISTAKES, WRONG_FREE
from slabviz.engine.job import Handle, Job, Stage
from slabviz.engine.waits import Path
from slabviz.errors import Place, RuntimeStepError
from slabviz.model.events import Kind
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.machine import Machine
from slabviz.slub.world import NULL_POINTER, T, telling

RIGHT_FREE = {
    "alloc": ("a cache", "free"), "kmalloc": ("kmalloc", "kfree"), "dev_kmalloc": ("dev_kmalloc", "dev_kfree"),
    "devm_kmalloc": ("devm_kmalloc", "devm_kfree"),
}  # fmt: skip
"""By what gave the memory: what that is called, and the step that gives it back."""


def handle_of(job: Job, place: Place, word: str, name: str) -> Handle:
    """The object of a name. Raises RuntimeStepError when nothing has been bound to it yet."""
    handle = job.names.objects.get(name)
    if handle is None:
        raise job.error(place, f'{word}: object "{name}" has not been allocated yet')
    return handle


def live(job: Job, place: Place, word: str, name: str, handle: Handle) -> None:
    """Raises RuntimeStepError for an object that was freed, and for NULL."""
    if handle.freed is not None:
        raise job.error(place, freed(word, name, handle))
    not_null(job, place, word, name, handle)


def not_null(job: Job, place: Place, word: str, name: str, handle: Handle) -> None:
    """Raises RuntimeStepError for NULL."""
    if handle.is_null:
        raise job.error(place, f'{word}: object "{name}" is NULL: the allocation failed; see `if_null`')


def freed(word: str, name: str, handle: Handle) -> str:
    """Who freed it, when and where."""
    assert handle.freed is not None
    tick, where, who = handle.freed
    return f'{word}: object "{name}" is not allocated (freed at tick {tick} by {who}, {where})'


def check_free(job: Job, place: Place, word: str, name: str, handle: Handle, mistake: str | None) -> None:
    """Check that ``word`` is the right step to free this memory, or goes wrong as ``mistake`` says.

    Raises RuntimeStepError.
    """
    found, why = None, ""
    if handle.freed is not None:
        found, why = DOUBLE_FREE, freed(word, name, handle)
    elif handle.source and RIGHT_FREE[handle.source][1] != word:
        source, right = RIGHT_FREE[handle.source]
        found, why = WRONG_FREE, f'{word}: object "{name}" comes from {source}; use `{right}`'
    settle(job, place, word, mistake, found, why)


def settle(job: Job, place: Place, word: str, mistake: str | None, found: str | None, why: str) -> None:
    """Compare what goes wrong with what the author says. Raises RuntimeStepError when they differ."""
    if found == mistake:
        return
    if found is None:
        raise job.error(place, f"{word}: `mistake: {mistake}` does not happen here: nothing goes wrong")
    if mistake is None:
        raise job.error(place, f"{why} (on purpose: `mistake: {found}`)")
    raise job.error(place, f"{why}: that is `mistake: {found}`, not {mistake}")


def mistaken(job: Job, mistake: str | None, path: Path[T], address: int = NULL_POINTER) -> Path[T]:
    """A path, whose first step also tells that it is a mistake.

    From then on the bytes of the slab at ``address`` are kept: what goes wrong goes wrong in them.
    """
    if mistake is None:
        return (yield from path)
    place = job.stage.engine.machine.virt_to_slab(address)
    if place is not None:
        path = telling((Kind.LOOK, job.cpu, place[0].id, 0, 0), path)
    event = (Kind.MISTAKE, job.cpu, 0, MISTAKES.index(mistake), job.actor)
    return (yield from telling(event, path))


def let_go(job: Job, place: Place, handle: Handle, mistake: str | None = None) -> None:
    """Note who frees an object; its owner has one use less."""
    handle.wrongly = mistake == WRONG_FREE
    if handle.freed is None:
        job.stage.identities.drop(handle.owner)
    handle.freed = (job.stage.engine.now, place, job.identity.name)


def check_leaks(stage: Stage) -> None:
    """At the end of a run: what was to be lost is still held by its holder, and nobody has freed it.

    Raises RuntimeStepError for memory that has been given back all the same.
    """
    for handle in stage.leaks:
        rightly = handle.freed is not None and not handle.wrongly  # a wrong free leaves the block, or a part of it
        if rightly or not is_held(stage.engine.machine, handle):
            when = f"it was freed, {handle.freed[1]}" if handle.freed else "it was given back by somebody else"
            raise RuntimeStepError(f"mistake: leak does not happen here: {when}", handle.leak, stage.engine.now)


def is_held(machine: Machine, handle: Handle) -> bool:
    """Whether the machine still counts this memory as its holder's."""
    if handle.slab is None:
        return machine.virt_to_large(handle.address) is not None
    return machine.slabs.get(handle.slab.id) is handle.slab and (
        handle.slab.owners.get(handle.offset - handle.header) == handle.owner.actor
    )


def promise_leak(job: Job, place: Place, handle: Handle, mistake: str | None) -> None:
    """Note memory that must never be freed."""
    if mistake == LEAK and not handle.is_null and handle.address != ZERO_SIZE_PTR:
        handle.leak = place
        job.stage.leaks.append(handle)
