"""Every law can be broken, and says so by its own name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.model.cpu import Context, ContextKind
from slabviz.model.era import ERAS
from slabviz.model.invariants import LAWS, check
from slabviz.model.kmem_cache import CacheState
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL
from slabviz.testing.kernel import Kernel


def busy_machine(era: str = "6.1") -> Machine:
    """CPU 0 has a slab, a stack of two and pages in its set; two slabs are on the node's list, one is full."""
    kernel = Kernel(1536, pages=1024, kernel=era)
    objects = kernel.alloc(21 * 6)
    kernel.free(objects[0], objects[21], cpu=1)
    kernel.flush_stack(cpu=1)
    kernel.free(objects[42], objects[63], objects[-1])
    assert (kernel.node(), kernel.stack(), kernel.cpu_slab()) == ([1, 0], [(3, 2), (2, 1)], 5)
    return kernel.machine


def lose_an_object(m: Machine) -> None:
    slab = m.slabs[0]
    del slab.owners[next(iter(slab.owners))]


def chain_an_object_twice(m: Machine) -> None:
    slab = m.slabs[0]
    head = slab.freelist
    slab.links[head] = slab.object_at(5)
    slab.links[slab.object_at(5)] = NULL


def miscount_inuse(m: Machine) -> None:
    m.slabs[4].inuse -= 1


def park_a_slab_of_the_node(m: Machine) -> None:
    c = m.caches[0].cpu_slab[2]
    c.partial.append(m.slabs[0])
    m.slabs[0].slabs, m.slabs[0].frozen = 1, m.era.parked_are_frozen


def drop_a_slab_of_the_node(m: Machine) -> None:
    del m.caches[0].node.partial[0]


def keep_a_slab_that_is_gone(m: Machine) -> None:
    del m.slabs[0]


def freeze_a_slab_of_the_node(m: Machine) -> None:
    m.slabs[0].frozen = True


def thaw_a_cpu_slab(m: Machine) -> None:
    m.slabs[5].frozen = False


def park_a_slab_as_in_the_other_era(m: Machine) -> None:
    m.slabs[3].frozen = not m.era.parked_are_frozen


def miscount_a_stack(m: Machine) -> None:
    m.slabs[3].slabs = 7


def miscount_the_slabs(m: Machine) -> None:
    m.caches[0].node.nr_slabs += 1


def miscount_the_objects(m: Machine) -> None:
    m.caches[0].node.total_objects -= 1


def give_a_tid_to_another_cpu(m: Machine) -> None:
    m.caches[0].cpu_slab[1].tid += 1


def keep_a_freelist_without_a_slab(m: Machine) -> None:
    m.caches[0].cpu_slab[3].freelist = 0


def lose_a_page(m: Machine) -> None:
    order = next(order for order, free in enumerate(m.zone.free) if free)
    m.zone.unlink(next(iter(m.zone.free[order])), order)
    m.zone.nr_free += 1 << order


def have_a_page_twice(m: Machine) -> None:
    m.zone.others[m.slabs[0].pfn] = (0, 1)


def draw_a_frame_wrongly(m: Machine) -> None:
    m.zone.frames[500] ^= 1


def miscount_free_pages(m: Machine) -> None:
    m.zone.nr_free -= 1


def leave_buddies_unmerged(m: Machine) -> None:
    order = next(order for order, free in enumerate(m.zone.free) if order and free)
    pfn = next(iter(m.zone.free[order]))
    m.zone.unlink(pfn, order)
    for half in (pfn, pfn + (1 << order - 1)):
        m.zone.put(half, order - 1, 0, head=True)


def list_a_block_twice(m: Machine) -> None:
    pfn, order = next((pfn, order) for order, free in enumerate(m.zone.free) for pfn in free)
    m.zone.lists[3][order][pfn] = None


def miscount_the_reserved_pageblocks(m: Machine) -> None:
    m.zone.highatomic = 4096


def miscount_a_page_set(m: Machine) -> None:
    m.zone.pcp[0].count += 1


def hold_a_lock_with_interrupts_on(m: Machine) -> None:
    m.caches[0].node.list_lock.holder = 2


def wait_with_interrupts_on(m: Machine) -> None:
    m.zone.lock.waiters.append(1)


def wait_for_oneself(m: Machine) -> None:
    m.cpus[1].stack[-1] = Context(ContextKind.PROCESS, 0, irq_depth=1)
    m.cpus[1].hand = m.cpus[1].stack[-1].hand
    m.zone.lock.holder = 1
    m.zone.lock.waiters.append(1)


