"""What the kernel has printed about an incident, without the lines that only frame it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from slabviz.scene.errors.incidents import Incident
from slabviz.slub.printk.table import CUT_HERE
from slabviz.timeline.kernel_log import dmesg
from slabviz.timeline.run import Run

_FRAME = re.compile(r"[=-]{3,}.*|#PF: .*|Oops: .*|RIP: .*|Slab 0x.*|Object .*: .*|Redzone .*: .*|Padding .*: .*|"
                    r"Bytes b4 .*: .*")  # fmt: skip
_RULE = re.compile(r"=+|-+|---\[ .*")
_LOUDEST = ("Kernel panic", "BUG", "kernel BUG", "general protection", "watchdog: BUG", "Out of memory")


def printed(run: Run, incident: Incident) -> tuple[str, ...]:
    """Every line of the incident's ticks."""
    ticks = {run.log.tick_of(number) for number in incident.events}
    return tuple(text for tick, _, text in dmesg(run, incident.tick) if tick in ticks)


def without_frame(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line for line in lines if line and line != CUT_HERE and not _RULE.fullmatch(line))


def headline(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """(the line that counts most, the last of several such; the other lines with values).

    Empty where nothing was printed.
    """
    told = [line for line in lines if line and line != CUT_HERE and not _FRAME.fullmatch(line)]
    if not told:
        return "", ()
    loudest = next((line for start in _LOUDEST for line in reversed(told) if line.startswith(start)), told[0])
    place = told.index(loudest)
    where = [] if loudest.startswith("WARNING") else [line for line in lines if line.startswith("RIP")][:1]
    return loudest, (*told[place + 1 :], *told[:place], *where)
