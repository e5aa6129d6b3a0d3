"""One table from kinds of events to the lines that the kernel prints for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine

TAINTS = "PFSRMBUDAWCIOELKXTN"
"""Letters of taint flags in the kernel's order; without P (proprietary modules) a G stands there."""

RULE = 77
"""Characters of the lines that frame a report."""
CUT_HERE = "------------[ cut here ]------------"


@dataclass(slots=True)
class Names:
    """Whom the addresses in tracks stand for, as text; the actor's number is what the model knows."""

    symbol: Callable[[int], str] = lambda actor: f"actor_{actor}+0x0/0x0"
    """Code that an actor runs, for instance ``bash+0x0/0x100``."""


@dataclass(slots=True)
class Kmsg:
    """What a line depends on besides the machine: earlier lines, the clock, names."""

    names: Names = field(default_factory=Names)
    taints: set[str] = field(default_factory=set)
    oopses: int = 0
    once: set[str] = field(default_factory=set)
    """Warnings that are said once only, and have been."""
    now: int = 0
    """Jiffies."""

    def tainted(self) -> str:
        """``print_tainted``."""
        if not self.taints:
            return "Not tainted"
        letters = (letter if letter in self.taints else "G" if letter == "P" else " " for letter in TAINTS)
        return f"Tainted: {''.join(letters)}"


Printer: TypeAlias = Callable[[Machine, Event, Kmsg], Iterator[str]]
"""(machine before the event, the event, what came before) -> lines."""

SAID: dict[Kind, Printer] = {}


def prints(*kinds: Kind) -> Callable[[Printer], Printer]:
    """Decorator: this function has the lines of events of these kinds."""

    def enter(printer: Printer) -> Printer:
        for kind in kinds:
            SAID[kind] = printer
        return printer

    return enter


def said_of(machine: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """The lines that the kernel prints at an event; ``machine`` is as just before it, ``kmsg`` is kept up to date."""
    printer = SAID.get(Kind(event[0]))
    if printer is not None:
        yield from printer(machine, event, kmsg)
