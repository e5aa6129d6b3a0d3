"""The groups of a schedule and the lines that they are about; what of a schedule does not go with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from slabviz.model.gfp import gfp_flags_text
from slabviz.model.machine import Machine
from slabviz.recordings.ftrace.calls import Call, Line, Sorted
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.reader import TraceOp
from slabviz.recordings.ftrace.schedule import Begun, Group, Key, Schedule

BEYOND = 1 << 62
"""Numbers of lines from here on: those of calls that have none."""

Found = dict[Key, tuple[int, Line]]
"""Call -> (its cache, its line)."""


@dataclass(slots=True, frozen=True, eq=False)
class Planned:
    """A group with the lines of its calls."""

    group: Group
    lines: dict[Key, Line]

    @property
    def in_order(self) -> list[tuple[Key, Line]]:
        """In the order of their lines; calls without one come last."""
        return sorted(self.lines.items(), key=lambda item: item[1].op.line)


def key_of(op: TraceOp) -> Key:
    """What a schedule calls a line."""
    return Key(op.time, op.cpu)


def has_line(line: Line) -> bool:
    """Whether it is one of the trace's."""
    return line.op.line < BEYOND


def groups_by_cache(machine: Machine, sorted: Sorted, schedule: Schedule, outcome: Outcome) -> dict[int, list[Planned]]:
    """Each group to the cache of its calls; what names no line of the trace, or of two caches, is noted as broken."""
    found: dict[int, list[Planned]] = {}
    where: Found = {
        key_of(line.op): (cache, line)
        for cache, lines in sorted.lines.items() for line in lines if not line.pages
    }  # fmt: skip
    where |= _begun(machine, schedule)
    for group in schedule.groups:
        members = {stretch.call: where[stretch.call] for stretch in group if stretch.call in where}
        missing = [stretch.call for stretch in group if stretch.call not in where]
        caches = {cache for cache, _ in members.values()}
        if missing or len(caches) != 1:
            first = min((line.op.line for _, line in members.values() if has_line(line)), default=0)
            why = f"its schedule names {missing[0]}, no call's line" if missing else "calls of two caches in one group"
            outcome.broken.append((first, why))
        else:
            lines = {key: line for key, (_, line) in members.items()}
            found.setdefault(caches.pop(), []).append(Planned(group, lines))
    return found


def contradictions(operations: list[TraceOp], sorted: Sorted, schedule: Schedule) -> list[tuple[int, str]]:
    """Where a trace is not as one is written: (line, what is wrong)."""
    found = [
        (later.line, f"its time is before that of line {earlier.line}")
        for earlier, later in pairwise(operations) if later.time < earlier.time
    ]  # fmt: skip
    found += [(line, "frees what lies in no slab") for line in sorted.strays]
    if len(operations) != schedule.lines:
        found.append((0, f"{len(operations)} lines are there, {schedule.lines} were written"))
    if not schedule.whole:
        found.append((0, f"{len(schedule.groups)} groups of calls are there, {schedule.promised} were written"))
    return found


def _begun(machine: Machine, schedule: Schedule) -> Found:
    """Calls without a line, as lines after all others."""
    caches = {cache.name: cache.id for cache in machine.caches}
    return {
        one.call: (caches[one.cache], _unwritten(number, one))
        for number, one in enumerate(schedule.begun) if one.cache in caches
    }  # fmt: skip


def _unwritten(number: int, one: Begun) -> Line:
    event = "kmem_cache_free" if one.address else "kmem_cache_alloc"
    gfp = gfp_flags_text(one.gfp)
    op = TraceOp(BEYOND + number, one.call.time, one.address, one.call.cpu, "", 0, ".....", event, gfp=gfp)
    return Line(op, Call(op, number=(1 << 30) + number))
