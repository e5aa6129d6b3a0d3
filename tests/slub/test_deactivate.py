"""A cpu slab that is taken away: head, tail, nowhere or back to pages (``slub-semantics.md`` 3.5)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import TID_STEP
from slabviz.testing.kernel import Kernel


def test_a_flushed_slab_goes_to_the_head(kernel: Kernel) -> None:
    kernel.alloc(3, cpu=1)
    kernel.flush(cpu=1)
    kernel.alloc(3, cpu=2)  # takes slab 0 from the node
    kernel.alloc(3, cpu=0)
    kernel.flush(cpu=0)
    kernel.flush(cpu=2)
    assert kernel.node() == [0, 1]
    assert (kernel.slab(0).inuse, kernel.slab(0).frozen, kernel.slab(0).length(kernel.slab(0).freelist)) == (
        6,
        False,
        15,
    )


def test_with_remote_frees_it_goes_to_the_tail(kernel: Kernel) -> None:
    kernel.alloc(3, cpu=1)
    objects = kernel.alloc(3, cpu=0)
    kernel.flush(cpu=1)
    kernel.free(objects[0], cpu=3)
    kernel.flush(cpu=0)
    assert kernel.node() == [0, 1]
    assert kernel.freelist(1) == [*range(3, 21), 0]  # the CPU's chain first, what others freed behind it
    assert kernel.kinds()[-2 if kernel.calls.world.detail else -1] is Kind.DEACTIVATE_TO_TAIL


def test_an_exhausted_slab_goes_nowhere(kernel: Kernel) -> None:
    kernel.alloc(21)
    kernel.flush()
    assert (kernel.node(), kernel.cpu_slab(), kernel.slab(0).frozen) == ([], None, False)
    assert kernel.kinds()[-1] is Kind.DEACTIVATE_FULL


def test_an_empty_slab_stays_while_the_list_is_short(kernel: Kernel) -> None:
    kernel.free(*kernel.alloc(3))
    kernel.flush()
    assert (kernel.node(), kernel.slab(0).inuse) == ([0], 0)


def test_an_empty_slab_is_given_back_when_the_node_has_enough(kernel: Kernel) -> None:
    kernel.cache.tune(min_partial=0)
    kernel.free(*kernel.alloc(3))
    kernel.flush()
    assert (kernel.node(), kernel.machine.slabs) == ([], {})
    assert Kind.DEACTIVATE_EMPTY in kernel.kinds()


def test_a_flush_moves_tid_once_and_takes_the_slab_before_the_stack(kernel: Kernel) -> None:
    objects = kernel.alloc(64)
    kernel.free(objects[0], objects[21])
    tid = kernel.cache.cpu_slab[0].tid
    kernel.flush()
    assert kernel.cache.cpu_slab[0].tid == tid + TID_STEP
    assert kernel.node() == [3, 1, 0]  # cpu slab to the head, then the stack from its head to the tail
    assert (kernel.cpu_slab(), kernel.stack()) == (None, [])
