"""A task: a process that runs a program on one CPU."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.engine.waits import Work


@dataclass(slots=True, eq=False)
class Task:
    """``actor`` is its number in the cast. A daemon does not keep the run from ending."""

    actor: int
    cpu: int
    work: Work[None]
    daemon: bool = False
    waiting: bool = False
    """Asleep until somebody wakes it."""
    over: bool = False
    at_rest: bool = False
    """In no path of the kernel, so that it may go on on another CPU (it will look where it is)."""
