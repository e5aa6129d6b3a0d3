"""spin_lock_irqsave and its end. Lock order: list_lock and the zone's lock are never held together."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.fault import Stuck
from slabviz.model.lock import DEAD, Lock
from slabviz.slub.world import Hangs, Path


def spin_lock_irqsave(cpu: int, lock: Lock) -> Path[None]:
    """Interrupts off first, then spin until it is our turn: else a handler could spin for the work it interrupted."""
    if not lock.free_for(cpu):
        yield (Kind.LOCK_WAIT, cpu, lock.id, 0, 0)
        told = False
        while not lock.free_for(cpu):
            if lock.holder == DEAD and not told:
                told = True
                yield Hangs((Kind.STUCK, cpu, lock.id, Stuck.LOCK, 0))
            yield None
    yield (Kind.LOCK, cpu, lock.id, 0, 0)


def spin_unlock_irqrestore(cpu: int, lock: Lock) -> Path[None]:
    """Give the lock back and restore interrupts."""
    yield (Kind.UNLOCK, cpu, lock.id, 0, 0)


def local_irq_save(cpu: int) -> Path[None]:
    """``local_lock_irqsave``: no interrupt of this CPU until ``local_irq_restore``."""
    yield (Kind.IRQ_OFF, cpu, 0, 0, 0)


def local_irq_restore(cpu: int) -> Path[None]:
    """The end of ``local_irq_save``."""
    yield (Kind.IRQ_ON, cpu, 0, 0, 0)
