"""The steps that take objects and give them back, over the kernel's paths.

Each object a program takes has a handle, so that a free of what is not allocated names the step that freed it before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import program
from slabviz.engine.identities import Identity
from slabviz.engine.job import OWNED_BY_ASKER, Handle, Job
from slabviz.engine.memory import take_block
from slabviz.engine.program import NEW, SELF, SLEEP_IN_ATOMIC
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Work
from slabviz.errors import Place
from slabviz.model.events import Event, Kind
from slabviz.model.gfp import NAMED_GFP, may_sleep
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE
from slabviz.model.slab import Slab
from slabviz.model.zone import USER_PAGES
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.world import NULL_POINTER

_Taking = program.Alloc | program.Kmalloc | program.BulkAlloc


def handle_of(job: Job, place: Place, word: str, name: str) -> Handle:
    """The object of a name. Raises RuntimeStepError when nothing has been bound to it yet."""
    handle = job.names.objects.get(name)
    if handle is None:
        raise job.error(place, f'{word}: object "{name}" has not been allocated yet')
    return handle


def live(job: Job, place: Place, word: str, name: str, handle: Handle) -> Slab:
    """The slab of an object that is there. Raises RuntimeStepError for a freed one, or NULL."""
    if handle.freed is not None:
        tick, where, who = handle.freed
        raise job.error(place, f'{word}: object "{name}" is not allocated (freed at tick {tick} by {who}, {where})')
    if handle.slab is None:
        raise job.error(place, f'{word}: object "{name}" is NULL: the allocation failed; see `if_null`')
    return handle.slab


def _gfp(job: Job, step: _Taking) -> int:
    gfp = NAMED_GFP[step.gfp]
    on_purpose = not isinstance(step, program.BulkAlloc) and step.mistake == SLEEP_IN_ATOMIC
    goes_wrong = may_sleep(gfp) and not job.may_sleep
    if on_purpose and not goes_wrong:
        raise job.error(step.place, f"`mistake: {SLEEP_IN_ATOMIC}` does not happen here: nothing goes wrong")
    if goes_wrong and not on_purpose:
        why = "interrupts are off" if job.irqs_off else "this is a handler or softirq"
        raise job.error(step.place, f"{step.gfp} may sleep, but {why}: use GFP_ATOMIC")
    return gfp


def _might_sleep(job: Job, gfp: int) -> Event:
    """``might_alloc``: the kernel warns, and goes on as far as it can."""
    return (Kind.MIGHT_SLEEP_BUG, job.cpu, 0, gfp, job.actor)


def _owner(job: Job, step: _Taking, kind: str) -> Identity:
    """Whose the new object is; counts one use of him."""
    whose = step.owner or (SELF if kind in OWNED_BY_ASKER else NEW)
    if whose == SELF:
        identity = job.identity
    elif whose == NEW:
        identity = job.stage.identities.new(kind or "object", step.names)
    else:
        identity = handle_of(job, step.place, "owner", whose).owner
    job.stage.identities.keep(identity)
    return identity


def _bind(job: Job, step: program.Alloc | program.Kmalloc, owner: Identity, address: int) -> None:
    handle = _handle(job, owner, address, isinstance(step, program.Kmalloc))
    if step.bind is not None:
        job.names.objects[step.bind] = handle
    if step.into is not None and handle.slab is not None:
        job.names.lists.setdefault(step.into, []).append(handle)


def _handle(job: Job, owner: Identity, address: int, kmalloc: bool) -> Handle:
    engine = job.stage.engine
    place = None if address == NULL_POINTER else engine.machine.virt_to_slab(address)
    if place is None:
        job.stage.identities.drop(owner)
        return Handle(owner, None, 0, kmalloc, engine.now)
    return Handle(owner, place[0], place[1], kmalloc, engine.now)


def _alloc(job: Job, step: program.Alloc) -> Work[None]:
    cache = job.stage.caches[step.cache]
    gfp = _gfp(job, step)
    owner = _owner(job, step, cache.owner)
    if step.mistake == SLEEP_IN_ATOMIC:
        yield _might_sleep(job, gfp)
    address = yield from kmem_cache_alloc(job.stage.engine.world, job.cpu, cache, gfp, owner.actor)
    _bind(job, step, owner, address)


def _kmalloc(job: Job, step: program.Kmalloc) -> Work[None]:
    size = evaluate(step.size, job)
    if not 1 <= size <= KMALLOC_MAX_CACHE_SIZE:
        raise job.error(step.place, f"kmalloc: {size} B is not in the allowed range 1 B … {KMALLOC_MAX_CACHE_SIZE} B")
    gfp = _gfp(job, step)
    owner = _owner(job, step, "")
    if step.mistake == SLEEP_IN_ATOMIC:
        yield _might_sleep(job, gfp)
    address = yield from kmem_cache_alloc(
        job.stage.engine.world, job.cpu, job.stage.kmalloc_cache(size), gfp, owner.actor
    )
    _bind(job, step, owner, address)


def _bulk_alloc(job: Job, step: program.BulkAlloc) -> Work[None]:
    cache: KmemCache = job.stage.caches[step.cache]
    gfp = _gfp(job, step)
    owners = [_owner(job, step, cache.owner) for _ in range(evaluate(step.count, job))]
    if not owners:
        return
    actors = [owner.actor for owner in owners]
    addresses = yield from kmem_cache_alloc_bulk(job.stage.engine.world, job.cpu, cache, gfp, actors)
    taken = addresses or [NULL_POINTER] * len(owners)
    handles = [_handle(job, owner, address, False) for owner, address in zip(owners, taken, strict=True)]
    job.names.lists.setdefault(step.into, []).extend(handle for handle in handles if handle.slab is not None)


def _chosen(job: Job, step: program.Free, word: str) -> tuple[str, Handle]:
    """The object a freeing step means, with its name for messages; one from a list leaves the list."""
    if step.object is not None:
        return step.object, handle_of(job, step.place, word, step.object)
    handles = job.names.lists.get(step.source or "", [])
    if not handles:
        raise job.error(step.place, f'{word}: list "{step.source}" is empty')
    index = {"first": 0, "last": len(handles) - 1}.get(step.pick)
    if step.pick == "oldest":
        index = min(range(len(handles)), key=lambda at: handles[at].taken_at)
    return step.source or "", handles.pop(job.uniform(0, len(handles) - 1) if index is None else index)


def _let_go(job: Job, step: program.Free | program.BulkFree, word: str, name: str, handle: Handle) -> Slab:
    """Check that an object may be freed, and note who does. Raises RuntimeStepError."""
    slab = live(job, step.place, word, name, handle)
    handle.freed = (job.stage.engine.now, step.place, job.identity.name)
    job.stage.identities.drop(handle.owner)
    return slab


def _free(job: Job, step: program.Free) -> Work[None]:
    name, handle = _chosen(job, step, "free")
    if handle.kmalloc:
        raise job.error(step.place, f'free: object "{name}" comes from kmalloc; use `kfree`')
    slab = _let_go(job, step, "free", name, handle)
    yield from kmem_cache_free(job.stage.engine.world, job.cpu, slab, handle.offset)


def _kfree(job: Job, step: program.Kfree) -> Work[None]:
    name, handle = _chosen(job, step, "kfree")
    if handle.slab is None:  # kfree(NULL) does nothing
        return
    if not handle.kmalloc:
        raise job.error(step.place, f'kfree: object "{name}" comes from a cache; use `free`')
    slab = _let_go(job, step, "kfree", name, handle)
    yield from kmem_cache_free(job.stage.engine.world, job.cpu, slab, handle.offset)


def _rcu_free(job: Job, step: program.RcuFree) -> Work[None]:
    name, handle = _chosen(job, step, "rcu_free")
    slab = _let_go(job, step, "rcu_free", name, handle)
    yield from job.stage.engine.rcu.call_rcu(job.cpu, slab, handle.offset)


def _bulk_free(job: Job, step: program.BulkFree) -> Work[None]:
    handles = job.names.lists.get(step.source, [])
    count = len(handles) if step.count is None else min(evaluate(step.count, job), len(handles))
    group = handles[len(handles) - count :]
    del handles[len(handles) - count :]
    machine = job.stage.engine.machine
    places = [(_let_go(job, step, "bulk_free", step.source, handle), handle.offset) for handle in group]
    addresses = [machine.address(slab, offset) for slab, offset in places]
    yield from kmem_cache_free_bulk(job.stage.engine.world, job.cpu, addresses)


def _shrink(job: Job, step: program.Shrink) -> Work[None]:
    if not job.may_sleep:
        raise job.error(step.place, "shrink: nobody can sleep here")
    yield from kmem_cache_shrink(job.stage.engine.world, job.cpu, job.stage.caches[step.cache])


def _touch(job: Job, step: program.Touch) -> Work[None]:
    """Page faults: the program writes to memory that it has not used yet (``do_anonymous_page``)."""
    if not job.may_sleep:
        raise job.error(step.place, "touch: nobody can sleep here, so no page can be brought in")
    for _ in range(evaluate(step.pages, job)):
        if job.killed:
            return
        block = yield from take_block(job.stage.engine, job.cpu, 0, USER_PAGES)
        if block is not None:
            job.pages.append(block)


def give_up_objects(job: Job) -> Work[None]:
    """A task that was killed: what it holds and has handed to nobody is freed as it ends."""
    queued = {id(handle) for queue in job.stage.queues.values() for entry in queue.entries for handle in entry}
    seen = set[int]()
    for names in (*job.left, job.names):
        lists = (handle for handles in names.lists.values() for handle in handles)
        for handle in (*names.objects.values(), *lists):
            mine = handle.owner is job.identity and handle.slab is not None and handle.freed is None
            if mine and id(handle) not in queued | seen:
                seen.add(id(handle))
                yield from _give_up(job, handle)


def _give_up(job: Job, handle: Handle) -> Work[None]:
    assert job.at is not None
    assert handle.slab is not None
    handle.freed = (job.stage.engine.now, job.at, job.identity.name)
    job.stage.identities.drop(handle.owner)
    yield from kmem_cache_free(job.stage.engine.world, job.cpu, handle.slab, handle.offset)


OBJECT_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    program.Alloc: _alloc,
    program.Kmalloc: _kmalloc,
    program.BulkAlloc: _bulk_alloc,
    program.Free: _free,
    program.Kfree: _kfree,
    program.RcuFree: _rcu_free,
    program.BulkFree: _bulk_free,
    program.Shrink: _shrink,
    program.Touch: _touch,
}
"""What carries out each of these steps."""
