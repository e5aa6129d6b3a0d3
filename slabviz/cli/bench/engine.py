"""How quick the model is: its paths in one go, and the engine tick by tick, against the idealised allocator."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.cli.bench import stream
from slabviz.cli.bench.figure import Figure, cpu_seconds, side_by_side
from slabviz.cli.bench.ideal import run_ideal
from slabviz.cli.bench.stream import Op
from slabviz.cli.bench.workload import CPUS, OBJECTS, busy_engine, completed_calls, model, run_model

OPS = 100_000
HELD = 600
"""Objects that are live at a time in the stream of random frees."""

TICKS = 20_000
NANO = 1e9


def figures() -> Iterator[Figure]:
    """Three ratios: ops per CPU-second of the model through those of the idealised loop."""
    lifo = stream.lifo_walk(OPS)
    yield _paths("model paths, LIFO walk", 0.30, lifo, 1)
    yield _paths("model paths, 4 CPUs, frees in random order", 0.20, stream.remote_frees(OPS, CPUS, HELD), CPUS)
    yield _ticks(lifo)


def _paths(name: str, bar: float, ops: list[Op], cpus: int) -> Figure:
    def ours() -> float:
        atomic = model(cpus)
        return cpu_seconds(lambda: run_model(ops, atomic)) / len(ops)

    def ideal() -> float:
        return cpu_seconds(lambda: run_ideal(ops, cpus, OBJECTS)) / len(ops)

    return _ratio(name, bar, *side_by_side(ours, ideal))


def _ticks(lifo: list[Op]) -> Figure:
    def ours() -> float:
        engine = busy_engine()

        def run() -> None:
            for _ in range(TICKS):
                engine.tick()

        seconds = cpu_seconds(run)
        return seconds / completed_calls(engine.log)

    def ideal() -> float:
        return cpu_seconds(lambda: run_ideal(lifo, 1, OBJECTS)) / len(lifo)

    return _ratio("Engine.tick(), 4 CPUs, Poisson interrupts", 0.12, *side_by_side(ours, ideal))


def _ratio(name: str, bar: float, ours: float, limit: float) -> Figure:
    return Figure(name, limit / ours, bar, "of the limit", measured={"ns/op": ours * NANO, "limit ns/op": limit * NANO})
