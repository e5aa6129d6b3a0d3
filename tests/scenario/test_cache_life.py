"""Caches made and destroyed while the story goes on, limits tuned, a CPU taken down: every law at every tick."""

from __future__ import annotations

import pytest

from slabviz.errors import RuntimeStepError
from slabviz.model.events import Kind
from slabviz.model.invariants import check
from slabviz.model.kmem_cache import CacheState
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run

STORY = """
slabviz: 1
title: Life of a cache
run: {{for: 300 ticks, at_most: 2000 ticks}}
machine: {{cpus: 3, memory: 1 MiB, pages: {{traffic: 0 ticks}}}}
caches: {{dentry: {{size: 192 B, owner: inode}}}}
tasks:
  admin: {{cpu: 0, program: [{admin}]}}
  find:
    cpu: 2
    from: 20 ticks
    program:
      - repeat: 20
        do: [{{alloc: {{cache: dentry, into: found}}}}, {{sleep: 2 ticks}}]
      - sleep: 300 ticks
      - repeat: {{while: length(found) > 0}}
        do: [{{free: {{from: found}}}}, {{sleep: 1 ticks}}]
"""


def story(admin: str) -> Run:
    text = STORY.format(admin=admin)
    run = play(read_scenario(decode(text.encode(), "s.yaml")))
    for tick in range(run.last_tick + 1):
        assert check(run.machine_at(tick)) == [], tick
    return run


def when(run: Run, kind: Kind) -> list[int]:
    return [tick for tick in range(run.last_tick + 1) for event in run.log.of_tick(tick) if event[0] == kind]


def test_a_cache_is_made_step_by_step_used_and_destroyed() -> None:
    run = story("{create: dentry}, {sleep: 800 ticks}, {destroy: dentry}")
    steps = (Kind.CACHE_OPEN, Kind.CACHE_NODE, Kind.CACHE_CPUS, Kind.CACHE_READY, Kind.ALLOC_SLAB, Kind.CACHE_GONE)
    firsts = [when(run, kind)[0] for kind in steps]
    assert firsts == sorted(firsts)
    states = [run.machine_at(tick).caches[0].state for tick in range(run.last_tick + 1)]
    assert sorted(set(states)) == [
        CacheState.NONE, CacheState.OPENING, CacheState.READY, CacheState.CLOSING, CacheState.GONE,
    ]  # fmt: skip
    assert states == sorted(states)
    assert run.machine_at(run.last_tick).slabs == {}


def test_objects_left_at_destroy_make_a_zombie() -> None:
    run = story("{create: dentry}, {sleep: 250 ticks}, {destroy: {cache: dentry, mistake: leak}}")
    cache = run.machine_at(run.last_tick).caches[0]
    assert cache.state is CacheState.ZOMBIE
    assert when(run, Kind.CACHE_GONE) == []


@pytest.mark.parametrize(
    ("admin", "said"),
    [
        ("{create: dentry}, {sleep: 250 ticks}, {destroy: dentry}", "destroy: 1 slabs of `dentry` still have objects"),
        ("{create: dentry}, {destroy: {cache: dentry, mistake: leak}}", "no object of `dentry` was left"),
        ("{sleep: 60 ticks}, {create: dentry}", "alloc: cache `dentry` has not been created yet"),
        ("{create: dentry}, {create: dentry}", "create: cache `dentry` is there already"),
        ("{create: dentry}, {destroy: dentry}", "alloc: cache `dentry` has been destroyed"),
        ("{create: dentry}, {cpu_offline: 0}", "this task runs on CPU0; take it down from another CPU"),
        ("{create: dentry}, {cpu_offline: 1}, {cpu_offline: 1}", "CPU1 is offline already"),
        ("{create: dentry}, {cpu_online: 1}", "CPU1 is online already"),
        ("{create: dentry}, {tune: {cache: dentry, min_partial: 0 - 1}}", "min_partial -1 is not in the allowed range"),
    ],
)
def test_what_cannot_be_done_is_said_at_its_step(admin: str, said: str) -> None:
    with pytest.raises(RuntimeStepError, match=r"s\.yaml:\d+:\d+: ") as problem:
        story(admin)
    assert said in str(problem.value)


def test_tuning_sets_the_limits_and_flushes_the_cpus() -> None:
    run = story("{create: dentry}, {sleep: 60 ticks}, {tune: {cache: dentry, min_partial: 2, cpu_partial: 0}}")
    (tuned,) = when(run, Kind.TUNE_CPU_PARTIAL)
    before, after = (run.machine_at(tick).caches[0] for tick in (tuned - 1, run.last_tick))
    assert (after.min_partial, after.cpu_partial, after.cpu_partial_slabs) == (2, 0, 0)
    before = run.machine_at(0).caches[0]
    assert (before.min_partial, before.cpu_partial, before.cpu_partial_slabs) == (5, 120, 12)
    assert when(run, Kind.CPUSLAB_FLUSH)[0] > tuned


def test_a_cpu_that_goes_offline_gives_everything_to_the_node_and_its_tasks_go_on_elsewhere() -> None:
    run = story("{create: dentry}, {sleep: 100 ticks}, {cpu_offline: 2}, {sleep: 500 ticks}, {cpu_online: 2}")
    (off,), (on,) = when(run, Kind.CPU_OFFLINE), when(run, Kind.CPU_ONLINE)
    (flushed,) = when(run, Kind.CPUSLAB_FLUSH_DEAD)
    assert off < flushed < on
    assert run.machine_at(off).caches[0].cpu_slab[2].slab is not None
    emptied = run.machine_at(on - 1).caches[0]
    assert (emptied.cpu_slab[2].slab, emptied.cpu_slab[2].partial) == (None, [])
    busy = {cpu for tick in range(off + 1, on) for _, cpu, *_ in run.log.of_tick(tick)}
    assert 2 not in busy
    assert not any(slab.owners for slab in run.machine_at(run.last_tick).slabs.values())  # find has freed all
