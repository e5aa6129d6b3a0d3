"""Reading and writing what objects hold, and what lies behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.engine import driver_program, program
from slabviz.engine.driver_program import OVERRUN, USE_AFTER_FREE
from slabviz.engine.handles import freed, handle_of, mistaken, not_null, settle
from slabviz.engine.job import Handle, Job
from slabviz.engine.values import evaluate
from slabviz.engine.waits import Work
from slabviz.errors import UsageError
from slabviz.model.kmalloc_classes import ZERO_SIZE_PTR
from slabviz.model.memory import read_bytes
from slabviz.slub.access import fill_bytes
from slabviz.slub.cache_from_obj import page_of

LONGEST = 1 << 16
"""Bytes that one step may touch."""
MOST_BYTES = 7
"""Bytes of a number that ``read`` gives: more do not fit into the numbers of a program."""


def _touched(
    job: Job, step: driver_program.Write | driver_program.Read, word: str
) -> tuple[Handle, int, int]:  # fmt: skip
    """(object, address, length) of what a step touches. Raises RuntimeStepError for what the author did not mean."""
    handle = handle_of(job, step.place, word, step.object)
    not_null(job, step.place, word, step.object, handle)
    offset = evaluate(step.offset, job)
    length = max(handle.size - offset, 0) if step.length is None else evaluate(step.length, job)
    if not 1 <= length <= LONGEST:
        raise job.error(step.place, f"{word}: {length} B is not in the allowed range 1 B … {LONGEST} B")
    found, why = None, ""
    if handle.freed is not None:
        found, why = USE_AFTER_FREE, freed(word, step.object, handle)
    elif handle.address == ZERO_SIZE_PTR or offset < 0 or offset + length > handle.size:
        reach = f"{offset} B … {offset + length} B"
        found, why = OVERRUN, f'{word}: {reach} is not in object "{step.object}", which has {handle.size} B'
    settle(job, step.place, word, step.mistake, found, why)
    address = handle.address + offset
    try:
        page_of(job.stage.engine.machine, address)
        page_of(job.stage.engine.machine, address + length - 1)
    except UsageError as problem:
        raise job.error(step.place, f"{word}: {problem}") from problem
    return handle, address, length


def _write(job: Job, step: driver_program.Write) -> Work[None]:
    _, address, length = _touched(job, step, "write")
    value = evaluate(step.value, job)
    if not 0 <= value <= 255:
        raise job.error(step.place, f"write: {value} is not in the allowed range 0 … 255 of a byte")
    yield from mistaken(
        job, step.mistake, fill_bytes(job.stage.engine.world, job.cpu, address, length, value, job.actor)
    )


def _read(job: Job, step: driver_program.Read) -> Work[None]:
    _, address, length = _touched(job, step, "read")
    if step.bind is not None:
        if length > MOST_BYTES:
            raise job.error(step.place, f"read: a number has at most {MOST_BYTES} bytes, not {length}")
        data = read_bytes(job.stage.engine.machine, address, length)
        job.names.numbers[step.bind] = int.from_bytes(data, "little")
    yield None


BYTE_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    driver_program.Write: _write,
    driver_program.Read: _read,
}
"""What carries out each of these steps."""