def freeze_a_slab_that_has_no_objects(m: Machine) -> None:
    m.slabs[0].links.clear()


def keep_a_large_block_without_pages(m: Machine) -> None:
    m.large[8] = (2, 1)


def run_on_an_offline_cpu(m: Machine) -> None:
    m.cpus[1].online = False
    m.cpus[1].pending.append(1)


def lose_a_cache_with_slabs(m: Machine) -> None:
    m.caches[0].state = CacheState.GONE


def keep_a_full_list_without_debugging(m: Machine) -> None:
    full = next(slab for slab in m.slabs.values() if slab.inuse == slab.objects and not slab.frozen)
    m.caches[0].node.full[full.id] = full


def debug_a_cache_with_cpu_slabs(m: Machine) -> None:
    m.caches[0].debug = True


BREACHES: tuple[tuple[str, Callable[[Machine], None]], ...] = (
    ("every_object_is_in_one_place", lose_an_object),
    ("every_object_is_in_one_place", chain_an_object_twice),
    ("freelist_and_inuse_make_up_the_slab", miscount_inuse),
    ("every_slab_is_in_one_place", park_a_slab_of_the_node),
    ("every_slab_is_in_one_place", drop_a_slab_of_the_node),
    ("every_slab_is_in_one_place", keep_a_slab_that_is_gone),
    ("frozen_slabs_are_a_cpu_s", freeze_a_slab_of_the_node),
    ("frozen_slabs_are_a_cpu_s", thaw_a_cpu_slab),
    ("frozen_slabs_are_a_cpu_s", park_a_slab_as_in_the_other_era),
    ("stacks_count_down", miscount_a_stack),
    ("the_node_counts_its_slabs", miscount_the_slabs),
    ("the_node_counts_its_slabs", miscount_the_objects),
    ("a_tid_is_its_cpu_s", give_a_tid_to_another_cpu),
    ("a_tid_is_its_cpu_s", keep_a_freelist_without_a_slab),
    ("every_frame_has_one_owner", lose_a_page),
    ("every_frame_has_one_owner", have_a_page_twice),
    ("every_frame_has_one_owner", draw_a_frame_wrongly),
    ("every_frame_has_one_owner", miscount_free_pages),
    ("free_buddies_are_merged", leave_buddies_unmerged),
    ("free_blocks_are_on_one_list", list_a_block_twice),
    ("reserved_pageblocks_are_counted", miscount_the_reserved_pageblocks),
    ("page_sets_count_their_pages", miscount_a_page_set),
    ("locks_are_held_with_interrupts_off", hold_a_lock_with_interrupts_on),
    ("locks_are_held_with_interrupts_off", wait_with_interrupts_on),
    ("locks_are_held_with_interrupts_off", wait_for_oneself),
    ("large_blocks_are_the_kernel_s", keep_a_large_block_without_pages),
    ("a_slab_without_objects_is_being_made", freeze_a_slab_that_has_no_objects),
    ("an_offline_cpu_is_idle", run_on_an_offline_cpu),
    ("a_cache_that_is_gone_has_no_slabs", lose_a_cache_with_slabs),
    ("full_slabs_are_listed_where_owners_are_stored", keep_a_full_list_without_debugging),
    ("debugged_caches_keep_nothing_on_a_cpu", debug_a_cache_with_cpu_slabs),
)


@pytest.mark.parametrize(("law", "breach"), BREACHES, ids=[breach.__name__ for _, breach in BREACHES])
@pytest.mark.parametrize("era", ERAS)
def test_a_broken_law_is_named(law: str, breach: Callable[[Machine], None], era: str) -> None:
    machine = busy_machine(era)
    assert check(machine) == []
    breach(machine)
    assert law in {sentence.partition(":")[0] for sentence in check(machine)}


def test_every_law_has_a_breach() -> None:
    assert {law for law, _ in BREACHES} == set(LAWS)


def test_an_empty_machine_breaks_none() -> None:
    assert check(Kernel(256).machine) == []


def test_what_a_path_holds_is_a_place_of_its_own() -> None:
    """A slab that is in nobody's list is fine in a hand, and in a parked task's hand too."""
    machine = busy_machine()
    slab = machine.caches[0].node.partial.pop(0)
    assert check(machine)
    machine.cpus[3].hand.discards.append(slab)
    assert check(machine) == []
    machine.cpus[3].hand.discards.clear()
    sleeper = Context(ContextKind.PROCESS, 9)
    sleeper.hand.old = slab
    machine.parked[9] = sleeper
    assert check(machine) == []
