"""Tasks that never give their CPU away, so that those behind them never run."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.engine import program
from slabviz.engine.program import Body, Step
from slabviz.engine.values import Const
from slabviz.engine.workload import Workload
from slabviz.errors import Place
from slabviz.model.gfp import may_sleep
from slabviz.scenario.check import steps


def never_run(work: Workload) -> Iterator[tuple[str, Place]]:
    """Each task that waits for ever behind another one of its CPU, with the place of the loop that keeps the CPU."""
    hogs: dict[int, Place] = {}
    for name, task in work.tasks.items():
        if task.cpu in hogs:
            yield name, hogs[task.cpu]
        elif not task.start_at:
            loop = _loop(work, task.program)
            if loop is not None:
                hogs[task.cpu] = loop


def _loop(work: Workload, body: Body) -> Place | None:
    """The endless loop that a task comes to without having slept, and in which it never sleeps."""
    for step in body:
        if isinstance(step, program.Repeat) and _endless(step):
            return None if any(_may_rest(work, inner) for inner in steps(step.body)) else step.place
        if any(_may_rest(work, inner) for inner in steps((step,))):
            return None
    return None


def _endless(step: program.Repeat) -> bool:
    forever = step.times is None and step.condition is None
    return forever or (isinstance(step.condition, Const) and step.condition.number != 0)


def _may_rest(work: Workload, step: Step) -> bool:
    """Whether a step may sleep or end the task, or does something that is not looked into here."""
    match step:
        case program.Call(program=name):
            called = steps(work.programs[name].body)
            return any(isinstance(each, program.Call) or _may_rest(work, each) for each in called)
        case program.Alloc(gfp=gfp) | program.Kmalloc(gfp=gfp) | program.BulkAlloc(gfp=gfp):
            return may_sleep(gfp)
        case (
            program.Wait() | program.Let() | program.Count() | program.MarkTick() | program.Say() | program.Repeat()
            | program.If() | program.IfNull() | program.Choose() | program.Free() | program.BulkFree()
        ):  # fmt: skip
            return False
        case _:
            return True
