"""What expectations can measure of a cache: its layout, the states of its slabs, what tid counts; the boot options."""

from __future__ import annotations

from slabviz.model.machine import Machine
from slabviz.scenario.loader import read_scenario, read_scenarios
from slabviz.scenario.measures import MEASURES
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run

STORY = """
slabviz: 1
title: Four a slab
run: {for: 200 ticks, at_most: 400 ticks}
machine: {cpus: 1, memory: 4 MiB, pages: {kernel: 0 %, user: 0 %, file: 0 %, traffic: 0 ticks}}
caches: {buffer: {size: 8192 B}}
tasks:
  app:
    program:
      - repeat: 4
        do: [{alloc: {cache: buffer, into: first}}]
      - sleep: 20 ticks
      - alloc: {cache: buffer, as: second}
      - sleep: 20 ticks
      - repeat: 4
        do: [{free: {from: first}}]
      - sleep: 20 ticks
"""


def measured(run: Run, tick: int, name: str) -> int:
    machine = run.machine_at(tick)
    return MEASURES[name].of(machine, machine.caches)


def first(run: Run, **wanted: int) -> int:
    """The first tick at which all of these have these numbers."""
    return next(
        tick for tick in range(run.last_tick)
        if all(measured(run, tick, name) == number for name, number in wanted.items())
    )  # fmt: skip


def test_a_slab_is_full_only_when_its_cpu_has_nothing_left_either() -> None:
    run = play(read_scenario(decode(STORY.encode(), "s.yaml")))
    loaded = first(run, objects=1)
    assert [measured(run, loaded, name) for name in ("active", "full", "empty")] == [1, 0, 0]
    assert measured(run, first(run, objects=4), "full") == 1
    both = first(run, objects=5)
    assert [measured(run, both, name) for name in ("active", "full", "empty")] == [1, 1, 0]
    assert [measured(run, first(run, objects=1, slabs=2), name) for name in ("full", "empty")] == [0, 1]


def test_transactions_count_changes_of_the_chain() -> None:
    run = play(read_scenario(decode(STORY.encode(), "s.yaml")))
    one, four = first(run, objects=1), first(run, objects=4)
    assert measured(run, one, "transactions") == 1
    assert measured(run, four, "transactions") == 4


def test_the_layout_is_the_caches_own() -> None:
    run = play(read_scenario(decode(STORY.encode(), "s.yaml")))
    cache = run.machine_at(0).caches[0]
    numbers = {name: measured(run, 0, name) for name in ("object_size", "size", "offset", "order", "per_slab", "waste")}
    assert numbers == {
        "object_size": 8192, "size": cache.size, "offset": cache.geometry.offset, "order": 3, "per_slab": 4, "waste": 0,
    }  # fmt: skip


def config(machine: str) -> Machine:
    text = (
        f"slabviz: 1\ntitle: x\nmachine: {{cpus: 2, {machine}}}\n"
        "caches: {task: {size: 1536 B}}\ntasks: {a: {program: [exit]}}\n"
    )
    (scenario,) = read_scenarios(decode(text.encode(), "s.yaml")).values()
    return Machine.boot(play(scenario).config)


def test_slub_max_order_keeps_slabs_small() -> None:
    for order, objects in ((0, 2), (1, 5), (3, 21)):
        shape = config(f"slub_max_order: {order}").caches[0].geometry
        assert (shape.oo_order, shape.oo_objects) == (order, objects)


def test_the_reserve_of_a_low_zone_follows_the_sysctl() -> None:
    machine = "memory: 8 MiB, zones: {DMA: 4 MiB}, pages: {kernel: 0 %, user: 0 %, file: 0 %, traffic: 0 ticks}"
    assert config(machine).zones[0].lowmem_reserve[1] == 1024 // 256
    assert config(f"{machine}, lowmem_reserve_ratio: 2").zones[0].lowmem_reserve[1] == 512
