"""The steps of drivers: memory by size, devices, bytes, locks, work items and interrupts that they ask for.

Part of the language of ``engine/program.py``, with the same rules: plain data, named after the words of scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.engine.values import Value
from slabviz.errors import Place

WRONG_FREE = "wrong_free"
WRONG_CACHE = "wrong_cache"
DOUBLE_FREE = "double_free"
OVERRUN = "overrun"
USE_AFTER_FREE = "use_after_free"
LEAK = "leak"
SLEEP_IN_ATOMIC = "sleep_in_atomic"
MISTAKES = (WRONG_FREE, WRONG_CACHE, DOUBLE_FREE, OVERRUN, USE_AFTER_FREE, LEAK, SLEEP_IN_ATOMIC)
"""What may be done wrong on purpose; MISTAKE events carry the place in this list."""
TAKING_MISTAKES = (LEAK,)
FREEING_MISTAKES = (WRONG_FREE, WRONG_CACHE, DOUBLE_FREE)
TOUCHING_MISTAKES = (OVERRUN, USE_AFTER_FREE)


@dataclass(frozen=True, slots=True)
class Argument:
    """One ``with`` entry: a parameter, and the handle of that name or the value it gets."""

    name: str
    handle: str | None
    value: Value | None


@dataclass(frozen=True, slots=True)
class Krealloc:
    """``krealloc``: ``bind`` names what comes out, which may be the same memory."""

    place: Place
    object: str
    size: Value
    gfp: int
    bind: str


@dataclass(frozen=True, slots=True)
class SpinLock:
    """``spin_lock_irqsave`` of a lock of the scenario."""

    place: Place
    lock: str


@dataclass(frozen=True, slots=True)
class SpinUnlock:
    """``spin_unlock_irqrestore``."""

    place: Place
    lock: str


@dataclass(frozen=True, slots=True)
class ScheduleWork:
    """``schedule_work``: a kworker of this CPU runs it later, where it may sleep."""

    place: Place
    work: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class RaiseIrq:
    """A device will interrupt ``after`` some ticks; its handler gets the ``arguments``."""

    place: Place
    irq: str
    after: Value
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class DevKmalloc:
    """``dev_kmalloc`` for a device, with a header in front; the context decides the GFP flags."""

    place: Place
    size: Value
    device: str
    bind: str | None
    into: str | None
    mistake: str | None


@dataclass(frozen=True, slots=True)
class DevmKmalloc:
    """``devm_kmalloc`` for a device: it goes when the driver is detached."""

    place: Place
    size: Value
    device: str
    gfp: int
    bind: str | None
    into: str | None
    mistake: str | None


@dataclass(frozen=True, slots=True)
class DevmKfree:
    """``devm_kfree``: a block of a device's list goes early."""

    place: Place
    object: str
    device: str
    mistake: str | None


@dataclass(frozen=True, slots=True)
class Detach:
    """The driver is detached from a device (``devres_release_all``)."""

    place: Place
    device: str


@dataclass(frozen=True, slots=True)
class Write:
    """``memset`` of a part of an object, or beyond it."""

    place: Place
    object: str
    offset: Value
    length: Value | None
    value: Value
    mistake: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """Look at a part of an object; ``bind`` names its bytes as a little-endian number (at most 7 of them)."""

    place: Place
    object: str
    offset: Value
    length: Value | None
    bind: str | None
    mistake: str | None
