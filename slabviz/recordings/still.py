"""A recorded state as a run of one moment, so that it can be looked at like any other run."""

from __future__ import annotations

from pathlib import Path

from slabviz.model.cast import Cast
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.recordings.machine_state import load_machine
from slabviz.timeline.run import About, Run
from slabviz.timeline.timeline import Timeline


class Still(Timeline):
    """The timeline of one moment: nothing happens, and the machine was not made from a log."""

    def __init__(self, machine: Machine, log: EventLog) -> None:
        super().__init__(machine.config, log)
        self._only = machine

    def machine_at(self, tick: int) -> Machine:
        """The machine. Raises IndexError for any tick but 0, and -1 for the moment before it."""
        if tick not in (-1, 0):
            raise IndexError(f"tick {tick} is not in this run: it is one moment")
        return self._only


def still_of(path: Path) -> Run:
    """Load a recorded state (``state.*.json.gz``). Raises RecordingError for a file that contradicts itself."""
    machine, log = load_machine(path), EventLog()
    log.begin_tick()
    most = max(machine.caches, key=lambda cache: (cache.node.total_objects * cache.size, cache.name))
    about = About({"en": "Recorded state", "zh": "记录的状态"}, source=path.name, stage_cache=most.id)
    run = Run(machine.config, log, Cast(), about)
    run.timeline = Still(machine, log)
    return run
