"""The steps that take objects of caches and give them back, over the kernel's paths.

Each object a program takes has a handle, so that a free of what is not allocated names the step that freed it before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import program
from slabviz.engine.cache_steps import ready_cache
from slabviz.engine.driver_program import SLEEP_IN_ATOMIC, WRONG_CACHE
from slabviz.engine.handles import check_free, handle_of, let_go, live, mistaken, not_null, promise_leak, settle
from slabviz.engine.identities import Identity
from slabviz.engine.job import OWNED_BY_ASKER, Handle, Job
from slabviz.engine.program import NEW, SELF
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Path, Work
from slabviz.errors import Place
from slabviz.model.events import Kind
from slabviz.model.gfp import may_sleep
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.slub import cache_from_obj
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.world import NULL_POINTER

_Taking = program.Alloc | program.Kmalloc | program.BulkAlloc


def flags_of(job: Job, place: Place, gfp: int, mistake: str | None = None) -> Path[int]:
    """The GFP flags of a step, as the era has them. Where they may sleep and nobody can, the kernel complains and goes
    on as far as it can (``might_alloc``). Raises RuntimeStepError when that was announced and does not happen."""
    goes_wrong = may_sleep(gfp) and not job.may_sleep
    if mistake == SLEEP_IN_ATOMIC and not goes_wrong:
        raise job.error(place, f"`mistake: {mistake}` does not happen here: nothing goes wrong")
    if goes_wrong:
        yield (Kind.MIGHT_SLEEP_BUG, job.cpu, 0, job.stage.engine.machine.era.gfp_bits(gfp), job.actor)
    return job.stage.engine.machine.era.gfp_bits(gfp)


def owner_of(job: Job, step: _Taking, kind: str) -> Identity:
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


def handle_for(job: Job, source: str, owner: Identity, address: int, size: int, header: int = 0) -> Handle:
    """The handle of what an allocation gave; NULL is nobody's. ``header`` bytes of its block lie in front of it."""
    engine = job.stage.engine
    if address == NULL_POINTER:
        job.stage.identities.drop(owner)
        return Handle.null(owner, engine.now)
    handle = Handle(owner, source, address, size, engine.now, header=header)
    place = engine.machine.virt_to_slab(address)
    if place is not None:
        handle.slab, handle.offset = place
    return handle


def bind(
    job: Job, step: program.Alloc | program.Kmalloc, source: str, owner: Identity, address: int, size: int
) -> Handle:  # fmt: skip
    """Give the memory its name, or put it into its list."""
    handle = handle_for(job, source, owner, address, size)
    if step.bind is not None:
        job.names.objects[step.bind] = handle
    if step.into is not None and not handle.is_null:
        job.names.lists.setdefault(step.into, []).append(handle)
    promise_leak(job, step.place, handle, step.mistake)
    return handle


def _alloc(job: Job, step: program.Alloc) -> Work[None]:
    cache = ready_cache(job, step.place, "alloc", step.cache)
    gfp = yield from flags_of(job, step.place, step.gfp, step.mistake)
    owner = owner_of(job, step, cache.owner)
    path = kmem_cache_alloc(job.stage.engine.world, job.cpu, cache, gfp, owner.actor)
    address = yield from (path if step.mistake is None else mistaken(job, step.mistake, path))
    bind(job, step, "alloc", owner, address, cache.geometry.object_size)


def _bulk_alloc(job: Job, step: program.BulkAlloc) -> Work[None]:
    cache = ready_cache(job, step.place, "bulk_alloc", step.cache)
    gfp = yield from flags_of(job, step.place, step.gfp)
    owners = [owner_of(job, step, cache.owner) for _ in range(evaluate(step.count, job))]
    if not owners:
        return
    actors = [owner.actor for owner in owners]
    addresses = yield from kmem_cache_alloc_bulk(job.stage.engine.world, job.cpu, cache, gfp, actors)
    taken, size = addresses or [NULL_POINTER] * len(owners), cache.geometry.object_size
    handles = [handle_for(job, "alloc", owner, address, size) for owner, address in zip(owners, taken, strict=True)]
    job.names.lists.setdefault(step.into, []).extend(handle for handle in handles if not handle.is_null)


def chosen(job: Job, step: program.Free, word: str) -> tuple[str, Handle]:
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


def _slab_of(job: Job, place: Place, word: str, name: str, handle: Handle) -> Slab:
    """The slab of an object. Raises RuntimeStepError for whole pages, which no cache has."""
    if handle.slab is None:
        raise job.error(place, f'{word}: object "{name}" is whole pages, not an object of a cache')
    return handle.slab


def _free(job: Job, step: program.Free) -> Work[None]:
    name, handle = chosen(job, step, "free")
    not_null(job, step.place, "free", name, handle)
    if step.cache is None and step.mistake is None:
        check_free(job, step.place, "free", name, handle, None)
        slab = _slab_of(job, step.place, "free", name, handle)
        let_go(job, step.place, handle)
        yield from kmem_cache_free(job.stage.engine.world, job.cpu, slab, handle.offset)
        return
    cache = _cache_given(job, step, name, handle)
    let_go(job, step.place, handle)
    path = cache_from_obj.kmem_cache_free(job.stage.engine.world, job.cpu, cache, handle.address)
    yield from mistaken(job, step.mistake, path, address=handle.address)


def _cache_given(job: Job, step: program.Free, name: str, handle: Handle) -> KmemCache:
    """The cache that an object is given back to. Raises RuntimeStepError when it is another one, but on purpose."""
    own = None if handle.slab is None else handle.slab.cache
    given = own if step.cache is None else job.stage.caches[step.cache]
    if given is None:
        raise job.error(step.place, f'free: object "{name}" is whole pages: say which `cache` it is given to')
    if given is own or handle.freed is not None:
        check_free(job, step.place, "free", name, handle, step.mistake)
    else:
        source = own.name if own else "no cache"
        why = f'free: object "{name}" is from {source}, not from {given.name}'
        settle(job, step.place, "free", step.mistake, WRONG_CACHE, why)
    return given


def _rcu_free(job: Job, step: program.RcuFree) -> Work[None]:
    name, handle = chosen(job, step, "rcu_free")
    live(job, step.place, "rcu_free", name, handle)
    slab = _slab_of(job, step.place, "rcu_free", name, handle)
    let_go(job, step.place, handle)
    yield from job.stage.engine.rcu.call_rcu(job.cpu, slab, handle.offset)


def _bulk_free(job: Job, step: program.BulkFree) -> Work[None]:
    handles = job.names.lists.get(step.source, [])
    count = len(handles) if step.count is None else min(evaluate(step.count, job), len(handles))
    group = handles[len(handles) - count :]
    del handles[len(handles) - count :]
    for handle in group:
        live(job, step.place, "bulk_free", step.source, handle)
        _slab_of(job, step.place, "bulk_free", step.source, handle)
        let_go(job, step.place, handle)
    yield from kmem_cache_free_bulk(job.stage.engine.world, job.cpu, [handle.address for handle in group])


OBJECT_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    program.Alloc: _alloc,
    program.BulkAlloc: _bulk_alloc,
    program.Free: _free,
    program.RcuFree: _rcu_free,
    program.BulkFree: _bulk_free,
}
"""What carries out each of these steps."""
