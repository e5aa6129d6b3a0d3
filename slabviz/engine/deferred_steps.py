"""What a program sets off for later: work items for a kworker, and interrupts of a device it has started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import driver_program, program
from slabviz.engine.arguments import given
from slabviz.engine.job import Job
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Work
from slabviz.model.events import Kind


def _schedule_work(job: Job, step: driver_program.ScheduleWork) -> Work[None]:
    """``queue_work_on`` this CPU; a work item that is pending already is left alone, unless it carries something."""
    stage = job.stage
    pool = stage.kworkers[job.cpu]
    if step.arguments or all(name != step.work for name, _ in pool.items):
        pool.items.append((step.work, given(job, step.place, step.arguments)))
        stage.moving += 1
        if pool.task is not None:
            stage.engine.wake(pool.task)
    yield (Kind.WORK_QUEUE, job.cpu, 0, stage.word(step.work), job.actor)


def _raise_irq(job: Job, step: driver_program.RaiseIrq) -> None:
    """The interrupt comes at its time even if the program has ended by then."""
    stage = job.stage
    actor, after = stage.irqs[step.irq], max(evaluate(step.after, job), 1)
    stage.engine.raise_interrupt(actor, after)
    stage.requests[actor].put(stage.engine.now + after, given(job, step.place, step.arguments))


DEFERRED_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    driver_program.ScheduleWork: _schedule_work,
}
"""What carries out each of these steps that takes time."""

DEFERRED_THOUGHTS: dict[type[program.Step], Callable[[Job, Any], None]] = {
    driver_program.RaiseIrq: _raise_irq,
}
"""The same for those that take none."""
