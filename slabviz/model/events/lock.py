"""Locks and interrupts off / on. Every lock is taken with interrupts off: a handler must not spin for what it
interrupted."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.lock import NOBODY
from slabviz.model.machine import Machine


@applies(Kind.LOCK)
def lock(m: Machine, cpu: int, lock: int, arg: int, who: int) -> None:
    taken = m.lock(lock)
    if cpu in taken.waiters:  # it turned interrupts off when it began to wait
        taken.waiters.remove(cpu)
    else:
        m.cpus[cpu].top.irq_depth += 1
    taken.holder = cpu


@applies(Kind.LOCK_WAIT)
def lock_wait(m: Machine, cpu: int, lock: int, arg: int, who: int) -> None:
    m.lock(lock).waiters.append(cpu)
    m.cpus[cpu].top.irq_depth += 1


@applies(Kind.UNLOCK)
def unlock(m: Machine, cpu: int, lock: int, arg: int, who: int) -> None:
    m.lock(lock).holder = NOBODY
    m.cpus[cpu].top.irq_depth -= 1


@applies(Kind.IRQ_OFF)
def irq_off(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].top.irq_depth += 1


@applies(Kind.IRQ_ON)
def irq_on(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].top.irq_depth -= 1
