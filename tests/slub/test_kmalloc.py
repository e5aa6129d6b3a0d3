"""kmalloc, kfree, ksize and krealloc: which cache or block of pages serves what, and how it is given back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.errors import UsageError
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL, Gfp
from slabviz.model.image import image_of, machine_of
from slabviz.model.kmalloc_caches import kmalloc_configs
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.model.memory import read_bytes
from slabviz.model.sizing import PAGE_SIZE
from slabviz.slub.access import write_bytes
from slabviz.slub.kmalloc import kfree, kmalloc, kmalloc_size_roundup, krealloc, ksize
from slabviz.slub.world import NULL_POINTER, World
from slabviz.testing.laws import LawfulAtomic

CONFIG = MachineConfig(2, 4096, kmalloc_configs(range(4)))
HOLDER = 1
MIB = 1 << 20


class Calls:
    """kmalloc and its relatives in whole calls on one machine, every law checked after every event."""

    def __init__(self, config: MachineConfig = CONFIG, detail: bool = True) -> None:
        self.machine = Machine.boot(config)
        self.log = EventLog()
        self.log.begin_tick()
        self.world = World(self.machine, lambda cache: -1, detail)
        self.drive = LawfulAtomic(self.world, self.log).drive

    def kmalloc(self, size: int, gfp: int = GFP_KERNEL, cpu: int = 0) -> int:
        return self.drive(kmalloc(self.world, cpu, size, gfp, HOLDER))

    def kfree(self, address: int, cpu: int = 0) -> None:
        self.drive(kfree(self.world, cpu, address))

    def krealloc(self, address: int, size: int) -> int:
        return self.drive(krealloc(self.world, 0, address, size, GFP_KERNEL, HOLDER))

    def cache_of(self, address: int) -> str:
        place = self.machine.virt_to_slab(address)
        return place[0].cache.name if place else ""

    def events(self, kind: Kind) -> list[tuple[int, int, int]]:
        """(slab, arg, who) of the events of one kind."""
        return [event[2:] for event in self.log.events() if event[0] == kind]


@pytest.fixture(params=[False, True], ids=["whole calls", "every step"])
def calls(request: pytest.FixtureRequest) -> Calls:
    return Calls(detail=request.param)


@pytest.mark.parametrize(
    ("size", "gfp", "cache"),
    [
        (1, GFP_KERNEL, "kmalloc-8"),
        (8, GFP_KERNEL, "kmalloc-8"),
        (9, GFP_KERNEL, "kmalloc-16"),
        (65, GFP_KERNEL, "kmalloc-96"),
        (96, GFP_ATOMIC, "kmalloc-96"),
        (97, GFP_KERNEL, "kmalloc-128"),
        (129, GFP_KERNEL, "kmalloc-192"),
        (193, GFP_KERNEL, "kmalloc-256"),
        (8192, GFP_KERNEL, "kmalloc-8k"),
        (100, GFP_KERNEL | Gfp.ACCOUNT, "kmalloc-cg-128"),
        (100, GFP_KERNEL | Gfp.RECLAIMABLE, "kmalloc-rcl-128"),
        (100, GFP_KERNEL | Gfp.RECLAIMABLE | Gfp.ACCOUNT, "kmalloc-rcl-128"),
        (100, Gfp.DMA | Gfp.RECLAIMABLE | Gfp.ACCOUNT, "dma-kmalloc-128"),
    ],
)
def test_size_and_flags_choose_the_cache(calls: Calls, size: int, gfp: int, cache: str) -> None:
    address = calls.kmalloc(size, gfp)
    assert calls.cache_of(address) == cache
    assert ksize(calls.machine, address) == kmalloc_size_roundup(size)
    assert [event[1:] for event in calls.events(Kind.KMALLOC_ENTER)] == [(size, HOLDER)]
    calls.kfree(address)
    assert len(calls.events(Kind.KFREE_ENTER)) == 1
    assert not any(slab.owners for slab in calls.machine.slabs.values())


def test_what_was_asked_for_costs_no_step_of_its_own(calls: Calls) -> None:
    cache = calls.machine.kmalloc_caches[0][6]
    step = next(kmalloc(calls.world, 0, 60, GFP_KERNEL, HOLDER))
    assert step == [
        (Kind.KMALLOC_ENTER, 0, cache.id, 60, HOLDER),
        (Kind.ALLOC_ENTER, 0, cache.id, GFP_KERNEL, HOLDER),
    ]


def test_nothing_is_asked_for_and_nothing_is_freed(calls: Calls) -> None:
    before = image_of(calls.machine)
    assert calls.kmalloc(0) == ZERO_SIZE_PTR == 16
    assert ksize(calls.machine, ZERO_SIZE_PTR) == ksize(calls.machine, NULL_POINTER) == 0
    calls.kfree(ZERO_SIZE_PTR)
    calls.kfree(NULL_POINTER)
    assert image_of(calls.machine) == before
    assert calls.events(Kind.KFREE_NOTHING) == [(0, 16, 0), (0, 0, 0)], "the kfree event is told first"


@pytest.mark.parametrize(("size", "order"), [(8193, 2), (16384, 2), (16385, 3), (MIB, 8), (4 * MIB, 10)])
def test_above_8_kib_whole_pages_are_given(calls: Calls, size: int, order: int) -> None:
    address = calls.kmalloc(size)
    machine = calls.machine
    assert address % (PAGE_SIZE << order) == machine.config.page_offset % (PAGE_SIZE << order)
    assert (machine.large_pages, machine.slabs) == (1 << order, {})
    assert ksize(machine, address) == ksize(machine, address + size - 1) == PAGE_SIZE << order
    assert machine_of(CONFIG, image_of(machine)).large == machine.large
    calls.kfree(address + 100)  # a pointer into a compound block means the block
    assert machine.large_pages == 0
    assert machine.zone.nr_free + machine.zone.pcp_pages() == machine.zone.managed


def test_above_4_mib_kmalloc_fails(calls: Calls) -> None:
    assert calls.kmalloc(4 * MIB + 1) == NULL_POINTER
    assert calls.events(Kind.KMALLOC_LARGE_FAILED) == [(11, 0, HOLDER)]


def test_kfree_of_what_kmalloc_never_gave(calls: Calls) -> None:
    address = calls.kmalloc(10_000)
    calls.kfree(address)
    before = image_of(calls.machine)
    calls.kfree(address)  # the second time its pages are nobody's: a warning, and nothing happens
    assert image_of(calls.machine) == before
    assert len(calls.events(Kind.KFREE_NO_SLAB)) == 1


def test_krealloc_stays_where_it_fits(calls: Calls) -> None:
    first = calls.kmalloc(100)
    assert calls.krealloc(first, 128) == first
    second = calls.krealloc(first, 129)
    assert second != first
    assert (calls.cache_of(second), calls.krealloc(second, 60)) == ("kmalloc-192", second), "it never becomes smaller"
    third = calls.krealloc(second, 9000)
    assert calls.machine.large_pages == 4
    assert calls.krealloc(third, 0) == ZERO_SIZE_PTR
    assert calls.krealloc(NULL_POINTER, 8) != NULL_POINTER
    assert sum(len(slab.owners) for slab in calls.machine.slabs.values()) == 1
    assert calls.machine.large_pages == 0


def test_krealloc_carries_the_contents(calls: Calls) -> None:
    old = calls.kmalloc(100)
    calls.drive(write_bytes(calls.world, 0, old, b"slab" * 25, HOLDER))
    slab = calls.krealloc(old, 200)
    pages = calls.krealloc(slab, 9000)
    assert read_bytes(calls.machine, pages, 104) == b"slab" * 25 + bytes(4)
    assert calls.machine.large_pages == 4


def test_a_failed_krealloc_leaves_the_old_one(calls: Calls) -> None:
    old = calls.kmalloc(64)
    assert calls.krealloc(old, 5 * MIB) == NULL_POINTER
    place = calls.machine.virt_to_slab(old)
    assert place is not None
    assert place[1] in place[0].owners


@pytest.mark.parametrize("size", [-1, 1 << 31])
def test_a_size_that_cannot_be_asked_for(calls: Calls, size: int) -> None:
    with pytest.raises(UsageError, match="0 to 2147483647 bytes are allowed"):
        calls.kmalloc(size)


def test_an_address_outside_of_memory(calls: Calls) -> None:
    for action in (calls.kfree, lambda address: ksize(calls.machine, address)):
        with pytest.raises(UsageError, match="lies outside of memory: 0xffff888000000000 to 0xffff888000ffffff"):
            action(0xFFFF888001000000)


def test_a_machine_without_the_cache_says_so() -> None:
    with pytest.raises(UsageError, match="needs the cache kmalloc-cg-128"):
        Calls(MachineConfig(1, 256, kmalloc_configs())).kmalloc(100, GFP_KERNEL | Gfp.ACCOUNT)


SIZES = st.one_of(st.integers(0, 300), st.integers(300, 9000), st.integers(9000, 100_000))
GFPS = st.sampled_from((GFP_KERNEL, GFP_ATOMIC, GFP_KERNEL | Gfp.ACCOUNT, GFP_KERNEL | Gfp.RECLAIMABLE, int(Gfp.DMA)))
VERBS = st.tuples(st.sampled_from(("kmalloc", "kfree", "krealloc")), SIZES, GFPS, st.integers(0, 1), st.integers(0, 99))


@settings(max_examples=40, deadline=None)
@given(st.lists(VERBS, max_size=40), st.sampled_from(("", "F", "Z", "P", "U", "FZ", "FZPU")), st.booleans())
def test_no_byte_has_two_holders_and_no_page_is_lost(
    verbs: list[tuple[str, int, int, int, int]], debug: str, init_on_alloc: bool
) -> None:
    calls = Calls(replace(CONFIG, slub_debug=debug, init_on_alloc=init_on_alloc), detail=False)
    live: dict[int, int] = {}  # address -> size asked for
    for verb, size, gfp, cpu, pick in verbs:
        old = sorted(live)[pick % len(live)] if live else NULL_POINTER
        if verb == "kmalloc":
            new = calls.kmalloc(size, gfp, cpu)
        else:
            live.pop(old, None)
            new = calls.krealloc(old, size) if verb == "krealloc" else NULL_POINTER
            if verb == "kfree":
                calls.kfree(old, cpu)
        if new not in (NULL_POINTER, ZERO_SIZE_PTR):
            live[new] = size
        _check(calls.machine, live)
    for address in live:
        calls.kfree(address)
    assert calls.machine.large_pages == 0
    assert not any(slab.owners for slab in calls.machine.slabs.values())


def _check(machine: Machine, live: dict[int, int]) -> None:
    end = 0
    for address in sorted(live):
        assert end <= address, "a byte belongs to two live objects"
        assert live[address] <= ksize(machine, address)
        end = address + ksize(machine, address)
    held = sum(len(slab.owners) for slab in machine.slabs.values()) + len(machine.large)
    assert held == len(live), "what is not freed is exactly what is held"
    zone = machine.zone
    pages = sum(1 << slab.order for slab in machine.slabs.values()) + machine.large_pages
    assert zone.nr_free + zone.pcp_pages() + pages == zone.managed
