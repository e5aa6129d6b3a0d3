"""What runs on a CPU: tasks, softirqs, interrupts, and the call of the allocator each of them is in."""

from __future__ import annotations

from slabviz.model.cpu import Context, ContextKind
from slabviz.model.events.kinds import PATH_ENTERS, Kind
from slabviz.model.events.table import applies
from slabviz.model.lock import DEAD
from slabviz.model.machine import Machine


@applies(Kind.TASK_START)
def task_start(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.parked[who] = Context(ContextKind.PROCESS, who)


@applies(Kind.SWITCH)
def switch(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    c = m.cpus[cpu]
    leaving = c.stack[0]
    if leaving.kind is ContextKind.PROCESS:
        m.parked[leaving.actor] = leaving
    c.stack[0] = m.parked.pop(who) if who else Context(ContextKind.IDLE, 0)
    c.hand = c.stack[-1].hand


@applies(Kind.TASK_EXIT)
def task_exit(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    c = m.cpus[cpu]
    c.stack[0] = Context(ContextKind.IDLE, 0)
    c.hand = c.stack[-1].hand


@applies(Kind.OOPS)
def oops(m: Machine, cpu: int, slab: int, arg: int, fault: int) -> None:
    """The task dies with all it holds: what is in its hand is lost, and its locks are never given back."""
    c = m.cpus[cpu]
    dead = c.stack[0]
    m.parked[dead.actor] = dead
    for lock in m.locks():
        if lock.holder == cpu:
            lock.holder = DEAD
    c.stack[0] = Context(ContextKind.IDLE, 0)
    c.hand = c.stack[-1].hand


@applies(Kind.IRQ_RAISE)
def irq_raise(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].pending.append(who)


@applies(Kind.IRQ_ENTER)
def irq_enter(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].pending.remove(who)
    _break_in(m, cpu, ContextKind.HARDIRQ, who)


@applies(Kind.SOFTIRQ_ENTER)
def softirq_enter(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    _break_in(m, cpu, ContextKind.SOFTIRQ, who)


def _break_in(m: Machine, cpu: int, kind: ContextKind, who: int) -> None:
    c = m.cpus[cpu]
    c.stack.append(Context(kind, who))
    c.hand = c.stack[-1].hand


@applies(Kind.IRQ_EXIT, Kind.SOFTIRQ_EXIT)
def leave(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    c = m.cpus[cpu]
    c.stack.pop()
    c.hand = c.stack[-1].hand


@applies(Kind.CPU_OFFLINE)
def cpu_offline(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].online = False


@applies(Kind.CPU_ONLINE)
def cpu_online(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.cpus[cpu].online = True


def _calls(kind: Kind) -> None:
    code = int(kind)

    @applies(kind)
    def enter(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
        m.cpus[cpu].stack[-1].call = (code, slab, arg, who)


for _kind in PATH_ENTERS:
    _calls(_kind)
