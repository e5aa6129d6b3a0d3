"""Where a freed object goes, and its slab with it (``slub-semantics.md`` 3 and 9.3)."""

from __future__ import annotations

import pytest

from slabviz.model.events import Kind
from slabviz.testing.kernel import Kernel, Object


def test_another_cpus_free_goes_to_the_slabs_own_freelist(kernel: Kernel) -> None:
    objects = kernel.alloc(5)
    kernel.free(objects[2], cpu=1)
    assert (kernel.freelist(0), kernel.cpu_freelist()[:2]) == ([2], [5, 6])
    assert (kernel.slab(0).inuse, kernel.slab(0).frozen) == (20, True)
    assert kernel.kinds()[-1] is Kind.FREE_FROZEN


def test_an_empty_slab_of_another_cpu_stays_where_it_is(kernel: Kernel) -> None:
    objects = kernel.alloc(21)
    kernel.free(*objects, cpu=1)
    assert (kernel.slab(0).inuse, kernel.slab(0).frozen, kernel.cpu_slab()) == (0, True, 0)
    assert (kernel.node(), kernel.stack(1)) == ([], [])


def test_the_first_free_into_a_full_slab_gives_it_to_the_freeing_cpu(kernel: Kernel) -> None:
    objects = kernel.alloc(42)
    kernel.free(objects[7], cpu=2)
    assert (kernel.stack(2), kernel.slab(0).frozen, kernel.freelist(0)) == ([(0, 1)], True, [7])
    assert (kernel.stack(0), kernel.node()) == ([], [])


def full_slabs(kernel: Kernel, count: int) -> list[list[Object]]:
    """Objects of ``count`` full slabs; one more is the exhausted cpu slab of CPU 0."""
    objects = kernel.alloc(21 * (count + 1))
    return [objects[21 * slab : 21 * (slab + 1)] for slab in range(count)]


def test_a_full_stack_leaves_for_the_node_as_a_whole(kernel: Kernel) -> None:
    s1, s2, s3, s4 = full_slabs(kernel, 4)
    kernel.free(s1[0], s2[0], s3[0])
    assert kernel.stack() == [(2, 3), (1, 2), (0, 1)]
    assert (kernel.node(), {kernel.slab(slab).frozen for slab in range(4)}) == ([], {True, False})
    kernel.free(s4[0])
    assert (kernel.node(), kernel.stack()) == ([2, 1, 0], [(3, 1)])
    assert [kernel.slab(slab).frozen for slab in range(4)] == [False, False, False, True]


def test_the_story_of_the_drained_stack_goes_on(kernel: Kernel) -> None:
    s1, s2, s3, s4 = full_slabs(kernel, 4)
    kernel.free(s1[0], s2[0], s3[0], s4[0])
    assert kernel.alloc() == [s4[0]]  # slab 4 is let go, slab 3 popped
    assert (kernel.cpu_slab(), kernel.cpu_freelist(), kernel.slab(3).inuse) == (3, [], 21)
    assert not kernel.slab(4).frozen
    assert kernel.alloc() == [s3[0]]
    assert (kernel.cpu_slab(), kernel.stack(), kernel.node()) == (2, [(0, 2), (1, 1)], [])


@pytest.mark.parametrize(("others", "stays"), [(3, True), (4, False), (5, False)])
def test_an_emptied_slab_of_the_node_stays_while_the_list_is_short(kernel: Kernel, others: int, stays: bool) -> None:
    """nr_partial counts the slab itself: with four others it is 5, min_partial, and the slab goes."""
    slabs = full_slabs(kernel, others + 1)
    kernel.free(*(objects[0] for objects in slabs))
    kernel.flush_stack()
    assert len(kernel.node()) == others + 1
    before = kernel.node()
    kernel.free(*slabs[1][1:])
    assert (1 in kernel.machine.slabs) is stays
    assert kernel.node() == [slab for slab in before if stays or slab != 1]
    assert kernel.cache.node.nr_slabs == others + 2 - (not stays)
    assert (Kind.FREE_REMOVE_PARTIAL in kernel.kinds()) is not stays


def test_the_limit_can_be_tuned(kernel: Kernel) -> None:
    kernel.cache.tune(min_partial=0)
    (objects,) = full_slabs(kernel, 1)
    kernel.free(objects[0])
    kernel.flush_stack()
    kernel.free(*objects[1:])
    assert 0 not in kernel.machine.slabs


def test_a_drain_keeps_empty_slabs_until_the_node_has_enough(kernel: Kernel) -> None:
    """Slabs 0 to 3 are on the node; of a stack of three empty ones the newest stays, the others go."""
    slabs = full_slabs(kernel, 8)
    kernel.free(*(objects[0] for objects in slabs[:4]), cpu=1)
    kernel.flush_stack(cpu=1)
    for objects in slabs[4:7]:
        kernel.free(*objects, cpu=2)
    assert kernel.stack(2) == [(6, 3), (5, 2), (4, 1)]
    kernel.free(slabs[7][0], cpu=2)
    assert (kernel.node(), kernel.stack(2)) == ([2, 1, 0, 3, 6], [(7, 1)])
    gone = [event[2] for event in kernel.log.events() if event[0] == Kind.DISCARD_SLAB]
    assert gone == [4, 5]  # the last one met is discarded first


def test_a_limit_of_zero_drains_with_every_push(kernel: Kernel) -> None:
    kernel.cache.tune(cpu_partial=0)
    s1, s2, s3 = full_slabs(kernel, 3)
    kernel.free(s1[0], s2[0], s3[0])
    assert (kernel.stack(), kernel.node()) == ([(2, 1)], [0, 1])


def test_a_slab_of_one_object_is_parked_empty() -> None:
    kernel = Kernel(17000, pages=4096)
    (one,) = kernel.alloc()
    kernel.alloc()
    kernel.free(one)
    assert (kernel.stack(), kernel.slab(0).inuse, kernel.freelist(0)) == ([(0, 1)], 0, [0])
    assert kernel.alloc() == [one]


def test_pages_of_a_discarded_slab_are_the_next_slabs(kernel: Kernel) -> None:
    kernel.cache.tune(min_partial=0)
    (objects,) = full_slabs(kernel, 1)
    pfn = kernel.slab(0).pfn
    kernel.free(objects[0])
    kernel.flush_stack()
    kernel.free(*objects[1:])
    splits = kernel.kinds().count(Kind.BUDDY_SPLIT)
    kernel.alloc()
    assert kernel.slab(2).pfn == pfn
    assert kernel.kinds().count(Kind.BUDDY_SPLIT) == splits
