"""Memory that is short: reserves, kswapd, direct reclaim with shrinkers, the OOM killer; all under the laws' eyes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from textwrap import dedent

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.job import Stage
from slabviz.engine.pressure import put_under_pressure
from slabviz.engine.waits import Work
from slabviz.errors import RuntimeStepError
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL, Gfp
from slabviz.model.image import image_of
from slabviz.model.invariants import check
from slabviz.scenario.build import build
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import _over
from slabviz.scenario.source import SourceText
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.world import NULL_POINTER
from slabviz.testing.laws import LawfulEngine
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline.timeline import Timeline

HEAD = """
slabviz: 1
title: t
machine:
  cpus: 2
  memory: 1 MiB
  pages: {kernel: 10 %, user: 30 %, file: FILE %, traffic: 0 ticks}
caches:
  inode: {size: 1000 B, owner: inode, flags: [RECLAIM_ACCOUNT]}
  small: {size: 64 B}
  tab: {size: 1000 B}
queues: {lru: {limit: 5000}, kept: {limit: 5000}}
"""


@dataclass
class Played:
    stage: Stage

    @property
    def engine(self) -> Engine:
        return self.stage.engine

    def kinds(self) -> Counter[Kind]:
        return Counter(Kind(event[0]) for event in self.engine.log.events())

    def count(self, name: str) -> int:
        return self.stage.counters.get(name, 0)


def staged(body: str, *, file: int = 0, seed: int = 0) -> Stage:
    text = HEAD.replace("FILE", str(file)) + dedent(body)
    return build(read_scenario(SourceText("t.yaml", text, tuple(text.splitlines()))), seed)


def play(body: str, *, file: int = 0, ticks: int = 6000) -> Played:
    stage = staged(body, file=file)
    engine = stage.engine
    while engine.now < ticks and not engine.panicked and not _over(stage):
        engine.tick()
        if engine.now % 50 == 0:
            assert check(engine.machine) == []
    assert check(engine.machine) == []
    return Played(stage)


def tick(engine: Engine, times: int) -> None:
    for _ in range(times):
        engine.tick()


FILL = """
      - repeat: 2000
        do:
          - alloc: {cache: inode, gfp: GFP, as: i}
          - if_null: {object: i, do: [{count: refused}, exit]}
          - count: got
          - put: {objects: i, into: QUEUE}
"""


def fill(gfp: str, queue: str) -> str:
    steps = FILL.replace("GFP,", f"{gfp},").replace("QUEUE", queue)
    return f"tasks:\n  hog:\n    cpu: 0\n    program:{steps}"


def test_nowait_stops_at_min_and_atomic_goes_on_to_three_eighths_of_it() -> None:
    gave_up = {}
    for gfp in ("GFP_NOWAIT", "GFP_ATOMIC"):
        played = play(fill(gfp, "kept"))
        assert played.count("refused") == 1
        gave_up[gfp] = played.engine.machine.zone.nr_free
    marks = played.engine.machine.zone.watermarks
    assert gave_up["GFP_NOWAIT"] == marks.min == 32
    assert gave_up["GFP_ATOMIC"] == 12  # 32 - 16 = 16, 16 - 4 = 12


def test_kernel_reclaims_inodes_that_nobody_uses_and_never_fails() -> None:
    played = play(fill("GFP_KERNEL", "lru") + "shrinkers: {inodes: {cache: inode, list: lru}}\n", ticks=9000)
    kinds = played.kinds()
    assert played.count("refused") == 0
    assert min(kinds[Kind.KSWAPD_WAKE], kinds[Kind.DIRECT_RECLAIM], kinds[Kind.SHRINK_SLAB]) >= 1
    assert kinds[Kind.SHRINK_FREE] >= 100
    assert kinds[Kind.OOM_KILL] == 0
    assert played.count("got") > 400


def test_kswapd_drops_the_oldest_pages_of_files_until_the_high_mark() -> None:
    stage = staged(fill("GFP_NOWAIT", "kept"), file=20)
    engine, zone = stage.engine, stage.engine.machine.zone
    oldest = [pfn for pfn, (_, owner) in zone.others.items() if owner == 2][:5]
    while not any(event[0] == Kind.KSWAPD_SLEEP for event in engine.log.events()) and engine.now < 4000:
        engine.tick()
    dropped = [event[3] for event in engine.log.events() if event[0] == Kind.PAGE_RECLAIM]
    assert dropped[:5] == oldest
    assert engine.cast[engine.agents[1].cpu.top.actor].name in ("kswapd0", "idle")
    assert not zone.reclaim_active
    assert check(engine.machine) == []


def test_an_inode_that_was_used_again_gets_a_second_chance() -> None:
    body = """
    shrinkers: {inodes: {cache: inode, list: lru, seeks: 0}}
    tasks:
      user:
        cpu: 0
        program:
          - repeat: 2000
            do:
              - alloc: {cache: inode, as: i}
              - put: {objects: i, into: lru}
              - if: length(lru) > 20
                then: [{take: {from: lru, as: again, pick: random}}, {put: {objects: again, into: lru}}]
    """
    kinds = play(body, ticks=5000).kinds()
    assert kinds[Kind.SHRINK_ROTATE] >= 5
    assert kinds[Kind.SHRINK_FREE] >= 5


HOG = """
tasks:
  hog: {cpu: 0, program: [{repeat: forever, do: [{alloc: {cache: tab, into: mine}}, {touch: 3}, {sleep: 1 ticks}]}]}
  honest:
    cpu: 1
    program:
      - repeat: 80
        do: [{alloc: {cache: small, as: s}}, {use: {object: s, for: 20 ticks}}, {free: s}, {count: done}]
