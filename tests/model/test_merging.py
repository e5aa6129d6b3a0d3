"""Caches that share one (slub-semantics.md 1.6): who fits, who never does, and what the shared one is called."""

from __future__ import annotations

import pytest

from slabviz.model.flags import NO_FLAGS, SlabFlags
from slabviz.model.kmalloc_caches import kmalloc_config
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.merging import find_mergeable, merged, sysfs_name


def cache(
    name: str, size: int, flags: SlabFlags = NO_FLAGS, align: int = 0, ctor: bool = False, usercopy: bool = False
) -> CacheConfig:
    return CacheConfig(name, size, align, flags, ctor, usercopy=usercopy)


HOST = cache("host", 192)


@pytest.mark.parametrize(
    ("new", "fits"),
    [
        (cache("same", 192), True),
        (cache("rounded up to it", 185), True),
        (cache("8 bytes smaller", 184), False),
        (cache("larger", 200), False),
        (cache("cache-line aligned", 192, SlabFlags.HWCACHE_ALIGN), True),
        (cache("aligned to 128", 185, align=128), False),
        (cache("reclaimable", 192, SlabFlags.RECLAIM_ACCOUNT), False),
        (cache("accounted", 192, SlabFlags.ACCOUNT), False),
        (cache("with a ctor", 192, ctor=True), False),
        (cache("copied to user space", 192, usercopy=True), False),
        (cache("freed by RCU", 192, SlabFlags.TYPESAFE_BY_RCU), False),
        (cache("poisoned", 192, SlabFlags.POISON), False),
        (cache("checked only", 192, SlabFlags.CONSISTENCY_CHECKS), True),
        (cache("no leak trace", 192, SlabFlags.NOLEAKTRACE), False),
    ],
    ids=lambda value: value.name if isinstance(value, CacheConfig) else "",
)
def test_who_fits_into_a_cache_of_192_bytes(new: CacheConfig, fits: bool) -> None:
    assert (find_mergeable([HOST], new, cpus=4) is HOST) is fits


def test_debugging_keeps_caches_apart() -> None:
    assert find_mergeable([HOST], cache("new", 192), 4, "Z,host") is None
    assert find_mergeable([HOST], cache("new", 192), 4, "Z,other") is HOST
    assert find_mergeable([HOST], cache("new", 192), 4, "F") is HOST


def test_nothing_merges_with_a_kmalloc_cache() -> None:
    assert find_mergeable([kmalloc_config(0, 2)], HOST, cpus=4) is None


def test_the_oldest_that_fits_is_taken_and_two_names_mean_one_cache() -> None:
    made = merged([cache("a", 190), cache("b", 192, SlabFlags.PANIC), cache("c", 64), cache("d", 188)], cpus=4)
    assert [item.name for item in made] == ["a", "c"]
    host = Machine.boot(MachineConfig(4, 256, made)).caches[0]
    assert (host.aliases, host.refcount) == (("b", "d"), 3)
    assert (host.geometry.object_size, host.geometry.inuse, host.size) == (192, 192, 192)


@pytest.mark.parametrize(
    ("size", "flags", "name"),
    [
        (192, NO_FLAGS, ":0000192"),
        (640, SlabFlags.RECLAIM_ACCOUNT | SlabFlags.ACCOUNT, ":aA-0000640"),
        (64, SlabFlags.CACHE_DMA | SlabFlags.CONSISTENCY_CHECKS, ":dF-0000064"),
    ],
)
def test_the_directory_in_sysfs(size: int, flags: SlabFlags, name: str) -> None:
    assert sysfs_name("own", size, flags) == name
    assert sysfs_name("own", size, flags, mergeable=False) == "own"
