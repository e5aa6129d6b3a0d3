"""``slabviz bench``: the same work for model and limit, and figures that say whether they are reached."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner

from slabviz.cli import bench
from slabviz.cli.bench import stream
from slabviz.cli.bench.figure import Figure, side_by_side
from slabviz.cli.bench.ideal import ALLOC, FREE, REFILL, run_ideal
from slabviz.cli.bench.stream import Op
from slabviz.cli.bench.workload import OBJECTS, busy_engine, completed_calls, model, run_model
from slabviz.model.events import Kind
from slabviz.model.invariants import check

STREAMS = {"lifo": (stream.lifo_walk(3000), 1), "remote": (stream.remote_frees(3000, 4, 200), 4)}


@pytest.mark.parametrize(("ops", "cpus"), STREAMS.values(), ids=STREAMS)
def test_model_and_limit_do_the_same_work(ops: list[Op], cpus: int) -> None:
    ideal, atomic = run_ideal(ops, cpus, OBJECTS), model(cpus)
    run_model(ops, atomic)
    held = sum(len(slab.owners) for slab in atomic.machine.slabs.values())
    allocs = sum(event[0] == ALLOC for event in ideal.events)
    assert allocs == sum(place < 0 for _, place in ops)
    assert held == allocs - sum(event[0] == FREE for event in ideal.events) > 0
    assert check(atomic.machine) == []


MAKERS: dict[str, Callable[[], list[Op]]] = {
    "lifo": lambda: stream.lifo_walk(2000),
    "remote": lambda: stream.remote_frees(2000, 4, 100),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_stream_is_the_same_every_time_and_frees_only_what_lives(make: Callable[[], list[Op]]) -> None:
    ops = make()
    assert ops == make()
    live = 0
    for _, place in ops:
        assert place < max(live, 1)
        live += 1 if place < 0 else -1


def test_about_3_percent_of_a_lifo_walk_leave_the_fast_path() -> None:
    ops = stream.lifo_walk(20_000)
    slow = sum(event[0] == REFILL for event in run_ideal(ops, 1, OBJECTS).events)
    assert 0.01 < slow / len(ops) < 0.05
    atomic = model(1)
    run_model(ops, atomic)
    kinds = atomic.log.matrix()[:, 0]
    fast = ((kinds == Kind.ALLOC_FASTPATH) | (kinds == Kind.FREE_FASTPATH)).sum()
    assert fast > len(ops) // 2


def test_the_busy_engine_is_busy_on_all_cpus() -> None:
    engine = busy_engine()
    for _ in range(1500):
        engine.tick()
    assert completed_calls(engine.log) > 1000
    assert {event[1] for event in engine.log.events()} == {0, 1, 2, 3}
    assert any(event[0] == Kind.IRQ_ENTER for event in engine.log.events())
    assert check(engine.machine) == []


def test_a_figure_says_whether_it_is_reached() -> None:
    assert Figure("a", 0.31, 0.3).reached
    assert not Figure("a", 0.29, 0.3).reached
    assert Figure("b", 24.0, 25, "ms", at_most=True).reached
    assert not Figure("b", 26.0, 25, "ms", at_most=True).reached
    assert Figure("b", 26.0, 25, "ms", at_most=True, measured={"n": 2}).cells() == ("b", "26 ms", "<= 25", "n 2")


def test_the_pair_with_the_median_ratio_is_taken() -> None:
    ours, limits = iter((3.0, 40.0, 8.0)), iter((1.0, 10.0, 4.0))
    assert side_by_side(lambda: next(ours), lambda: next(limits), rounds=3) == (3.0, 1.0)


@pytest.fixture
def one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def figures(recordings: object) -> Iterator[Figure]:
        yield Figure("log", 21.0, 32, "bytes an event", at_most=True, measured={"events": 5})

    monkeypatch.setattr(bench, "_figures", figures)


@pytest.mark.usefixtures("one_figure")
def test_a_table_and_json() -> None:
    table = CliRunner().invoke(bench.command)
    assert (table.exit_code, table.output.split()) == (0, "log 21 bytes an event <= 32 ok events 5".split())
    told = json.loads(CliRunner().invoke(bench.command, ["--json"]).output)
    assert told["figures"] == [
        {"name": "log", "value": 21.0, "bar": 32, "unit": "bytes an event", "at_most": True, "measured": {"events": 5},
         "reached": True}
    ]  # fmt: skip
    assert set(told) == {"slabviz", "python", "system", "cpus", "figures"}
