"""devm_kmalloc: the kernel's 40-byte header, early frees, foreign pointers, and release in reverse order."""

from __future__ import annotations

from slabviz.devmem.devres import (
    DEVM_KMALLOC_RELEASE,
    NODE_SIZE,
    devm_kfree,
    devm_kmalloc,
    devres_of,
    devres_release_all,
    size_of,
)
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.memory import read_bytes
from slabviz.slub.world import NULL_POINTER
from tests.devmem.test_dev_kmalloc import ETH0, Driver


def devm_alloc(driver: Driver, size: int) -> int:
    return driver.run(devm_kmalloc(driver.world, 0, 0, size, GFP_KERNEL, ETH0))


def devm_free(driver: Driver, address: int) -> bool:
    return driver.run(devm_kfree(driver.world, 0, 0, address, ETH0))


def test_64_bytes_lie_behind_a_header_of_40() -> None:
    driver = Driver()
    user = devm_alloc(driver, 64)
    place = driver.machine.virt_to_slab(user)
    assert place is not None
    assert (place[0].cache.name, place[1] % 128) == ("kmalloc-128", NODE_SIZE)
    node = user - NODE_SIZE
    assert devres_of(driver.machine, 0) == [node]
    assert size_of(driver.machine, node) == 64
    assert read_bytes(driver.machine, node + 16, 8) == DEVM_KMALLOC_RELEASE.to_bytes(8, "little")


def test_nothing_is_listed_for_no_bytes() -> None:
    driver = Driver()
    assert devm_alloc(driver, 0) == ZERO_SIZE_PTR
    assert devm_free(driver, ZERO_SIZE_PTR)
    assert devm_free(driver, NULL_POINTER)
    assert devres_of(driver.machine, 0) == []


def test_a_foreign_pointer_gets_a_warning_and_nothing_is_freed() -> None:
    driver = Driver()
    ours, foreign = devm_alloc(driver, 64), driver.kmalloc(64)
    before = len(driver.machine.slabs[0].owners)
    assert not devm_free(driver, foreign)
    assert driver.kinds()[-1] == Kind.DEVM_NOT_FOUND
    assert devm_free(driver, ours)
    assert not devm_free(driver, ours), "the second time it is foreign too"
    assert len(driver.machine.slabs[0].owners) == before - 1


def test_detach_releases_in_reverse_order() -> None:
    driver = Driver()
    nodes = [devm_alloc(driver, size) - NODE_SIZE for size in (100, 9000, 20)]
    assert devres_of(driver.machine, 0) == nodes
    first = len(driver.log)
    assert driver.run(devres_release_all(driver.world, 0, 0, ETH0)) == 3
    told = [event for event in driver.log.events(first) if event[0] in (Kind.KFREE_ENTER, Kind.KFREE_LARGE)]
    assert [event[0] for event in told] == [Kind.KFREE_ENTER, Kind.KFREE_LARGE, Kind.KFREE_ENTER]
    assert driver.machine.virt_to_slab(nodes[2]) == (driver.machine.slabs[told[0][2]], told[0][3])
    assert driver.machine.virt_to_slab(nodes[0]) == (driver.machine.slabs[told[2][2]], told[2][3])
    assert devres_of(driver.machine, 0) == []
    assert not any(slab.owners for slab in driver.machine.slabs.values())
