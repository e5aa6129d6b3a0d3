"""What the kernel would print: layouts, and numbers that follow from a story."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from slabviz.cli.report import REPORT_NAMES
from slabviz.errors import UsageError
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.report.buddyinfo import buddyinfo
from slabviz.report.cache_counts import CacheCounts
from slabviz.report.counters import counters
from slabviz.report.meminfo import meminfo, meminfo_data
from slabviz.report.proc_text import SLABINFO
from slabviz.report.reports import REPORTS, Moment
from slabviz.report.slabinfo import slabinfo
from slabviz.report.slabtop import slabtop_lines
from slabviz.report.stats import statistics, statistics_lines
from slabviz.report.sysfs import sysfs_data
from slabviz.report.zoneinfo import zoneinfo
from slabviz.testing.kernel import Kernel


@pytest.fixture
def kernel() -> Kernel:
    """22 objects of 1536 bytes on CPU 0, then one of the first slab given back by CPU 1, which parks that slab."""
    kernel = Kernel(1536)
    objects = kernel.alloc(22)
    kernel.free(objects[0], cpu=1)
    return kernel


def test_slabinfo_counts_what_a_cpu_owns_as_active(kernel: Kernel) -> None:
    assert slabinfo(kernel.machine)[2] == (
        "cache                 42     42   1536   21    8 : tunables    0    0    0 : slabdata      2      2      0"
    )
    kernel.flush_stack(cpu=1)  # now the parked slab is the node's, and its free object is counted
    assert slabinfo(kernel.machine)[2].startswith("cache                 41     42   1536   21    8 : ")


def test_slabinfo_lists_the_newest_cache_first() -> None:
    caches = tuple(CacheConfig(name, 64) for name in ("first", "a_name_of_more_than_17", "last"))
    lines = slabinfo(Machine.boot(MachineConfig(2, 1024, caches)))[2:]
    assert [line.split()[0] for line in lines] == ["last", "a_name_of_more_than_17", "first"]
    assert lines[1].startswith("a_name_of_more_than_17      0      0     64   64    1 : tunables")
    assert all(SLABINFO.fullmatch(line) for line in lines)


def test_sysfs_says_what_lies_where(kernel: Kernel) -> None:
    files = sysfs_data(kernel.cache)
    assert list(files) == sorted(files)
    told = ("cpu_slabs", "slabs_cpu_partial", "objects", "partial", "total_objects", "order", "slab_size", "aliases")
    assert [files[name] for name in told] == [
        "1 N0=1", "10(1) C1=10(1)", "42 N0=42", "0", "42 N0=42", "3", "1536", "0",
    ]  # fmt: skip
    kernel.flush_stack(cpu=1)
    files = sysfs_data(kernel.cache)
    assert (files["partial"], files["objects"], files["objects_partial"]) == ("1 N0=1", "41 N0=41", "20 N0=20")
    assert files["slabs_cpu_partial"] == "0(0)"


def test_statistics_are_the_counters_by_cpu(kernel: Kernel) -> None:
    last = kernel.log.ticks - 1
    found = statistics(kernel.log, [0], 4, last)[0]
    assert {name: sum(values) for name, values in found.items()} == counters(kernel.log, 1)[0].values
    lines = statistics_lines("cache", found)
    assert lines[0] == "cache"
    assert {"  ALLOC_FASTPATH 20 C0=20", "  CPU_PARTIAL_FREE 1 C1=1", "  FREE_FASTPATH 0"} <= set(lines)


def test_memory_adds_up_in_every_report() -> None:
    reclaimable = CacheConfig("inode_cache", 640, flags=SlabFlags.RECLAIM_ACCOUNT)
    kernel = Kernel(cache=reclaimable)
    kernel.alloc(30)
    values = meminfo_data(kernel.machine)
    assert values["SReclaimable"] == values["KReclaimable"] == 2 * 16  # two slabs of order 2
    assert values["Slab"] == values["SReclaimable"] + values["SUnreclaim"]
    assert meminfo(kernel.machine)[0] == "MemTotal:           8192 kB"
    (line,) = buddyinfo(kernel.machine)
    assert re.fullmatch(r"Node 0, zone   Normal ( {5}\d| {4}\d\d){1}.* ", line)
    free = [int(blocks) for blocks in line.split()[4:]]
    assert len(free) == 11
    assert 4 * sum(blocks << order for order, blocks in enumerate(free)) == values["MemFree"]
    assert f"  pages free     {values['MemFree'] // 4}" in zoneinfo(kernel.machine)
    assert "      nr_slab_reclaimable 8" in zoneinfo(kernel.machine)


def test_slabtop_as_procps_lays_it_out() -> None:
    rows = [
        CacheCounts("small", 90, 102, 40, 102, 1, 1, 1),
        CacheCounts("none", 0, 0, 1024, 16, 4, 0, 0),
        CacheCounts("large", 300, 304, 8192, 4, 8, 76, 76),
    ]
    assert slabtop_lines(rows) == [
        " Active / Total Objects (% used)    : 390 / 406 (96.1%)",
        " Active / Total Slabs (% used)      : 77 / 77 (100.0%)",
        " Active / Total Caches (% used)     : 2 / 3 (66.7%)",
        " Active / Total Size (% used)       : 2403.52K / 2435.98K (98.7%)",
        " Minimum / Average / Maximum Object : 0.04K / 6.00K / 8.00K",
        "",
        "  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME                   ",
        "   304    300  98%    8.00K     76        4      2432K large                  ",
        "   102     90  88%    0.04K      1      102         4K small                  ",
        "     0      0   0%    1.00K      0       16         0K none                   ",
    ]
    assert "0 / 0 (0.0%)" in slabtop_lines([])[0]


def test_an_unknown_cache_is_refused_with_the_nearest_names(kernel: Kernel) -> None:
    moment = Moment("story", kernel.machine, kernel.log, 0)
    with pytest.raises(UsageError, match="story: there is no cache 'cahce'; did you mean cache?"):
        REPORTS["sysfs"].lines(moment, "cahce")
    with pytest.raises(UsageError, match="there are cache"):
        REPORTS["stats"].lines(moment, "zzz")
    with pytest.raises(UsageError, match="has no history"):
        REPORTS["stats"].lines(replace(moment, log=None), None)


def test_the_command_knows_every_report() -> None:
    assert tuple(REPORTS) == REPORT_NAMES
