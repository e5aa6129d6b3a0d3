"""Who runs what, and when: tasks, interrupt sources, softirqs and queues of a scenario, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from slabviz.engine.program import Body
from slabviz.errors import Place


@dataclass(frozen=True, slots=True)
class Program:
    """A named piece: ``parameters`` are the names that ``with`` must give."""

    place: Place
    parameters: tuple[str, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Task:
    """A process that is there from the start, or from ``start_at`` on; ``pid`` 0 takes the next free number."""

    place: Place
    cpu: int
    program: Body
    pid: int
    start_at: int


@dataclass(frozen=True, slots=True)
class Periodic:
    """Every ``ticks`` ticks."""

    ticks: int


@dataclass(frozen=True, slots=True)
class PoissonArrivals:
    """At random, ``mean`` ticks apart on the average."""

    mean: int


@dataclass(frozen=True, slots=True)
class Burst:
    """``size`` interrupts, ``gap`` ticks apart, every ``every`` ticks."""

    size: int
    every: int
    gap: int


@dataclass(frozen=True, slots=True)
class Scripted:
    """At exactly these ticks."""

    ticks: tuple[int, ...]


Arrivals: TypeAlias = Periodic | PoissonArrivals | Burst | Scripted
"""Scripted at no tick: it comes only when a program raises it."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """An interrupt source: when it comes (``first`` … ``until``), which of its CPUs, and what its handler does."""

    place: Place
    cpus: tuple[int, ...]
    arrivals: Arrivals
    first: int
    until: int | None
    handler: Body
    parameters: tuple[str, ...] = ()
    """Names that each ``raise`` of it must give."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that drivers allocate memory for; ``name`` is what it is called on the screen."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Where jobs hand objects to each other; at most ``limit`` entries."""

    place: Place
    limit: int


@dataclass(frozen=True, slots=True)
class Workload:
    """Everything that runs: names to definitions, in the order of the file."""

    programs: dict[str, Program]
    tasks: dict[str, Task]
    interrupts: dict[str, Interrupt]
    softirqs: dict[str, Body]
    queues: dict[str, Queue]
    works: dict[str, Program]
    devices: dict[str, Device]
    duration: int
    """``running`` holds and interrupts arrive during the first ``duration`` ticks."""
    at_most: int
    """The last tick, whatever still moves."""
