"""Sizes, orders and limits against the table and derivations of slub-semantics.md sections 1, 4.6 and 9."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slabviz.errors import UsageError
from slabviz.model.flags import SlabFlags
from slabviz.model.kmalloc_classes import (
    KMALLOC_CLASSES,
    KmallocType,
    kmalloc_geometry,
    kmalloc_index,
    kmalloc_name,
)
from slabviz.model.sizing import (
    KMALLOC_MAX_SIZE,
    PAGE_SIZE,
    Geometry,
    SlubParameters,
    default_min_objects,
    geometry,
    get_order,
)

FZPU = SlabFlags.CONSISTENCY_CHECKS | SlabFlags.RED_ZONE | SlabFlags.POISON | SlabFlags.STORE_USER

#: size, CPUs, wanted objects, order, objects, waste, smallest order/objects, min_partial, cpu_partial, …_slabs
TABLE = """
    8      4 16  0 512     0  0/512  5 120  1
    16     4 16  0 256     0  0/256  5 120  1
    32     4 16  0 128     0  0/128  5 120  2
    64     1  8  0  64     0  0/64   5 120  4
    64     4 16  0  64     0  0/64   5 120  4
    96     4 16  0  42    64  0/42   5 120  6
    128    4 16  0  32     0  0/32   5 120  8
    192    4 16  0  21    64  0/21   5 120 12
    256    4 16  0  16     0  0/16   5  52  7
    512    4 16  1  16     0  0/8    5  52  7
    640    4 16  2  25   384  0/6    5  52  5
    704    4 16  2  23   192  0/5    5  52  5
    1024   4 16  2  16     0  0/4    5  24  3
    1024  64 32  3  32     0  0/4    5  24  2
    1088   8 20  3  30   128  0/3    5  24  2
    1536   1  8  2  10  1024  0/2    5  24  5
    1536   2 12  3  21   512  0/2    5  24  3
    1536   4 16  3  21   512  0/2    5  24  3
    1536  16 24  3  21   512  0/2    5  24  3
    1536  64 32  3  21   512  0/2    5  24  3
    2048   4 16  3  16     0  0/2    5  24  3
    2880   8 20  3  11  1088  0/1    5  24  5
    3264   4 16  3  10   128  0/1    5  24  5
    4096   2 12  3   8     0  0/1    6   6  2
    4096  64 32  3   8     0  0/1    6   6  2
    4200   4 16  3   7  3368  1/1    6   6  2
    6144   4 16  3   5  2048  1/1    6   6  3
    8192   4 16  3   4     0  1/1    6   6  3
    10240  4 16  3   3  2048  2/1    6   6  4
    10928  4 16  2   1  5456  2/1    6   6 12
    12288  4 16  3   2  8192  2/1    6   6  6
    16384  4 16  3   2     0  2/1    7   6  6
    17000  4 16  3   1 15768  3/1    7   6 12
    36864  4 16  4   1 28672  4/1    7   6 12
