"""The curves of the charts: at every tick they are what the machine of that tick says."""

from __future__ import annotations

import numpy as np
import pytest

from slabviz.library import load
from slabviz.model.events import Kind
from slabviz.model.machine import Machine
from slabviz.report.counters import counters
from slabviz.report.lock_waits import lock_waits
from slabviz.scene.story.population import Population
from slabviz.scene.story.series import WINDOW, Series, series
from slabviz.timeline.run import Run


@pytest.fixture(scope="module", params=["fork", "driver"])
def run(request: pytest.FixtureRequest) -> Run:
    return load(str(request.param)).run()


def all_series(run: Run) -> list[Series]:
    population = Population.of(run)
    return [series(run, cache, population) for cache in range(len(run.config.caches))]


def unused(machine: Machine, cache: int) -> int:
    """Bytes of the counted slabs that no object in use needs."""
    own = [slab for slab in machine.slabs.values() if slab.cache.id == cache and slab.id not in machine.rcu_slabs]
    held = sum(len(slab.owners) for slab in own)
    return sum(slab.bytes for slab in own) - held * machine.caches[cache].geometry.object_size


def test_curves_are_what_the_machine_says(run: Run) -> None:
    found = all_series(run)
    for tick in range(0, run.last_tick + 1, 61):
        machine = run.machine_at(tick)
        for cache, each in zip(machine.caches, found, strict=True):
            assert each.slabs[tick] == cache.node.nr_slabs, (cache.name, tick)
            slabs = [slab for slab in machine.slabs.values() if slab.cache is cache]
            if len(slabs) == cache.node.nr_slabs:  # else one is in hand and not counted yet
                assert each.unused[tick] == unused(machine, cache.id), (cache.name, tick)


def test_totals_are_the_counters_less_those_of_tick_0(run: Run) -> None:
    many = len(run.config.caches)
    first, last = counters(run.log, many, 0), counters(run.log, many)
    for before, after, each in zip(first, last, all_series(run), strict=True):
        assert each.calls[-1] == after.allocs + after.frees - before.allocs - before.frees
        fast = ("ALLOC_FASTPATH", "FREE_FASTPATH")
        assert each.fast[-1] == sum(after[name] - before[name] for name in fast)
        share = each.fast_share[~np.isnan(each.fast_share)]
        assert 0 <= share.min() <= share.max() <= 100


def test_windows_side_by_side_make_the_total(run: Run) -> None:
    for each in all_series(run):
        ends = range(run.last_tick, -1, -WINDOW)
        assert sum(each.lock_taken[end] for end in ends) == each.taken[-1]
        assert sum(each.lock_waits[end] for end in ends) == each.waits[-1]


def test_waits_are_those_of_the_report(run: Run) -> None:
    told = lock_waits(run.log)
    for cache, each in enumerate(all_series(run)):
        first = sum(event[0] == Kind.LOCK_WAIT and event[2] == cache for event in run.log.of_tick(0))
        assert each.waits[-1] == (told[cache].waits if cache in told else 0) - first


def test_fragmentation_is_the_share_of_slabs_that_packing_would_save() -> None:
    run = load("fork").run()
    each = all_series(run)[0]
    machine = run.machine_at(900)
    cache = machine.caches[0]
    held = sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache is cache)
    needed = -(-held // cache.geometry.oo_objects)
    assert 0 < needed < cache.node.nr_slabs
    assert each.fragmentation[900] == pytest.approx(100 * (1 - needed / cache.node.nr_slabs))


def test_a_second_free_of_an_object_changes_nothing() -> None:
    run = load("fork").run()
    population = Population.of(run)
    changes = population.changes
    assert (changes.held != changes.was).all()  # nothing in this story is freed twice
    at = {(int(row), int(index)) for row, index in zip(changes.row, changes.index, strict=True)}
    assert len(at) < len(changes.row)  # places are used again, so the comparison has something to find
