"""What drivers do with the memory of their devices: dev_kmalloc, devm_kmalloc, their frees, and a detach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.devmem.dev_kmalloc import HEADER_SIZE, dev_kfree, dev_kmalloc
from slabviz.devmem.device import DRIVER_TEXT
from slabviz.devmem.devres import NODE_SIZE, devm_kfree, devm_kmalloc, devres_release_all
from slabviz.engine import driver_program, program
from slabviz.engine.driver_program import DOUBLE_FREE, WRONG_FREE
from slabviz.engine.handles import RIGHT_FREE, check_free, freed, handle_of, let_go, mistaken, promise_leak, settle
from slabviz.engine.job import Handle, Job, LiveDevice
from slabviz.engine.kmalloc_steps import size_of
from slabviz.engine.object_steps import chosen, flags_of, handle_for
from slabviz.engine.waits import Work

CALL_SIZE = 16
"""Bytes of code that a line of a driver stands for, to give each of its calls an address."""


def _keep(
    job: Job, step: driver_program.DevKmalloc | driver_program.DevmKmalloc, source: str, address: int, size: int,
    header: int,
) -> Handle:  # fmt: skip
    """The handle of a block, under its name or in its list; ``header`` bytes lie in front of it."""
    device = job.stage.devices[step.device]
    job.stage.identities.keep(device.identity)
    handle = handle_for(job, source, device.identity, address, size, header)
    if step.bind is not None:
        job.names.objects[step.bind] = handle
    if step.into is not None and not handle.is_null:
        job.names.lists.setdefault(step.into, []).append(handle)
    promise_leak(job, step.place, handle, step.mistake)
    return handle


def _dev_kmalloc(job: Job, step: driver_program.DevKmalloc) -> Work[None]:
    device = job.stage.devices[step.device]
    size = size_of(job, step.place, "dev_kmalloc", step.size)
    site = DRIVER_TEXT + CALL_SIZE * step.place.line
    path = dev_kmalloc(job.stage.engine.world, job.cpu, device.number, size, device.identity.actor, site)
    address = yield from mistaken(job, step.mistake, path)
    _keep(job, step, "dev_kmalloc", address, size, HEADER_SIZE)


def _dev_kfree(job: Job, step: program.DevKfree) -> Work[None]:
    name, handle = chosen(job, step, "dev_kfree")
    if not handle.is_null:
        check_free(job, step.place, "dev_kfree", name, handle, step.mistake)
        let_go(job, step.place, handle, step.mistake)
    path = dev_kfree(job.stage.engine.world, job.cpu, handle.address, job.actor)
    yield from mistaken(job, step.mistake, path, address=handle.address)


def _devm_kmalloc(job: Job, step: driver_program.DevmKmalloc) -> Work[None]:
    device = job.stage.devices[step.device]
    size = size_of(job, step.place, "devm_kmalloc", step.size)
    gfp = yield from flags_of(job, step.place, step.gfp)
    path = devm_kmalloc(job.stage.engine.world, job.cpu, device.number, size, gfp, device.identity.actor)
    address = yield from mistaken(job, step.mistake, path)
    handle = _keep(job, step, "devm_kmalloc", address, size, NODE_SIZE)
    if not handle.is_null:
        device.managed.append(handle)


def _devm_kfree(job: Job, step: driver_program.DevmKfree) -> Work[None]:
    """A pointer that is not on this device's list gets a warning: it stays allocated."""
    handle = handle_of(job, step.place, "devm_kfree", step.object)
    device = job.stage.devices[step.device]
    found, why = None, ""
    if handle.freed is not None:
        found, why = DOUBLE_FREE, freed("devm_kfree", step.object, handle)
    elif not handle.is_null and handle not in device.managed:
        source, right = RIGHT_FREE[handle.source]
        told = f"is not of device `{step.device}`" if handle.source == "devm_kmalloc" else f"comes from {source}"
        found, why = WRONG_FREE, f'devm_kfree: object "{step.object}" {told}; use `{right}`'
    settle(job, step.place, "devm_kfree", step.mistake, found, why)
    if found is None and not handle.is_null:
        device.managed.remove(handle)
        let_go(job, step.place, handle)
    path = devm_kfree(job.stage.engine.world, job.cpu, device.number, handle.address, job.actor)
    yield from mistaken(job, step.mistake, path)


def _detach(job: Job, step: driver_program.Detach) -> Work[None]:
    device: LiveDevice = job.stage.devices[step.device]
    for handle in device.managed:
        if handle.freed is None:
            let_go(job, step.place, handle)
    device.managed.clear()
    yield from devres_release_all(job.stage.engine.world, job.cpu, device.number, device.identity.actor)


DEVICE_STEPS: dict[type[program.Step], Callable[[Job, Any], Work[Any]]] = {
    driver_program.DevKmalloc: _dev_kmalloc,
    program.DevKfree: _dev_kfree,
    driver_program.DevmKmalloc: _devm_kmalloc,
    driver_program.DevmKfree: _devm_kfree,
    driver_program.Detach: _detach,
}
"""What carries out each of these steps."""
