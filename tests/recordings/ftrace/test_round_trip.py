"""Runs written as traces, read back, and carried out again: the same objects come out."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from slabviz.engine.call_site import call_site
from slabviz.engine.engine import Engine
from slabviz.engine.memory import populate
from slabviz.engine.streams import Streams, permutation
from slabviz.library import load
from slabviz.model.events import APPLY, Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.image import image_of
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.recordings.ftrace.events import HEAD, match_line
from slabviz.recordings.ftrace.reader import TraceOp, TraceReader
from slabviz.recordings.ftrace.replay import replay
from slabviz.recordings.ftrace.telling import MEMBERS, TAKEN
from slabviz.recordings.ftrace.writer import trace
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.world import Path as KernelPath
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline.run import About, Run
from slabviz.timeline.timeline import Timeline

SIZES = (64, 192, 1024, 1536)


def read(text: str) -> list[TraceOp]:
    reader = TraceReader(Path("trace.txt"))
    operations = list(reader.operations(text.splitlines(keepends=True)))
    assert reader.unread.count == 0
    return operations


def machine_after_boot(run: Run) -> Machine:
    return Timeline(run.config, run.log).machine_at(0)


def objects_of(run: Run) -> list[int]:
    """The addresses that the run hands out, one by one, from its log."""
    found, machine = [], machine_after_boot(run)
    for tick in range(1, run.last_tick + 1):
        for kind, cpu, slab, arg, who in run.log.of_tick(tick):
            APPLY[kind](machine, cpu, slab, arg, who)
            if kind in TAKEN:
                found.append(machine.address(machine.slabs[slab], arg))
    return found


def into(held: list[int], path: KernelPath[int]) -> KernelPath[None]:
    held.append((yield from path))


def one_after_another(seed: int, calls: int = 400) -> Run:
    """A random run in which each call ends before the next begins, on several CPUs."""
    chance = Random(seed)
    caches = tuple(CacheConfig(f"cache-{size}", size, flags=SlabFlags(0), min_partial=1) for size in SIZES)
    shapes = [cache.geometry.oo_objects for cache in Machine.boot(MachineConfig(4, 2048, caches)).caches]
    caches = tuple(
        CacheConfig(cache.name, cache.object_size, min_partial=1,
                    random_seq=permutation(objects, Streams(seed).stream(cache.name)))
        for cache, objects in zip(caches, shapes, strict=True)
    )  # fmt: skip
    engine = Engine(MachineConfig(4, 2048, caches), seed)
    populate(engine, {"kernel": 0.1, "user": 0.1})
    held: list[int] = []

    for _ in range(calls):
        engine.now += 1
        engine.log.begin_tick()
        cpu, cache = chance.randrange(4), chance.choice(engine.machine.caches)
        if held and chance.random() < 0.47:
            place = engine.machine.virt_to_slab(held.pop(chance.randrange(len(held))))
            assert place is not None
            engine.run_now(kmem_cache_free(engine.world, cpu, *place))
        else:
            engine.run_now(into(held, kmem_cache_alloc(engine.world, cpu, cache, GFP_KERNEL, 0)))
    return Run(engine.config, engine.log, engine.cast, About({}))


@pytest.mark.parametrize("seed", range(6))
def test_calls_one_after_another_come_out_the_same_to_the_last_object(seed: int) -> None:
    run = one_after_another(seed)
    operations = read(trace(run))
    outcome = replay(machine_after_boot(run), operations)
    assert [op.address for op in operations if op.allocates] == objects_of(run)
    assert outcome.allocations == len(objects_of(run)) > 150
    assert outcome.explained
    assert (outcome.nested, outcome.overlapped) == (0, 0)


def test_a_changed_trace_does_not_come_out_the_same() -> None:
    run = one_after_another(1)
    operations = read(trace(run))
    at = next(number for number, op in enumerate(operations) if number > 50 and op.allocates)
    operations[at] = operations[at]._replace(address=operations[at].address + operations[at].bytes_alloc)
    (first, *_) = replay(machine_after_boot(run), operations).misplaced
    assert (first.line, first.expected) == (operations[at].line, operations[at].address)


@pytest.mark.parametrize("name", ["fork", "inode", "skb", "driver"])
def test_shipped_scenarios_come_out_the_same(name: str) -> None:
    """Also the driver's, whose interrupts break into allocations of the same cache."""
    run = load(name).run()
    text = trace(run)
    operations = read(text)
    assert all(match_line(line) for line in text.splitlines() if not line.startswith("#"))
    assert [op.address for op in operations if op.allocates] == objects_of(run)
    outcome = replay(machine_after_boot(run), operations)
    assert outcome.explained, [str(one) for one in outcome.misplaced[:5]]
    assert (outcome.allocations, outcome.frees) == (len(objects_of(run)), sum(op.frees for op in operations))
    assert outcome.nested + outcome.overlapped > 10
    assert outcome.nested >= 2 or name != "driver"
    assert not outcome.passed_over


@pytest.mark.parametrize(("name", "seed"), [("driver", 1), ("skb", 2)])
def test_so_do_other_seeds(name: str, seed: int) -> None:
    run = load(name).run(seed=seed)
    outcome = replay(machine_after_boot(run), read(trace(run)))
    assert outcome.allocations > 400
    assert outcome.explained, [str(one) for one in outcome.misplaced[:5]]


