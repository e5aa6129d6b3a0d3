"""kmem_cache_destroy: a cache whose objects are all back is given up (``slub-semantics.md`` 4.3)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.testing.kernel import Kernel


def test_nothing_is_left_when_all_is_freed(kernel: Kernel) -> None:
    objects = kernel.alloc(70)
    kernel.free(*objects[:40], cpu=1)
    kernel.free(*objects[40:], cpu=2)
    assert kernel.machine.slabs
    assert kernel.destroy(cpu=3)
    assert (kernel.machine.slabs, kernel.cache.node.nr_slabs, kernel.cache.node.total_objects) == ({}, 0, 0)
    zone = kernel.machine.zone
    assert zone.nr_free + zone.pcp_pages() == zone.managed


def test_slabs_with_objects_remain(kernel: Kernel) -> None:
    objects = kernel.alloc(50)
    kernel.free(*objects[:21], *objects[22:50])
    assert not kernel.destroy()
    assert (list(kernel.machine.slabs), kernel.node()) == ([1], [1])
    assert kernel.slab(1).inuse == 1


def test_full_slabs_remain_too_and_are_on_no_list(kernel: Kernel) -> None:
    kernel.alloc(21)
    assert not kernel.destroy()
    assert (list(kernel.machine.slabs), kernel.node()) == ([0], [])


def test_a_cache_that_was_never_used_is_gone_at_once(kernel: Kernel) -> None:
    assert kernel.destroy()
    assert Kind.LOCK_WAIT not in kernel.kinds()