"""


@pytest.mark.parametrize("row", [row.strip() for row in TABLE.strip().splitlines()])
def test_the_table_of_the_semantics(row: str) -> None:
    size, cpus, wanted, order, objects, waste, smallest, min_partial, cpu_partial, slabs = row.split()
    made = geometry(int(size), present_cpus=int(cpus), possible_cpus=int(cpus))
    assert default_min_objects(int(cpus), int(cpus)) == int(wanted)
    assert (made.oo_order, made.oo_objects) == (int(order), int(objects))
    assert (PAGE_SIZE << made.oo_order) - made.oo_objects * made.size == int(waste)
    assert f"{made.min_order}/{made.min_objects}" == smallest
    assert (made.min_partial, made.cpu_partial, made.cpu_partial_slabs) == (
        int(min_partial), int(cpu_partial), int(slabs),
    )  # fmt: skip


def test_one_present_cpu_counts_the_possible_ones() -> None:
    assert default_min_objects(1, 8) == default_min_objects(8, 8) == 20
    assert default_min_objects(2, 64) == 12


@pytest.mark.parametrize(("size", "align"), [(8, 8), (9, 16), (16, 16), (17, 32), (32, 32), (33, 64), (1536, 64)])
def test_cache_line_alignment_halves_while_two_objects_fit(size: int, align: int) -> None:
    assert make(size, flags=SlabFlags.HWCACHE_ALIGN).align == align


@pytest.mark.parametrize(
    ("size", "offset"), [(8, 0), (16, 8), (24, 8), (32, 16), (64, 32), (96, 48), (192, 96), (1536, 768)]
)
def test_the_free_pointer_lies_in_the_middle(size: int, offset: int) -> None:
    assert make(size).offset == offset


@pytest.mark.parametrize("behind", [{"ctor": True}, {"flags": SlabFlags.TYPESAFE_BY_RCU}])
def test_the_free_pointer_lies_behind_what_must_survive_a_free(behind: dict[str, bool]) -> None:
    made = geometry(100, present_cpus=4, possible_cpus=4, **behind)  # type: ignore[arg-type]  # one keyword or the other
    assert (made.inuse, made.offset, made.size) == (104, 104, 112)


@pytest.mark.parametrize(
    ("size", "slot", "objects", "order"),
    [
        (8, 112, 36, 0), (64, 256, 16, 0), (96, 200, 20, 0), (192, 296, 27, 1), (256, 768, 21, 2), (512, 1536, 21, 3),
        (1024, 3072, 10, 3), (4096, 12288, 2, 3),
    ],
)  # fmt: skip
def test_kmalloc_slots_with_all_debug_flags(size: int, slot: int, objects: int, order: int) -> None:
    index = kmalloc_index(size)
    assert index is not None
    made = kmalloc_geometry(index, debug=FZPU, present_cpus=4, possible_cpus=4)
    assert (made.size, made.oo_objects, made.oo_order, made.cpu_partial_slabs) == (slot, objects, order, 0)


def test_allocflags_and_final_flags() -> None:
    made = make(1024, flags=SlabFlags.RECLAIM_ACCOUNT | SlabFlags.CACHE_DMA)
    assert made.allocflags == 0x40011
    assert SlabFlags.CMPXCHG_DOUBLE in made.flags
    assert SlabFlags.CMPXCHG_DOUBLE not in make(64, flags=FZPU).flags
    assert make(64, flags=SlabFlags.CACHE_DMA32).allocflags == 0x4


def test_tuning_changes_limits_and_nothing_else() -> None:
    made = make(512)
    tuned = made.tuned(min_partial=0, cpu_partial=8)
    assert (tuned.min_partial, tuned.cpu_partial, tuned.cpu_partial_slabs, tuned.size) == (0, 8, 1, made.size)
    assert made.tuned(cpu_partial=0).cpu_partial_slabs == 0
    with pytest.raises(UsageError, match="0 or more"):
        made.tuned(min_partial=-1)
    with pytest.raises(UsageError, match="debug"):
        make(512, flags=FZPU).tuned(cpu_partial=1)


def test_boot_parameters_decide_orders() -> None:
    wide = SlubParameters(min_order=1, max_order=4, min_objects=40)
    made = geometry(1024, present_cpus=4, possible_cpus=4, parameters=wide)
    assert (made.oo_order, made.oo_objects) == (4, 64)
    assert geometry(64, present_cpus=4, possible_cpus=4, parameters=wide).oo_order == 1


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"object_size": 0}, "object size 0 is impossible: 1 to 4194304 bytes"),
        ({"object_size": KMALLOC_MAX_SIZE + 1}, "object size 4194305 is impossible"),
        ({"object_size": KMALLOC_MAX_SIZE, "ctor": True}, "no slab holds an object"),
        ({"align": 24}, "alignment 24 is impossible: 0 or a power of two"),
        ({"align": -8}, "alignment -8 is impossible"),
        ({"present_cpus": 0}, "0 present of 4 possible CPUs"),
        ({"present_cpus": 5}, "5 present of 4 possible CPUs"),
    ],
)
def test_what_no_cache_can_be_is_refused(request_: dict[str, int], reason: str) -> None:
    arguments = {"object_size": 64, "present_cpus": 4, "possible_cpus": 4} | request_
    with pytest.raises(UsageError, match=reason):
        geometry(**arguments)  # type: ignore[arg-type]  # the table mixes keywords of several types


def make(size: int, flags: SlabFlags = SlabFlags(0)) -> Geometry:
    return geometry(size, flags=flags, present_cpus=4, possible_cpus=4)


@given(
    size=st.integers(1, 300_000),
    align=st.sampled_from([0, 8, 32, 64, 256, 4096]),
    flags=st.sampled_from([SlabFlags(0), SlabFlags.HWCACHE_ALIGN, SlabFlags.TYPESAFE_BY_RCU, FZPU]),
    ctor=st.booleans(),
    cpus=st.integers(1, 512),
)
def test_objects_fit_into_slots_and_slots_into_slabs(
    size: int, align: int, flags: SlabFlags, ctor: bool, cpus: int
) -> None:
    made = geometry(size, align, flags, ctor, present_cpus=cpus, possible_cpus=cpus)
    assert made.size % made.align == 0
    assert made.red_left_pad + max(made.object_size, made.offset + 8) <= made.size
    assert 1 <= made.oo_objects == made.objects_at(made.oo_order) <= 32767
    assert made.min_order <= made.oo_order <= 10
    assert 5 <= made.min_partial <= 10
    assert (made.cpu_partial_slabs - 1) * made.oo_objects < 2 * made.cpu_partial or made.cpu_partial == 0


@pytest.mark.parametrize(
    ("size", "index"),
    [
        (0, 0), (1, 3), (8, 3), (9, 4), (64, 6), (65, 1), (96, 1), (97, 7), (128, 7), (129, 2), (192, 2), (193, 8),
        (8192, 13), (8193, None), (KMALLOC_MAX_SIZE, None),
    ],
)  # fmt: skip
def test_kmalloc_index(size: int, index: int | None) -> None:
    assert kmalloc_index(size) == index


@given(st.integers(1, 8192))
def test_a_kmalloc_class_is_the_smallest_that_fits(size: int) -> None:
    index = kmalloc_index(size)
    assert index is not None
    assert KMALLOC_CLASSES[index] == min(fit for fit in KMALLOC_CLASSES.values() if fit >= size)


def test_kmalloc_names_and_limits() -> None:
    assert kmalloc_name(1) == "kmalloc-96"
    assert kmalloc_name(13, KmallocType.RECLAIM) == "kmalloc-rcl-8k"
    for size in (-1, KMALLOC_MAX_SIZE + 1):
        with pytest.raises(UsageError, match=r"0 to 4194304 bytes"):
            kmalloc_index(size)


@pytest.mark.parametrize(("size", "order"), [(1, 0), (4096, 0), (4097, 1), (8192, 1), (KMALLOC_MAX_SIZE, 10)])
def test_get_order(size: int, order: int) -> None:
    assert get_order(size) == order
