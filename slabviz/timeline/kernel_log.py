"""What the kernel would have printed in a run: ``dmesg``, tick by tick."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from slabviz.model.events import APPLY
from slabviz.model.image import image_of, machine_of
from slabviz.slub.printk import SAID, Kmsg, Names, said_of
from slabviz.timeline.run import Run

Line: TypeAlias = tuple[int, int, str]
"""(tick, CPU, text)."""


def dmesg(run: Run, tick: int | None = None) -> list[Line]:
    """Every line up to the end of a tick (the run's last one by default), in order.

    Tracks name the actors of the cast; ages are in ticks.
    """
    last = run.last_tick if tick is None else tick
    kmsg = Kmsg(Names(lambda actor: symbol(run, actor)))
    lines: list[Line] = []
    for at in _ticks_that_print(run, last):
        lines += _of_tick(run, at, kmsg)
    return lines


def symbol(run: Run, actor: int) -> str:
    """Code of an actor: the kernel would say a function and how far into it."""
    name = run.cast[actor].name if 0 <= actor < len(run.cast) else "unknown"
    return f"{name.replace(' ', '_')}+0x{len(name):x}/0x100"


def _ticks_that_print(run: Run, last: int) -> list[int]:
    numbers = np.flatnonzero(np.isin(run.log.matrix()[:, 0], list(SAID)))
    ticks = np.unique(np.searchsorted(np.asarray(run.log.starts), numbers, side="right") - 1)
    return [int(tick) for tick in ticks if tick <= last]


def _of_tick(run: Run, tick: int, kmsg: Kmsg) -> list[Line]:
    machine = machine_of(run.config, image_of(run.machine_at(tick - 1)))
    kmsg.now = tick
    lines: list[Line] = []
    for event in run.log.of_tick(tick):
        lines += [(tick, event[1], line) for line in said_of(machine, event, kmsg)]
        kind, cpu, slab, arg, who = event
        APPLY[kind](machine, cpu, slab, arg, who)
    return lines