"""


def test_out_of_memory_the_largest_task_dies_gives_everything_back_and_the_others_go_on() -> None:
    played = play(HOG, ticks=9000)
    machine = played.engine.machine
    kills = [event for event in played.engine.log.events() if event[0] == Kind.OOM_KILL]
    assert [played.engine.cast[kill[4]].name for kill in kills] == ["hog"]
    assert kills[0][3] > 50
    assert sum(len(slab.owners) for slab in machine.slabs.values()) == 0
    assert played.count("done") == 80
    assert played.stage.moving == 0


def test_a_victim_that_sleeps_at_a_queue_is_woken_to_die() -> None:
    body = """
    tasks:
      sleeper: {cpu: 0, program: [{touch: 100}, {take: {from: kept, as: never}}, {count: unreachable}]}
      other: {cpu: 1, program: [{sleep: 900 ticks}, {touch: 60}, {count: done}]}
    """
    played = play(body, ticks=9000)
    assert played.kinds()[Kind.OOM_KILL] == 1
    assert (played.count("unreachable"), played.count("done"), played.stage.moving) == (0, 1, 0)


def _hoard(engine: Engine, gfp: int) -> Work[None]:
    """A kernel thread, which nobody can kill."""
    while (yield from kmem_cache_alloc(engine.world, 0, engine.machine.caches[0], gfp, 0)) != NULL_POINTER:
        pass


def test_with_nobody_left_to_kill_it_is_a_panic_which_ends_the_workload() -> None:
    played = Played(staged("tasks: {t: {cpu: 1, program: [{sleep: 5 ticks}]}}\n"))
    engine = played.engine
    task = engine.start(0, engine.cast.enter("pid", "k", "kthread"), _hoard(engine, GFP_KERNEL))
    while not (task.over or engine.panicked) and engine.now < 9000:
        engine.tick()
    assert engine.panicked
    assert played.kinds()[Kind.OOM_PANIC] == 1


def test_nofail_waits_as_long_as_it_takes_and_is_named_as_stuck() -> None:
    played = Played(staged("tasks: {t: {cpu: 1, program: [{sleep: 9000 ticks}]}}\n"))
    engine = played.engine
    gfp = GFP_KERNEL & ~int(Gfp.FS) | int(Gfp.NOFAIL)
    engine.start(0, engine.cast.enter("pid", "k", "kthread"), _hoard(engine, gfp))
    tick(engine, 6000)
    assert played.kinds()[Kind.ALLOC_FAILED] == 0
    assert engine.in_vain() == ["kthread asks for memory for inode"]
    events = len(engine.log)
    tick(engine, 100)
    assert len(engine.log) > events  # it goes on asking, and the clock goes on as well


@pytest.mark.parametrize("mistake", ["", ", mistake: sleep_in_atomic"])
def test_of_what_may_sleep_in_a_handler_the_kernel_complains(mistake: str) -> None:
    handler = "interrupts: {nic: {cpu: 0, at: [50 ticks], handler: [{alloc: {cache: small, as: s%s}}]}}\n"
    tasks = "tasks: {t: {cpu: 0, program: [{sleep: 100 ticks}]}}\n"
    played = play(handler % mistake + tasks)
    events = [event for event in played.engine.log.events() if event[0] in (Kind.MIGHT_SLEEP_BUG, Kind.LOAD_FREELIST)]
    assert [event[0] for event in events] == [Kind.MIGHT_SLEEP_BUG, Kind.LOAD_FREELIST]  # the kernel goes on


def test_a_mistake_that_does_not_happen_is_an_error() -> None:
    stage = staged(
        "tasks: {t: {cpu: 0, program: [{alloc: {cache: small, as: s, mistake: sleep_in_atomic}}]}}\n"
    )  # fmt: skip
    with pytest.raises(RuntimeStepError, match="does not happen here"):
        tick(stage.engine, 20)


def test_rewinding_through_reclaim_and_oom_shows_the_same_machine() -> None:
    stage = staged(HOG, file=10)
    engine = stage.engine
    timeline = Timeline(engine.config, engine.log)
    images = {}
    while engine.now < 2400:
        engine.tick()
        if engine.now % 300 == 0:
            images[engine.now] = image_of(engine.machine)
    for tick, image in images.items():
        assert image_of(timeline.machine_at(tick)) == image


def test_random_mixtures_in_little_memory_keep_every_law() -> None:
    """All kinds of calls on three CPUs while reclaim and kswapd work beside them; at the end nothing is missing."""
    seen: Counter[int] = Counter()
    for seed in (1, 2):
        recipe = Recipe(cpus=3, sizes=(2048, 700), pages=128, ticks=900, seed=seed, most_held=400)
        mixture = Mixture(recipe, LawfulEngine)
        put_under_pressure(mixture.engine, mixture._blocks)
        for _ in mixture.play():
            pass
        seen.update(event[0] for event in mixture.engine.log.events())
    assert min(seen[Kind.KSWAPD_WAKE], seen[Kind.KSWAPD_RUN], seen[Kind.EXTFRAG]) >= 1


def test_who_is_stuck_is_named() -> None:
    stage = staged("tasks: {t: {cpu: 0, program: [{alloc: {cache: small, as: s}}]}}\n")
    engine = stage.engine
    engine.machine.zone.lock.holder = 1
    for _ in range(30):
        engine.tick()
    assert engine.in_vain() == ["CPU0: t spins for the lock of zone Normal, which CPU1 holds"]
