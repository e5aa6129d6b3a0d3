"""Which memory a program takes and never lets go of, as far as its text shows."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.engine import driver_program, program
from slabviz.engine.program import Body, Step
from slabviz.scenario.check import steps

Name = tuple[str, str]
"""("object" or "list", its name)."""

KMALLOC, ALL = "kmalloc", "*"
"""Among the caches that keep objects: those of kmalloc, and every cache."""


def kept(body: Body, lost: set[str]) -> Iterator[tuple[Step, str]]:
    """The steps that take memory which no step of the same program frees or hands on, with the name it has there.

    ``lost`` are caches that keep objects on purpose: they are destroyed so, or an expectation says so.
    """
    every = list(steps(body))
    given_up = {name for step in every for name in _given_up(step)}
    seen = set[Name]()
    for step in every:
        for name in _taken(step, lost):
            if name not in given_up and name not in seen:
                seen.add(name)
                yield step, name[1]


def _taken(step: Step, lost: set[str]) -> Iterator[Name]:
    match step:
        case program.Alloc(cache=cache) | program.BulkAlloc(cache=cache) if lost & {cache, ALL}:
            return
        case program.Kmalloc() if lost & {KMALLOC, ALL}:
            return
        case (
            program.Alloc(mistake=None, bind=bind, into=into)
            | program.Kmalloc(mistake=None, bind=bind, into=into)
            | driver_program.DevKmalloc(mistake=None, bind=bind, into=into)
        ):
            if bind:
                yield "object", bind
            if into:
                yield "list", into
        case program.BulkAlloc(into=source):
            yield "list", source
        case program.Take(names=names):
            yield from (("object", name) for name in names)


def _given_up(step: Step) -> Iterator[Name]:
    match step:
        case program.Free(object=name, source=source):
            yield ("object", name) if name else ("list", source or "")
        case program.BulkFree(source=source):
            yield "list", source
        case driver_program.Krealloc(object=name) | driver_program.DevmKfree(object=name):
            yield "object", name
        case program.Put(objects=names):
            yield from (("object", name) for name in names)
        case (
            program.Call(arguments=arguments)
            | program.Start(arguments=arguments)
            | driver_program.ScheduleWork(arguments=arguments)
            | driver_program.RaiseIrq(arguments=arguments)
        ):
            yield from (("object", each.handle) for each in arguments if each.handle)
