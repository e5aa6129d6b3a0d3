"""Memory of a program's own, and what becomes of a task that the OOM killer has chosen."""

from __future__ import annotations

from slabviz.engine.job import Handle, Job
from slabviz.engine.memory import give_block, take_block
from slabviz.engine.program import Touch
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Work
from slabviz.model.zone import USER_PAGES
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.kmalloc import kfree


def touch(job: Job, step: Touch) -> Work[None]:
    """Page faults: the program writes to memory that it has not used yet (``do_anonymous_page``)."""
    if not job.may_sleep:
        raise job.error(step.place, f"touch: nobody can sleep here, {job.why_atomic}, so no page can be brought in")
    for _ in range(evaluate(step.pages, job)):
        if job.killed:
            return
        block = yield from take_block(job.stage.engine, job.cpu, 0, USER_PAGES)
        if block is not None:
            job.pages.append(block)


def leave_memory(job: Job) -> Work[None]:
    """A task has ended: its program's pages go back, and, if it was killed, what it holds and has handed to nobody."""
    if job.killed:
        yield from _give_up_objects(job)
    while job.pages:
        yield from give_block(job.stage.engine, job.cpu, job.pages.pop())
    if job.stage.oom is not None:
        job.stage.oom.leave(job.actor)


def _give_up_objects(job: Job) -> Work[None]:
    queued = {id(handle) for queue in job.stage.queues.values() for entry in queue.entries for handle in entry}
    seen = set[int]()
    for names in (*job.left, job.names):
        lists = (handle for handles in names.lists.values() for handle in handles)
        for handle in (*names.objects.values(), *lists):
            mine = handle.owner is job.identity and not handle.is_null and handle.freed is None
            if mine and id(handle) not in queued | seen:
                seen.add(id(handle))
                yield from _give_up(job, handle)


def _give_up(job: Job, handle: Handle) -> Work[None]:
    assert job.at is not None
    engine = job.stage.engine
    if handle.source not in ("alloc", "kmalloc"):
        return  # a device's memory: its driver has it still
    handle.freed = (engine.now, job.at, job.identity.name)
    job.stage.identities.drop(handle.owner)
    if handle.source == "alloc" and handle.slab is not None:
        yield from kmem_cache_free(engine.world, job.cpu, handle.slab, handle.offset)
    else:
        yield from kfree(engine.world, job.cpu, handle.address)
