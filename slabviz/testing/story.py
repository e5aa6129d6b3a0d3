"""A log as a story that one equality can be written about: who did what at which tick."""

from __future__ import annotations

from typing import TypeAlias

from slabviz.model.events import Kind
from slabviz.model.log import EventLog

Told: TypeAlias = tuple[int, int, str]
"""(tick, CPU, name of the kind)."""


def story(log: EventLog, first: int = 1, *, cpu: int | None = None) -> list[Told]:
    """Every event from tick ``first`` on, of one CPU or of all."""
    return [
        (tick, event[1], Kind(event[0]).name)
        for tick in range(first, log.ticks)
        for event in log.of_tick(tick)
        if cpu is None or event[1] == cpu
    ]
