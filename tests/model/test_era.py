"""Eras: what differs between the kernels, and that nothing can be asked of one that is not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slabviz.errors import UsageError
from slabviz.model.era import ERAS, LINUX_6_1, LINUX_6_12, Era, era_named, version_of
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import Gfp, may_sleep
from slabviz.model.kmalloc_classes import KmallocType, kmalloc_align, kmalloc_geometry
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.sizing import Geometry, SlubParameters, geometry

BOTH = pytest.mark.parametrize("era", ERAS.values(), ids=list(ERAS))
FILP = SlabFlags.TYPESAFE_BY_RCU | SlabFlags.HWCACHE_ALIGN


def of(size: int, era: Era, flags: SlabFlags = SlabFlags(0), cpus: int = 4, chosen: int | None = None) -> Geometry:
    return geometry(size, 0, flags, present_cpus=cpus, possible_cpus=cpus, era=era, chosen_offset=chosen)


def test_an_era_is_known_by_its_name_only() -> None:
    assert [era_named(name).name for name in ERAS] == list(ERAS) == ["6.1", "6.12"]
    for unknown in ("6.18", "6.1.0", "", "6"):
        with pytest.raises(UsageError, match="known are 6.1 and 6.12"):
            era_named(unknown)


def test_a_machine_has_the_era_of_its_config() -> None:
    for name, era in ERAS.items():
        assert Machine.boot(MachineConfig(1, 256, (CacheConfig("cache", 64),), kernel=name)).era is era
    with pytest.raises(UsageError, match=r"kernel 5\.4 is not modelled"):
        Machine.boot(MachineConfig(1, 256, (), kernel="5.4"))


@pytest.mark.parametrize(
    ("uname", "version"),
    [("Linux (none) 6.1.0-56-amd64 #1 SMP", "6.1"), ("Linux host 6.12.117+deb12-amd64 #1", "6.12"), ("BSD", "BSD")],
)
def test_the_version_in_a_uname(uname: str, version: str) -> None:
    assert version_of(uname) == version


@BOTH
@given(number=st.integers(0, (1 << 40) - 1))
def test_every_number_of_flags_is_read_and_written_unchanged(era: Era, number: int) -> None:
    assert era.flags.write(era.flags.read(number)) == number


def test_the_same_flag_has_another_number() -> None:
    assert LINUX_6_12.flags.write(SlabFlags.HWCACHE_ALIGN) == 0x10
    assert LINUX_6_1.flags.write(SlabFlags.HWCACHE_ALIGN) == 0x2000
    assert LINUX_6_12.flags.read(0x40200) == SlabFlags.CMPXCHG_DOUBLE | SlabFlags.TYPESAFE_BY_RCU
    assert not LINUX_6_12.flags.read(0x80000000) & SlabFlags.OBJECT_POISON  # a bit without a name is no other flag


@given(size=st.integers(1, 40_000), cpus=st.sampled_from((1, 2, 4, 8, 16, 64)))
def test_only_sizes_from_10921_to_12280_have_another_order(size: int, cpus: int) -> None:
    older, newer = of(size, LINUX_6_1, cpus=cpus), of(size, LINUX_6_12, cpus=cpus)
    differs = 10928 <= newer.size <= 12280
    assert (older.oo_order, newer.oo_order) == ((2, 3) if differs else (newer.oo_order, older.oo_order))
    assert newer.oo_objects == (2 if differs else older.oo_objects)
    assert (older.min_order, older.min_partial, older.cpu_partial) == (
        newer.min_order, newer.min_partial, newer.cpu_partial,
    )  # fmt: skip


@BOTH
def test_what_no_slab_can_hold_is_refused_and_boot_parameters_count(era: Era) -> None:
    def order(size: int, **parameters: int) -> int:
        made = geometry(size, present_cpus=4, possible_cpus=4, era=era, parameters=SlubParameters(**parameters))
        return made.oo_order

    assert (order(256, min_order=2), order(256, max_order=0), order(4096, min_objects=2)) == (2, 0, 1)
    assert order(4 << 20) == 10
    with pytest.raises(UsageError, match="allowed 0 to 10"):
        geometry(4 << 20, 0, ctor=True, present_cpus=1, possible_cpus=1, era=era)


def test_pages_are_compound_at_every_order_and_kmalloc_is_aligned_to_its_divisor() -> None:
    assert (of(256, LINUX_6_1).allocflags, of(256, LINUX_6_12).allocflags) == (0, 0x40000)
    assert [kmalloc_align(size, LINUX_6_1) for size in (8, 96, 192, 4096)] == [8, 0, 0, 4096]
    assert [kmalloc_align(size, LINUX_6_12) for size in (8, 96, 192, 4096)] == [8, 32, 64, 4096]
    normal, dma = (
        kmalloc_geometry(2, kind, present_cpus=4, possible_cpus=4, era=LINUX_6_12)
        for kind in (KmallocType.NORMAL, KmallocType.DMA)
    )
    assert (LINUX_6_12.flags.write(normal.flags), LINUX_6_12.flags.write(dma.flags)) == (0x41008, 0x40028)


def test_the_free_pointer_of_filp_lies_where_its_creator_chose() -> None:
    filp = of(184, LINUX_6_12, FILP, chosen=152)
    assert (filp.offset, filp.inuse, filp.size, filp.oo_objects) == (152, 184, 192, 21)
    assert (of(184, LINUX_6_12, FILP).offset, of(192, LINUX_6_12, FILP).size) == (184, 256)
    for wrong, era, flags, message in (
        (152, LINUX_6_1, FILP, r"cannot be chosen in Linux 6\.1"),
        (152, LINUX_6_12, SlabFlags.PANIC, "TYPESAFE_BY_RCU caches only"),
        (150, LINUX_6_12, FILP, "a multiple of 8 below 184"),
        (184, LINUX_6_12, FILP, "a multiple of 8 below 184"),
    ):
        with pytest.raises(UsageError, match=message):
            of(184, era, flags, chosen=wrong)


def test_how_many_slabs_a_visit_to_the_node_parks() -> None:
    limits = (0, 1, 2, 3, 4, 7, 12)
    assert [LINUX_6_1.extra_slabs(limit) for limit in limits] == [1, 1, 2, 2, 3, 4, 7]
    assert [LINUX_6_12.extra_slabs(limit) for limit in limits] == [0, 1, 2, 2, 3, 4, 7]


def test_gfp_atomic_is_told_by_other_bits() -> None:
    assert (LINUX_6_1.gfp["GFP_ATOMIC"], LINUX_6_12.gfp["GFP_ATOMIC"]) == (0xA20, 0x820)
    assert (LINUX_6_1.gfp["GFP_NOWAIT"], LINUX_6_12.gfp["GFP_NOWAIT"]) == (0x800, 0x2800)
    assert LINUX_6_1.gfp.keys() == LINUX_6_12.gfp.keys()
    asked = (0xA20, 0xA20 | Gfp.ZERO, 0x800, 0xCC0)
    assert [LINUX_6_1.gfp_bits(gfp) for gfp in asked] == list(asked)
    assert [LINUX_6_12.gfp_bits(gfp) for gfp in asked] == [0x820, 0x820 | Gfp.ZERO, 0x2800, 0xCC0]
    for name, gfp in LINUX_6_12.gfp.items():
        assert not gfp & Gfp.ATOMIC
        assert may_sleep(gfp) == may_sleep(LINUX_6_1.gfp[name])
