"""A trace's calls carried out on a model, and whether it hands out the objects that the trace names.

A trace says what was asked for; the model answers. Taken from the trace is only what the allocator does not decide:
which pages a new slab lies on, where its chain begins, and who stepped when, if that is told. Each cache is carried out
on its own, since pages are all that caches have in common.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from slabviz.model.events import APPLY
from slabviz.model.image import MachineImage, image_of
from slabviz.model.machine import Machine, MachineConfig
from slabviz.model.zone import PageSets
from slabviz.recordings.ftrace.calls import sort_by_cache
from slabviz.recordings.ftrace.conductor import Mark
from slabviz.recordings.ftrace.groups import contradictions, groups_by_cache
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.pages import taking
from slabviz.recordings.ftrace.reader import TraceOp
from slabviz.recordings.ftrace.schedule import Schedule
from slabviz.recordings.ftrace.scheduled import Scheduled
from slabviz.recordings.ftrace.search import Search


def replay(machine: Machine, operations: Iterable[TraceOp], schedule: Schedule | None = None) -> Outcome:
    """Carry out a trace on a copy of the machine as it was when the trace began.

    Where calls overlapped, ``schedule`` says who stepped when; without one (None) it is looked for.
    """
    operations = list(operations)
    sorted = sort_by_cache(machine, operations, schedule.slabs if schedule else {})
    outcome = Outcome(passed_over=sorted.passed_over)
    groups = {} if schedule is None else groups_by_cache(machine, sorted, schedule, outcome)
    if schedule is not None:
        outcome.broken += contradictions(operations, sorted, schedule)
    image = image_of(machine)
    for cache, lines in sorted.lines.items():
        config, alone = _alone(machine, image, cache)
        mark = Mark(0, alone, {}, Outcome())
        if schedule is None:
            outcome.add(Search(config, lines, mark).run())
        else:
            dead = [one for one in schedule.dead if one.cache == cache]
            outcome.add(Scheduled(config, lines, mark, groups.get(cache, []), schedule.slabs, dead).carry_out())
    return outcome


def _alone(machine: Machine, image: MachineImage, cache: int) -> tuple[MachineConfig, MachineImage]:
    """A machine that has this cache alone, and no page sets: all pages but those of its slabs are free."""
    memory = replace(machine.config.memory, sets=PageSets(on=False))
    config = replace(machine.config, caches=(machine.config.caches[cache],), memory=memory)
    scratch = Machine.boot(config)
    slabs = {id: (0, *values[1:]) for id, values in image.slabs.items() if values[0] == cache}
    for values in slabs.values():
        for event in taking(scratch, 0, (values[1], values[2])) or ():
            APPLY[event[0]](scratch, *event[1:])
    empty = image_of(Machine.boot(config))
    return config, replace(
        empty, slabs=slabs, caches=(image.caches[cache],), zones=image_of(scratch).zones, next_slab=image.next_slab,
        rcu_slabs=tuple(id for id in image.rcu_slabs if id in slabs),
    )  # fmt: skip
