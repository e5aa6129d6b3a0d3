"""The machine a tick earlier, to see what has changed; the timeline's own machine stays where it is."""

from __future__ import annotations

from slabviz.model.machine import Machine
from slabviz.timeline.run import Run
from slabviz.timeline.timeline import Timeline


def machine_before(run: Run, tick: int) -> Machine:
    """The machine as it stood before the events of ``tick``: one of its own, made from the nearest checkpoint."""
    return Timeline(run.config, run.log, run.timeline.checkpoints).machine_at(tick - 1)
