"""The names that a called or started program, a work item or a handler begins with."""

from __future__ import annotations

from slabviz.engine.driver_program import Argument
from slabviz.engine.job import Job, Names
from slabviz.engine.values import evaluate
from slabviz.errors import Place


def given(job: Job, place: Place, arguments: tuple[Argument, ...]) -> Names:
    """What ``with`` hands over: objects by their handles, everything else as the number that it is now."""
    names = Names()
    for argument in arguments:
        if argument.value is not None:
            names.numbers[argument.name] = evaluate(argument.value, job)
        elif argument.handle in job.names.objects:
            names.objects[argument.name] = job.names.objects[argument.handle]
        else:
            names.numbers[argument.name] = job.name(argument.handle or "")
    return names
