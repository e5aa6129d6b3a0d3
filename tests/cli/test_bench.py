"""The benchmark's own parts: streams that can be fed, a limit that is an allocator, figures that say what they say."""

from __future__ import annotations

import pytest

from slabviz.cli.bench import engine, stream, timeline
from slabviz.cli.bench.figure import Figure
from slabviz.cli.bench.ideal import ALLOC, FREE, REFILL, run_ideal
from slabviz.cli.bench.workload import busy_engine, completed_calls, model, run_model
from slabviz.model.events import Kind

OPS = 4000


@pytest.mark.parametrize(
    ("ops", "cpus"), [(stream.lifo_walk(OPS), 1), (stream.remote_frees(OPS, 4, 300), 4)], ids=["lifo", "remote"]
)
def test_limit_and_model_are_fed_the_same_and_hold_the_same(ops: list[stream.Op], cpus: int) -> None:
    allocs = sum(place < 0 for _, place in ops)
    held = 2 * allocs - len(ops)
    ideal = run_ideal(ops, cpus, 16)
    assert (ideal.counts[ALLOC], ideal.counts[FREE]) == (allocs, len(ops) - allocs)
    assert sum(slab.inuse for slab in ideal.slabs.values()) == held
    assert all(slab.inuse + len(slab.freelist) == 16 for slab in ideal.slabs.values())
    atomic = model(cpus)
    run_model(ops, atomic)
    assert sum(len(slab.owners) for slab in atomic.machine.slabs.values()) == held


def test_the_lifo_walk_leaves_the_fast_path_in_three_of_a_hundred() -> None:
    ops = stream.lifo_walk(20_000)
    assert run_ideal(ops, 1, 16).counts[REFILL] / len(ops) == pytest.approx(0.03, abs=0.01)


def test_the_busy_engine_is_interrupted_inside_paths() -> None:
    running = busy_engine()
    for _ in range(1500):
        running.tick()
    kinds = running.log.matrix()[:, 0].tolist()
    assert kinds.count(Kind.IRQ_ENTER) > 50
    assert kinds.count(Kind.CMPXCHG_DOUBLE_CPU_FAIL) > 0
    assert completed_calls(running.log) > 1500


def test_every_model_figure_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OPS", 500)
    monkeypatch.setattr(engine, "TICKS", 200)
    found = list(engine.figures())
    assert [figure.bar for figure in found] == [0.30, 0.20, 0.12]
    assert all(figure.value > 0 for figure in found)


def test_a_figure_says_whether_its_bar_is_reached() -> None:
    assert Figure("x", 0.4, 0.3).reached
    assert not Figure("x", 0.2, 0.3).reached
    assert Figure("x", 5, 25, at_most=True).reached
    assert not Figure("x", 30, 25, "ms", at_most=True).reached
    assert Figure("x", 30, 25, "ms", at_most=True, measured={"a": 1}).cells() == ("x", "30 ms", "<= 25", "a 1")
    assert Figure("x", 0.2, 0.3).as_json()["reached"] is False


def test_the_timeline_is_measured_on_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import slabviz

    monkeypatch.setattr(timeline, "SEEKS", 20)
    log, checkpoints, seek = timeline.figures(slabviz.load("fork").run(ticks=200))
    assert 20 <= log.value <= 32
    assert checkpoints.reached
    assert seek.unit == "ms"
