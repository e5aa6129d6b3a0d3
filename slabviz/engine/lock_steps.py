"""Interrupts off and on, and the scenario's own spinlocks: whoever holds one has interrupts off and may not sleep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import driver_program, program
from slabviz.engine.job import Job
from slabviz.engine.waits import Work
from slabviz.slub.locking import local_irq_restore, local_irq_save, spin_lock_irqsave, spin_unlock_irqrestore


def _irq_off(job: Job, step: program.IrqOff) -> Work[None]:
    if job.irqs_off is not None:
        raise job.error(step.place, f"irq_off: interrupts are off already, since {job.irqs_off}")
    job.irqs_off = step.place
    yield from local_irq_save(job.cpu)


def _irq_on(job: Job, step: program.IrqOn) -> Work[None]:
    if job.irqs_off is None:
        raise job.error(step.place, "irq_on: interrupts are on already")
    job.irqs_off = None
    yield from local_irq_restore(job.cpu)


def _spin_lock(job: Job, step: driver_program.SpinLock) -> Work[None]:
    held = job.locks.get(step.lock)
    if held is not None:
        raise job.error(step.place, f"spin_lock: `{step.lock}` is held by this job itself since {held}: a deadlock")
    yield from spin_lock_irqsave(job.cpu, job.stage.engine.machine.named_lock(step.lock))
    job.locks[step.lock] = step.place


def _spin_unlock(job: Job, step: driver_program.SpinUnlock) -> Work[None]:
    if step.lock not in job.locks:
        raise job.error(step.place, f"spin_unlock: this job does not hold `{step.lock}`")
    del job.locks[step.lock]
    yield from spin_unlock_irqrestore(job.cpu, job.stage.engine.machine.named_lock(step.lock))


LOCK_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    program.IrqOff: _irq_off,
    program.IrqOn: _irq_on,
    driver_program.SpinLock: _spin_lock,
    driver_program.SpinUnlock: _spin_unlock,
}
"""What carries out each of these steps."""
