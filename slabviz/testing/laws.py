"""Drivers that hold every law of the machine (``model/invariants.py``) after every single event."""

from __future__ import annotations

from slabviz.engine.engine import Engine
from slabviz.errors import ModelError
from slabviz.model.events import Event, Kind
from slabviz.model.invariants import check
from slabviz.model.machine import Machine
from slabviz.slub.atomic import Atomic


class LawfulAtomic(Atomic):
    """Whole calls in one go. Raises ModelError after the first event that breaks a law."""

    def commit(self, event: Event) -> None:
        """Apply one event, log it, and check every law."""
        super().commit(event)
        _hold(self.machine, event, "")


class LawfulEngine(Engine):
    """Tick by tick. Raises ModelError after the first event that breaks a law."""

    def commit(self, event: Event) -> None:
        """Apply one event, log it, and check every law."""
        super().commit(event)
        _hold(self.machine, event, f"tick {self.now}, ")


def _hold(machine: Machine, event: Event, when: str) -> None:
    if breaches := check(machine):
        kind, cpu, slab, arg, who = event
        where = f"{when}CPU{cpu}, {Kind(kind).name} (slab {slab}, arg {arg}, who {who})"
        raise ModelError(f"{where}: {'; '.join(breaches)}")
