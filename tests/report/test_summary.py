"""Counters by the kernel's names, and what a run amounts to."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from slabviz.engine.engine import Engine
from slabviz.model.cast import Cast
from slabviz.model.events import Kind
from slabviz.model.events.kinds import LAST_OF_CACHES
from slabviz.model.events.statistics import NO_CACHE, STATISTICS, cache_of_each
from slabviz.model.invariants import check
from slabviz.model.machine import MachineConfig
from slabviz.report.counters import counters
from slabviz.report.lock_waits import LockWaits, lock_waits
from slabviz.report.summary import summary, summary_json
from slabviz.testing.kernel import Kernel
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline.run import About, Run, Verdict

KERNEL_NAMES = """
ALLOC_FASTPATH ALLOC_SLOWPATH FREE_FASTPATH FREE_SLOWPATH FREE_FROZEN FREE_ADD_PARTIAL FREE_REMOVE_PARTIAL
ALLOC_FROM_PARTIAL ALLOC_SLAB ALLOC_REFILL FREE_SLAB CPUSLAB_FLUSH DEACTIVATE_FULL DEACTIVATE_EMPTY DEACTIVATE_TO_HEAD
DEACTIVATE_TO_TAIL DEACTIVATE_BYPASS ORDER_FALLBACK CMPXCHG_DOUBLE_CPU_FAIL CMPXCHG_DOUBLE_FAIL CPU_PARTIAL_ALLOC
CPU_PARTIAL_FREE CPU_PARTIAL_NODE CPU_PARTIAL_DRAIN
""".split()


def counted(kernel: Kernel) -> dict[str, int]:
    """The counters that are not 0."""
    (found,) = counters(kernel.log, 1)
    return {name: value for name, value in found.values.items() if value}


def test_the_statistics_have_the_kernels_names() -> None:
    assert list(STATISTICS) == KERNEL_NAMES


@pytest.mark.parametrize("detail", [False, True])
def test_a_short_story_counted(detail: bool) -> None:
    """22 allocations: two slabs; frees: one fast, one into a full slab, one into a slab that is parked now."""
    kernel = Kernel(1536, detail=detail)
    objects = kernel.alloc(22)
    kernel.free(objects[21], objects[0], objects[1])
    assert counted(kernel) == {
        "ALLOC_FASTPATH": 20, "ALLOC_SLOWPATH": 2, "ALLOC_SLAB": 2, "DEACTIVATE_BYPASS": 1,
        "FREE_FASTPATH": 1, "FREE_SLOWPATH": 2, "FREE_FROZEN": 1, "CPU_PARTIAL_FREE": 1,
    }  # fmt: skip


def test_members_of_a_bulk_count_as_6_1_counts_them() -> None:
    kernel = Kernel(1536)
    objects = kernel.alloc_bulk(25)
    assert counted(kernel) == {"ALLOC_SLOWPATH": 2, "ALLOC_SLAB": 2, "DEACTIVATE_BYPASS": 1}
    kernel.free_bulk(objects)
    assert counted(kernel)["FREE_FASTPATH"] == counted(kernel)["CPU_PARTIAL_FREE"] == 1


def test_what_a_shrink_gives_up_is_no_free_slab() -> None:
    kernel = Kernel(1536)
    kernel.free(*kernel.alloc(3))
    kernel.shrink()
    assert kernel.machine.slabs == {}
    assert "FREE_SLAB" not in counted(kernel)


def test_an_allocation_that_fails_was_slow() -> None:
    kernel = Kernel(1536, pages=95)
    taken = len(kernel.alloc(1000))
    found = counted(kernel)
    assert found["ALLOC_FASTPATH"] + found["ALLOC_SLOWPATH"] == 1000
    assert found["ALLOC_SLAB"] == found["ALLOC_SLOWPATH"] - (1000 - taken)
    assert found["ORDER_FALLBACK"] == sum(slab.order == 0 for slab in kernel.machine.slabs.values())


@pytest.fixture(scope="module")
def mixture() -> Mixture:
    mixture = Mixture(Recipe(sizes=(2048, 4096), cpu_partial=8, min_partial=0, ticks=3000, seed=6))
    for _ in mixture.play():
        pass
    return mixture


def test_counters_are_a_fold_over_the_log(mixture: Mixture) -> None:
    engine = mixture.engine
    expected: list[Counter[str]] = [Counter(), Counter()]
    caches: dict[int, int] = {}
    for kind, _, named, arg, _ in engine.log.events():
        if kind == Kind.SLAB_PAGES:
            caches[named] = arg
        for name, kinds in STATISTICS.items():
            if kind in kinds:
                expected[caches[named] if kind <= Kind.USE else named][name] += 1
    assert [+Counter(found.values) for found in counters(engine.log, 2)] == expected
    assert (expected[0] + expected[1])["CPU_PARTIAL_DRAIN"] > 0


def test_counters_can_be_had_at_any_tick(mixture: Mixture) -> None:
    log = mixture.engine.log
    earlier = [counters(log, 2, tick)[0]["ALLOC_FASTPATH"] for tick in (0, 500, 1500, log.ticks - 1)]
    assert earlier == sorted(earlier)
    assert earlier[0] == 0 < earlier[1] < earlier[-1] == counters(log, 2)[0]["ALLOC_FASTPATH"]


def test_in_balance(mixture: Mixture) -> None:
    """Everything was freed in the end, so what came is what went."""
    for found in counters(mixture.engine.log, 2):
        taken = found["ALLOC_FROM_PARTIAL"] + found["CPU_PARTIAL_NODE"]
        assert found["FREE_ADD_PARTIAL"] + found["DEACTIVATE_TO_HEAD"] + found["DEACTIVATE_TO_TAIL"] >= taken > 0
        assert 0 < (found.fast_path_share or 0) < 1
    assert check(mixture.machine) == []


def test_every_event_knows_its_cache(mixture: Mixture) -> None:
    rows = mixture.engine.log.matrix()
    caches = cache_of_each(rows)
    named = rows[:, 0] <= LAST_OF_CACHES
    assert set(caches[named].tolist()) == {0, 1}
    assert set(caches[~named].tolist()) == {NO_CACHE}


def test_lock_waits_are_counted_in_ticks(mixture: Mixture) -> None:
    spinning: Counter[int] = Counter()
    waits: Counter[int] = Counter()
    since: dict[tuple[int, int], int] = {}
    log = mixture.engine.log
    for tick in range(log.ticks):
        for kind, cpu, lock, _, _ in log.of_tick(tick):
            if kind == Kind.LOCK_WAIT:
                since[cpu, lock] = tick
                waits[lock] += 1
            elif kind == Kind.LOCK and (cpu, lock) in since:
                spinning[lock] += tick - since.pop((cpu, lock))
    assert lock_waits(log) == {lock: LockWaits(waits[lock], spinning[lock]) for lock in waits}
    assert sum(waits.values()) > 5


def run_of(engine: Engine, *verdicts: Verdict) -> Run:
    about = About({"en": "Mixture"}, source="mixture.yaml", seed=6)
    return Run(engine.config, engine.log, engine.cast, about, judge=lambda: verdicts)


def test_a_summary_says_what_the_machine_says(mixture: Mixture) -> None:
    engine = mixture.engine
    found = summary(run_of(engine))
    assert (found.ticks, found.events, found.cpus) == (engine.now, len(engine.log), 4)
    objects, slabs = [0, 0], [0, 0]
    run = run_of(engine)
    for tick in range(engine.log.ticks):
        machine = run.machine_at(tick)
        for id in range(2):
            live = sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id == id)
            objects[id] = max(objects[id], live)
            slabs[id] = max(slabs[id], machine.caches[id].node.nr_slabs)
    for cache, most, slabs_most in zip(found.caches, objects, slabs, strict=True):
        assert (cache.objects.end, cache.slabs.end) == (0, 0)
        assert 0 < most <= cache.objects.peak <= most + 3  # within a tick each CPU may take one more
        assert 0 < slabs_most <= cache.slabs.peak <= slabs_most + 3
        assert cache.allocs == cache.frees > 0


def test_equal_runs_give_equal_bytes_without_a_clock(mixture: Mixture) -> None:
    verdict = Verdict("mixture.yaml:3:1", "objects >= 5 对象", True, tick=4)
    texts = {summary_json({"": summary(run_of(mixture.engine, verdict))}) for _ in range(2)}
    (text,) = texts
    told = json.loads(text)
    assert told["verdicts"][0]["text"] == "objects >= 5 对象"
    assert [cache["name"] for cache in told["caches"]] == ["cache-2048", "cache-4096"]
    assert list(told["caches"][0]["counters"]) == KERNEL_NAMES


def test_the_table_for_people(mixture: Mixture) -> None:
    held, failed = (
        Verdict("m.yaml:3:1", "objects >= 5", True),
        Verdict("m.yaml:4:1", "slabs > 99", False, "8 at most", 7),
    )
    lines = str(summary(run_of(mixture.engine, held, failed))).splitlines()
    assert lines[0] == "mixture.yaml: Linux 6.1, 4 CPUs, seed 6"
    assert lines[2].split()[:3] == ["cache", "objects", "peak"]
    assert len({len(line) for line in lines[2:5]}) == 1
    assert lines[-2:] == ["held    objects >= 5  m.yaml:3:1", "FAILED  slabs > 99 (8 at most)  m.yaml:4:1"]


def test_a_run_without_events_or_caches() -> None:
    empty = Run(MachineConfig(1, 64, ()), Engine(MachineConfig(1, 64, ())).log, Cast(), About({}))
    assert summary(empty).caches == ()
    assert str(summary(empty)).startswith("run: Linux 6.1, 1 CPUs")
    (unused,) = counters(Kernel(64).log, 1)
    assert unused.fast_path_share is None
