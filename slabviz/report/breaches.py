"""Laws of the machine that a run breaks because somebody did wrong: each once, with its tick and what did it.

A wrong free without debugging really spoils the allocator; from then on some law (``model/invariants.py``) may not hold
any more. That is the story's fault and not the model's: it is told, and the run goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.image import image_of, machine_of
from slabviz.model.invariants import check
from slabviz.model.machine import Machine
from slabviz.timeline.run import Run

SUSPICIOUS = (
    Kind.LOOK, Kind.SET_FREE_POINTER, Kind.WRITE, Kind.WRONG_CACHE, Kind.SLAB_REPORT, Kind.OOPS, Kind.STUCK,
)  # fmt: skip
"""Without one of these nothing has gone wrong."""
MOST_TICKS = 2_000
"""So far behind the first wrong deed laws are looked at."""


@dataclass(frozen=True, slots=True)
class Breach:
    """``law`` does not hold after ``tick``: ``what`` says how, ``cause`` who did it and when."""

    tick: int
    law: str
    what: str
    cause: str


@dataclass(frozen=True, slots=True)
class _Deed:
    slab: int
    text: str


def breaches(run: Run) -> list[Breach]:
    """Every law that is broken in a run, at the first tick where it is."""
    numbers = np.flatnonzero(np.isin(run.log.matrix()[:, 0], SUSPICIOUS))
    if not len(numbers):
        return []
    first = run.log.tick_of(int(numbers[0]))
    machine = machine_of(run.config, image_of(run.machine_at(first - 1)))
    found: dict[str, Breach] = {}
    deeds: list[_Deed] = []
    for tick in range(first, min(run.last_tick, first + MOST_TICKS) + 1):
        for event in run.log.of_tick(tick):
            deeds += _deed(run, machine, event, tick)
            kind, cpu, slab, arg, who = event
            APPLY[kind](machine, cpu, slab, arg, who)
        for sentence in check(machine) if deeds else ():
            law, _, what = sentence.partition(": ")
            found.setdefault(law, Breach(tick, law, what, _cause(deeds, what)))
    return list(found.values())


def _deed(run: Run, m: Machine, event: Event, tick: int) -> list[_Deed]:
    """What is wrong about an event, in words; nothing for most."""
    kind, cpu, slab_id, arg, who = event
    slab = m.slabs.get(slab_id)
    by = run.cast[m.cpus[cpu].top.actor].name
    if kind == Kind.FREE_ENTER and slab is not None and arg not in slab.owners:
        where = f"slab {slab_id} @offset={arg}"
        if slab.is_object(arg):
            return [_Deed(slab_id, f"the double free of {slab.cache.name} ({where}) at tick {tick} by {by}")]
        return [_Deed(slab_id, f"the free of an interior pointer ({where}) at tick {tick} by {by}")]
    if kind == Kind.WRITE:
        return [_Deed(slab_id, f"the write to slab {slab_id} @offset={arg} at tick {tick} by {run.cast[who].name}")]
    if kind == Kind.OOPS:
        return [_Deed(slab_id, f"the death of {by} inside the allocator at tick {tick}")]
    return []


def _cause(deeds: list[_Deed], what: str) -> str:
    """The last wrong deed, of those done to the slab that is spoken of if there are any."""
    named = {int(number) for number in re.findall(r"slab (\d+)", what)}
    return next((deed.text for deed in reversed(deeds) if deed.slab in named), deeds[-1].text)
