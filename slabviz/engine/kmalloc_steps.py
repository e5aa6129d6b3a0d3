"""kmalloc, krealloc and kfree of programs: memory by size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import driver_program, program
from slabviz.engine.handles import check_free, handle_of, let_go, live, mistaken
from slabviz.engine.job import Handle, Job
from slabviz.engine.object_steps import bind, chosen, flags_of, handle_for, owner_of
from slabviz.engine.values import Value, evaluate
from slabviz.engine.waits import Work
from slabviz.errors import Place
from slabviz.slub.kmalloc import LARGEST_REQUEST, kfree, kmalloc, krealloc
from slabviz.slub.world import NULL_POINTER


def size_of(job: Job, place: Place, word: str, size: Value) -> int:
    """Bytes that a step asks for. Raises RuntimeStepError outside of what can be asked for."""
    number = evaluate(size, job)
    if not 0 <= number <= LARGEST_REQUEST:
        raise job.error(place, f"{word}: {number} B is not in the allowed range 0 B … {LARGEST_REQUEST} B")
    return number


def _kmalloc(job: Job, step: program.Kmalloc) -> Work[None]:
    size = size_of(job, step.place, "kmalloc", step.size)
    gfp = yield from flags_of(job, step.place, step.gfp, step.mistake)
    owner = owner_of(job, step, "")
    path = kmalloc(job.stage.engine.world, job.cpu, size, gfp, owner.actor)
    address = yield from mistaken(job, step.mistake, path)
    bind(job, step, "kmalloc", owner, address, size)


def _krealloc(job: Job, step: driver_program.Krealloc) -> Work[None]:
    old = handle_of(job, step.place, "krealloc", step.object)
    if not old.is_null:
        live(job, step.place, "krealloc", step.object, old)
        check_free(job, step.place, "kfree", step.object, old, None)
    size = size_of(job, step.place, "krealloc", step.size)
    gfp = yield from flags_of(job, step.place, step.gfp)
    stage, owner = job.stage, old.owner
    address = yield from krealloc(stage.engine.world, job.cpu, old.address, size, gfp, owner.actor)
    if address == NULL_POINTER:  # the old memory is still there, under its own name
        job.names.objects[step.bind] = Handle.null(owner, stage.engine.now)
        return
    stage.identities.keep(owner)
    if not old.is_null:
        let_go(job, step.place, old)
    job.names.objects[step.bind] = handle_for(job, "kmalloc", owner, address, size)


def _kfree(job: Job, step: program.Kfree) -> Work[None]:
    name, handle = chosen(job, step, "kfree")
    if not handle.is_null:
        check_free(job, step.place, "kfree", name, handle, step.mistake)
        let_go(job, step.place, handle, step.mistake)
    path = kfree(job.stage.engine.world, job.cpu, handle.address)
    yield from mistaken(job, step.mistake, path, address=handle.address)


KMALLOC_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    program.Kmalloc: _kmalloc,
    driver_program.Krealloc: _krealloc,
    program.Kfree: _kfree,
}
"""What carries out each of these steps."""
