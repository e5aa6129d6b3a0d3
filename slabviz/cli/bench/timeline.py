"""How long runs keep: the log's size, the checkpoints' size, and the time to any tick of a run of 100,000."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median, quantiles

from slabviz.cli.bench.figure import Figure, cpu_seconds
from slabviz.cli.bench.stream import SEED
from slabviz.engine.streams import Streams
from slabviz.timeline.run import Run

SEEKS = 200
MIB = 1 << 20
MILLI = 1e3


def figures(run: Run) -> Iterator[Figure]:
    """Bytes an event, checkpoints in MiB, and seeks in ms; ``run`` is a long one."""
    log = run.log
    yield Figure("log", log.nbytes / len(log), 32, "bytes an event", at_most=True, measured={"events": len(log)})
    run.machine_at(run.last_tick)  # the checkpoints are taken on the first way to the end
    checkpoints = run.timeline.checkpoints
    measured = {"checkpoints": len(checkpoints.kept), "ticks": log.ticks}
    yield Figure("checkpoints", checkpoints.nbytes / MIB, 256, "MiB", at_most=True, measured=measured)
    yield _seeks(run)


def _seeks(run: Run) -> Figure:
    random = Streams(SEED).stream("seek")
    ticks = [random.randrange(run.log.ticks) for _ in range(SEEKS)]
    times = [cpu_seconds(partial(run.machine_at, tick)) * MILLI for tick in ticks]
    p95 = quantiles(times, n=20)[-1]
    return Figure("seek to any tick, p95", p95, 25, "ms", at_most=True, measured={"median ms": median(times)})