def mixed(cpus: int, seed: int) -> Run:
    """A random run of single calls, with interrupts at any moment and tasks that sleep."""
    mixture = Mixture(Recipe(cpus=cpus, seed=seed, ticks=250, typesafe_by_rcu=bool(seed % 2), traceable=True))
    for tick in mixture.play():
        if tick >= 250:
            break
    return Run(mixture.engine.config, mixture.engine.log, mixture.engine.cast, About({}))


@pytest.mark.parametrize(("cpus", "seed"), [(1, 0), (1, 1), (1, 2), (2, 1), (3, 1), (4, 0)])
def test_random_runs_with_interrupts_come_out_the_same(cpus: int, seed: int) -> None:
    run = mixed(cpus, seed)
    operations = read(trace(run, 250))
    outcome = replay(machine_after_boot(run), operations)
    assert outcome.allocations == sum(op.allocates for op in operations) > 20
    assert outcome.explained, [str(one) for one in outcome.misplaced[:5]]


def test_the_machine_that_a_trace_is_replayed_on_stays_as_it_was() -> None:
    run = mixed(1, 0)
    machine = machine_after_boot(run)
    before = image_of(machine)
    replay(machine, read(trace(run, 250)))
    assert image_of(machine) == before


def test_pauses_explain_no_object_that_was_never_handed_out() -> None:
    """Two objects of the driver's busiest cache changed places: no interrupt can have done that."""
    run = load("driver").run()
    operations = read(trace(run))
    at, other = [
        number for number, op in enumerate(operations) if op.event == "kmalloc" and op.cpu == 0 and not op.in_interrupt
    ][4:6]
    swapped = [operations[at]._replace(address=operations[other].address),
               operations[other]._replace(address=operations[at].address)]  # fmt: skip
    operations[at], operations[other] = swapped
    outcome = replay(machine_after_boot(run), operations[: other + 1])
    assert operations[at].line in [one.line for one in outcome.misplaced]


@pytest.mark.parametrize("seed", range(2))
def test_random_mixtures_give_lines_that_fit_their_patterns(seed: int) -> None:
    """Bulk calls, interrupts, RCU, shrinking: whatever happens, each line is one, and single calls have their line."""
    mixture = Mixture(Recipe(seed=seed, ticks=150, typesafe_by_rcu=True))
    for _ in mixture.play():
        pass
    run = Run(mixture.engine.config, mixture.engine.log, mixture.engine.cast, About({}))
    text = trace(run)
    assert text.startswith(HEAD[:20])
    operations = read(text)
    freed = [op.address for op in operations if op.frees]
    members = int(sum((run.log.matrix()[:, 0] == kind).sum() for kind in MEMBERS))
    assert 0 < len(freed) < members  # those of bulk calls have no line


def test_bulk_calls_have_no_line() -> None:
    engine = Engine(MachineConfig(1, 2048, (CacheConfig("box", 256),)))
    world, cache = engine.world, engine.machine.caches[0]

    def work() -> KernelPath[None]:
        taken: list[int] = []
        taken.extend((yield from kmem_cache_alloc_bulk(world, 0, cache, GFP_ATOMIC, [0] * 20)))
        single = yield from kmem_cache_alloc(world, 0, cache, GFP_ATOMIC, 0)
        yield from kmem_cache_free_bulk(world, 0, taken)
        place = engine.machine.virt_to_slab(single)
        assert place is not None
        yield from kmem_cache_free(world, 0, *place)

    engine.log.begin_tick()
    engine.run_now(work())
    run = Run(engine.config, engine.log, engine.cast, About({}))
    assert [op.event for op in read(trace(run)) if not op.event.startswith("mm_")] == [
        "kmem_cache_alloc", "kmem_cache_free",
    ]  # fmt: skip


SMALL = """\
slabviz: 1
title: {en: Small, zh: 小}
machine: {cpus: 1, memory: 16 MiB, pages: {traffic: 0 ticks}}
caches:
  box: {size: 60 B, owner: pid, flags: [ACCOUNT]}
programs:
  open_file:
    do:
      - kmalloc: {size: 100 B, gfp: GFP_ATOMIC, as: buffer}
      - kfree: buffer
tasks:
  maker:
    cpu: 0
    pid: 77
    program:
      - alloc: {cache: box, as: one}
      - call: open_file
      - free: one
"""


def test_a_scenario_says_who_calls_from_where(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, "utf-8")
    run = load(path).run()
    operations = [op for op in read(trace(run)) if not op.event.startswith("mm_")]
    assert [(op.event, op.call_site.split("+")[0], op.bytes_req, op.bytes_alloc) for op in operations] == [
        ("kmem_cache_alloc", "maker", 60, 64),
        ("kmalloc", "open_file", 100, 128),
        ("kfree", "open_file", 0, 0),
        ("kmem_cache_free", "maker", 0, 0),
    ]
    assert {(op.task, op.pid, op.cpu, op.flags) for op in operations} == {("maker", 77, 0, ".....")}
    assert [op.accounted for op in operations[:2]] == [True, False]
    assert operations[1].gfp == "GFP_ATOMIC"
    kinds = [event[0] for tick in range(1, run.last_tick) for event in run.log.of_tick(tick)]
    assert kinds.count(Kind.CALL_SITE) == 4


def test_call_sites_are_identifiers_with_an_offset_inside() -> None:
    assert call_site("create", 1) == "create+0x25/0xf0"
    assert call_site("3 文件", 2).startswith("_3___+0x")
    sites = {call_site("f", line) for line in range(1, 241)}
    assert len(sites) == 240
    assert all(re.fullmatch(r"[A-Za-z_]\w*\+0x[0-9a-f]{1,2}/0xf0", site, re.ASCII) for site in sites)
