"""The OOM killer: when nothing can be reclaimed, the task with the most memory dies, and gives all of it back
(mm/oom_kill.c of 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from slabviz.engine.engine import Engine
from slabviz.model.events import Kind
from slabviz.model.sizing import PAGE_SIZE
from slabviz.slub.world import Path

PATIENCE = 240
"""Ticks that a victim has to die; then another one is chosen (the kernel's OOM reaper gives up as well)."""


class Candidate(Protocol):
    """A task that could be killed."""

    @property
    def actor(self) -> int:
        """Its number in the cast."""
        ...

    @property
    def user_pages(self) -> int:
        """Pages that its program uses."""
        ...

    def kill(self) -> None:
        """It dies as soon as it can."""
        ...


@dataclass(slots=True)
class Victim:
    """Somebody who has been chosen, and until when he is waited for."""

    candidate: Candidate
    until: int


class OomKiller:
    """Chooses, one at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.candidates: dict[int, Candidate] = {}
        """Tasks that live, by actor."""
        self.dying: dict[int, Victim] = {}

    def enter(self, candidate: Candidate) -> None:
        """A task begins."""
        self.candidates[candidate.actor] = candidate

    def leave(self, actor: int) -> None:
        """A task has ended and given everything back."""
        self.candidates.pop(actor, None)
        self.dying.pop(actor, None)

    def kill(self, cpu: int, order: int, gfp: int) -> Path[bool]:
        """Choose a victim, or wait for the one that is dying. False, after a panic: nobody is left.

        ``order`` and ``gfp`` are those of the request that nothing has helped.
        """
        now = self.engine.now
        if any(victim.until > now for victim in self.dying.values()):
            return True
        actor = self.engine.machine.cpus[cpu].top.actor
        invoked = (Kind.OOM_INVOKED, cpu, order, gfp, actor)
        able = [candidate for actor, candidate in self.candidates.items() if actor not in self.dying]
        if not able:
            yield [invoked, (Kind.OOM_PANIC, cpu, 0, 0, actor)]
            self.engine.panicked = True  # "System is deadlocked on memory"
            return False
        chosen = max(able, key=lambda candidate: (self.badness(candidate), candidate.actor))
        self.dying[chosen.actor] = Victim(chosen, now + PATIENCE)
        yield [invoked, (Kind.OOM_KILL, cpu, 0, self.badness(chosen) // PAGE_SIZE, chosen.actor)]
        chosen.kill()
        return True

    def badness(self, candidate: Candidate) -> int:
        """How much memory would be won, in bytes: the program's pages, and the objects that it holds (the kernel does
        not count these)."""
        held = sum(
            slab.cache.size * sum(owner == candidate.actor for owner in slab.owners.values())
            for slab in self.engine.machine.slabs.values()
        )
        return candidate.user_pages * PAGE_SIZE + held
