"""Streams of ops that model and limit are both fed."""

from __future__ import annotations

from typing import TypeAlias

from slabviz.engine.streams import Streams

Op: TypeAlias = tuple[int, int]
"""(CPU, place): allocate if place is -1, else free the live object at that place, which the last one then takes."""

SEED = 1


def lifo_walk(ops: int) -> list[Op]:
    """One CPU that allocates and frees the newest object, up and down: about 3 % of the ops leave the fast path."""
    random = Streams(SEED).stream("lifo")
    stream: list[Op] = []
    live = 0
    while len(stream) < ops:
        run = random.randint(1, 12)
        if random.random() < 0.5 and live >= run:
            stream += [(0, live - 1 - step) for step in range(run)]
            live -= run
        else:
            stream += [(0, -1)] * run
            live += run
    return stream[:ops]


def remote_frees(ops: int, cpus: int, held: int) -> list[Op]:
    """Every CPU allocates, any CPU frees any live object; around ``held`` objects are live."""
    random = Streams(SEED).stream("remote")
    stream: list[Op] = []
    live = 0
    while len(stream) < ops:
        if random.random() * 2 * held >= live:
            stream.append((random.randrange(cpus), -1))
            live += 1
        else:
            stream.append((random.randrange(cpus), random.randrange(live)))
            live -= 1
    return stream
