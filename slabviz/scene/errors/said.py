"""What the kernel has printed about an incident, without the lines that only frame it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from slabviz.model.events import Kind
from slabviz.scene.errors.incidents import Incident
from slabviz.slub.printk.table import CUT_HERE
from slabviz.timeline.kernel_log import dmesg
from slabviz.timeline.run import Run

_FRAME = re.compile(r"[=-]{3,}.*|#PF: .*|Oops: .*|RIP: .*|Slab 0x.*|Object .*: .*|Redzone .*: .*|Padding .*: .*|"
                    r"Bytes b4 .*: .*")  # fmt: skip
_LOUDEST = ("Kernel panic", "BUG", "kernel BUG", "general protection", "watchdog: BUG", "Out of memory")


def printed(run: Run, incident: Incident) -> tuple[str, ...]:
    """Every line of the incident's ticks; lines of the memory killer, which the model only tells of, are made here."""
    ticks = {run.log.tick_of(number) for number in incident.events}
    lines = [text for tick, _, text in dmesg(run, incident.tick) if tick in ticks]
    return (*lines, *_of_memory(run, incident))


def _of_memory(run: Run, incident: Incident) -> list[str]:
    kind, _, _, arg, who = next(run.log.events(incident.events[-1]))
    actor = run.cast[who] if 0 <= who < len(run.cast) else run.cast[0]
    if kind == Kind.OOM_KILL:
        return [f"Out of memory: Killed process {actor.mark} ({actor.name}) pages:{arg}"]
    if kind == Kind.OOM_PANIC:
        return ["Kernel panic - not syncing: System is deadlocked on memory"]
    if kind == Kind.MIGHT_SLEEP_BUG:
        return ["BUG: sleeping function called from invalid context at include/linux/sched/mm.h:274",
                f"in_atomic(): 1, pid: {actor.mark}, name: {actor.name}"]  # fmt: skip
    return []


def headline(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """(the line that counts most, the last of several such; the other lines with values).

    Empty where nothing was printed.
    """
    told = [line for line in lines if line and line != CUT_HERE and not _FRAME.fullmatch(line)]
    if not told:
        return "", ()
    loudest = next((line for start in _LOUDEST for line in reversed(told) if line.startswith(start)), told[0])
    after = [line for line in lines if line.startswith("RIP")][:1]
    return loudest, (*(line for line in told if line is not loudest), *after)
