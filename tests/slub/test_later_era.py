"""Linux 6.12: slabs on a CPU partial stack are not frozen (``slub-semantics.md`` 6.3). The same stories as 6.1's."""

from __future__ import annotations

import pytest

from slabviz.model.events import Event, Kind
from slabviz.model.invariants import check
from slabviz.model.machine import CacheConfig
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.deactivate import flush_slab
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.world import Path
from slabviz.testing.kernel import Kernel, Object

PARKED = CacheConfig("cache", 1536)  # 21 objects a slab, cpu_partial_slabs 3, min_partial 5


@pytest.fixture(params=[False, True], ids=["whole calls", "every step"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return Kernel(cache=PARKED, detail=request.param, kernel="6.12")


def full_slabs(kernel: Kernel, count: int) -> list[list[Object]]:
    """Objects of ``count`` full slabs; one more is the exhausted cpu slab of CPU 0."""
    objects = kernel.alloc(21 * (count + 1))
    return [objects[21 * slab : 21 * (slab + 1)] for slab in range(count)]


def frozen(kernel: Kernel) -> list[int]:
    return [id for id, slab in kernel.machine.slabs.items() if slab.frozen]


def told(kernel: Kernel, first: int) -> list[str]:
    """The kinds of events from a number on, but for locks and interrupts."""
    plain = {Kind.LOCK, Kind.UNLOCK, Kind.IRQ_OFF, Kind.IRQ_ON, Kind.FREE_ENTER, Kind.FREE_SLOWPATH, Kind.ALLOC_ENTER}
    return [kind.name for kind in kernel.kinds(first) if kind not in plain]


def test_a_full_slab_is_parked_unfrozen_and_frozen_when_it_is_loaded(kernel: Kernel) -> None:
    (objects,) = full_slabs(kernel, 1)
    kernel.free(objects[7], cpu=2)
    assert (kernel.stack(2), frozen(kernel), kernel.freelist(0)) == ([(0, 1)], [1], [7])
    first = len(kernel.log)
    assert kernel.alloc(cpu=2) == [objects[7]]
    assert (kernel.cpu_slab(2), frozen(kernel), kernel.slab(0).inuse) == (0, [0, 1], 21)
    story = [name for name in told(kernel, first) if name != "ALLOC_SLOWPATH"]
    assert story == ["CPU_PARTIAL_ALLOC", "FREEZE_SLAB", "LOAD_FREELIST"]


def test_a_slab_from_the_node_is_frozen_and_those_that_come_along_are_not(kernel: Kernel) -> None:
    slabs = full_slabs(kernel, 4)
    kernel.free(*(objects[0] for objects in slabs))
    assert (kernel.node(), kernel.stack(), frozen(kernel)) == ([2, 1, 0], [(3, 1)], [4])
    kernel.alloc(2)
    assert (kernel.cpu_slab(), kernel.stack(), kernel.node()) == (2, [(0, 2), (1, 1)], [])
    assert frozen(kernel) == [2]


@pytest.mark.parametrize(("kernel_name", "extras"), [("6.1", [(1, 1)]), ("6.12", [])])
def test_with_cpu_partial_0_a_visit_takes_one_slab(kernel_name: str, extras: list[tuple[int, int]]) -> None:
    kernel = Kernel(cache=CacheConfig("cache", 1536, cpu_partial=0), kernel=kernel_name)
    slabs = full_slabs(kernel, 4)
    kernel.free(*(objects[0] for objects in slabs))
    assert (kernel.node(), kernel.stack()) == ([0, 1, 2], [(3, 1)])  # a full slab is parked in both
    kernel.alloc(2)
    assert (kernel.cpu_slab(), kernel.stack()) == (0, extras)


def test_the_last_object_of_a_parked_slab_takes_the_lock_for_nothing(kernel: Kernel) -> None:
    (objects,) = full_slabs(kernel, 1)
    kernel.free(objects[0])
    first = len(kernel.log)
    kernel.free(*objects[1:-1], cpu=1)
    assert Kind.LOCK not in kernel.kinds(first)
    first = len(kernel.log)
    kernel.free(objects[-1], cpu=1)
    assert (kernel.stack(), kernel.node(), kernel.slab(0).inuse, frozen(kernel)) == ([(0, 1)], [], 0, [1])
    assert told(kernel, first) == ["FREE_TO_PARTIAL"]
    assert kernel.kinds(first).count(Kind.LOCK) == int(kernel.calls.world.detail)


def test_it_is_left_alone_even_where_the_node_has_enough() -> None:
    kernel = Kernel(cache=CacheConfig("cache", 1536, min_partial=0), kernel="6.12")
    (objects,) = full_slabs(kernel, 1)
    kernel.free(*objects)
    assert (kernel.stack(), kernel.slab(0).inuse) == ([(0, 1)], 0)
    kernel.flush_stack()  # the node has enough: now it goes
    assert 0 not in kernel.machine.slabs


def test_a_flushed_cpu_slab_is_thawed_before_it_is_listed(kernel: Kernel) -> None:
    kernel.alloc(5)
    first = len(kernel.log)
    kernel.flush_cpu_slab()
    assert told(kernel, first) == ["CPUSLAB_FLUSH", "UNFREEZE_SLAB", "DEACTIVATE_TO_HEAD"]
    assert (kernel.node(), frozen(kernel), kernel.slab(0).inuse) == ([0], [], 5)


# Between two steps: what another CPU may do meanwhile.


def until(kernel: Kernel, path: Path[object], kind: Kind) -> Path[object]:
    """Drive a path up to and including its first event of a kind."""
    for step in path:
        assert type(step) is tuple
        event: Event = step
        kernel.calls.commit(event)
        if event[0] == kind:
            return path
    raise AssertionError(f"{kind.name} never came")


def freeing(kernel: Kernel, item: Object, cpu: int) -> Path[None]:
    slab = kernel.slab(item[0])
    return kmem_cache_free(kernel.calls.world, cpu, slab, slab.object_at(item[1]))


def test_a_slab_between_the_node_and_the_cpu_may_lose_its_last_object() -> None:
    """Unlinked and not frozen yet: whoever frees the last object sees it on no list of the node."""
    kernel = Kernel(cache=CacheConfig("cache", 1536, min_partial=0), kernel="6.12")
    objects = kernel.alloc(5)
    kernel.free(*objects[:4])
    kernel.flush_cpu_slab()
    assert kernel.node() == [0]
    taking = until(kernel, kmem_cache_alloc(kernel.calls.world, 1, kernel.cache, 0xCC0, 1), Kind.UNLOCK)
    assert (kernel.node(), kernel.slab(0).frozen, kernel.slab(0).inuse) == ([], False, 1)
    kernel.free(objects[4], cpu=2)
    assert kernel.slab(0).inuse == 0
    kernel.calls.drive(taking)
    assert (kernel.cpu_slab(1), kernel.slab(0).frozen, kernel.slab(0).inuse) == (0, True, 21)
    assert kernel.alloc(cpu=1)[0][0] == 0
    assert check(kernel.machine) == []


def test_a_slab_that_is_thawed_and_not_listed_yet_may_lose_its_last_object() -> None:
    kernel = Kernel(cache=CacheConfig("cache", 1536, min_partial=0), kernel="6.12")
    objects = kernel.alloc(2)
    kernel.free(objects[0])
    leaving = until(kernel, flush_slab(kernel.calls.world, 0, kernel.cache), Kind.UNFREEZE_SLAB)
    kernel.free(objects[1], cpu=1)
    assert (kernel.slab(0).inuse, kernel.node()) == (0, [])
    kernel.calls.drive(leaving)
    assert kernel.node() == [0]  # it was not empty when it was looked at


def test_a_parked_slab_that_is_listed_while_its_last_object_waits_for_the_lock_is_given_back() -> None:
    """The lock is taken before the exchange, and only under it is the slab seen to be on the node's list by now."""
    kernel = Kernel(cache=CacheConfig("cache", 1536, min_partial=0), kernel="6.12")
    (objects,) = full_slabs(kernel, 1)
    kernel.free(*objects[:-1])
    assert (kernel.stack(), kernel.slab(0).inuse) == ([(0, 1)], 1)
    last = until(kernel, freeing(kernel, objects[-1], 1), Kind.FREE_SLOWPATH)
    kernel.flush_stack()
    assert kernel.node() == [0]
    kernel.calls.drive(last)
    assert kernel.node() == []
    assert 0 not in kernel.machine.slabs
