"""Checkpoints: images of the machine along the log, so that any tick is a short way from one of them.

They share the slabs that did not change between them, and thin out (every second one goes) when they have become too
large together, so that memory stays bounded whatever the length of the run.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from slabviz.model.events import LAST_OF_SLABS
from slabviz.model.image import MachineImage, ZoneImage, image_of
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine
from slabviz.model.slab import SlabImage

INTERVAL = 8192
"""Events between two checkpoints: a few milliseconds of applying."""
MOST_BYTES = 128 << 20
"""When the images are estimated larger than this together, they are thinned."""
ENTRY_BYTES = 104
"""What one entry of an image's tables costs in CPython: dict slot and two ints."""


@dataclass(slots=True, frozen=True)
class Checkpoint:
    """The machine after all events of ``tick``; the next event is number ``event``."""

    tick: int
    event: int
    image: MachineImage


@dataclass(slots=True)
class Checkpoints:
    """Checkpoints in order of time."""

    interval: int = INTERVAL
    kept: list[Checkpoint] = field(default_factory=list)
    nbytes: int = 0
    """Estimated memory of all of them; what they share is counted once."""

    def consider(self, machine: Machine, log: EventLog, tick: int, event: int) -> None:
        """Take a checkpoint here if the last one is far enough back. ``event`` events have been applied."""
        last = self.kept[-1] if self.kept else None
        if last is not None and event - last.event < self.interval:
            return
        if last is None:
            image = image_of(machine)
        else:
            image = image_of(machine, last.image, changed_slabs(log, last.event, event))
        self.kept.append(Checkpoint(tick, event, image))
        self.nbytes += image_bytes(image, last.image if last else None)
        if self.nbytes > MOST_BYTES:
            self._thin()

    def before(self, tick: int) -> Checkpoint | None:
        """The last checkpoint at or before a tick."""
        place = bisect_right(self.kept, tick, key=lambda checkpoint: checkpoint.tick)
        return self.kept[place - 1] if place else None

    def _thin(self) -> None:
        """Every second one goes, the first and the last stay, and new ones come half as often."""
        self.kept = [*self.kept[:-1:2], self.kept[-1]]
        self.interval *= 2
        previous: MachineImage | None = None
        self.nbytes = 0
        for checkpoint in self.kept:
            self.nbytes += image_bytes(checkpoint.image, previous)
            previous = checkpoint.image


def changed_slabs(log: EventLog, first: int, behind: int) -> list[int]:
    """Ids of the slabs that events ``first`` … ``behind`` - 1 have changed."""
    return sorted({event[2] for event in log.events(first, behind) if event[0] <= LAST_OF_SLABS})


def image_bytes(image: MachineImage, previous: MachineImage | None) -> int:
    """Estimated memory of an image, without the slabs that it shares with the previous one."""
    shared = previous.slabs if previous is not None else {}
    slabs = sum(_slab_bytes(values) for id, values in image.slabs.items() if shared.get(id) is not values)
    zones = sum(map(_zone_bytes, image.zones))
    return slabs + zones + ENTRY_BYTES * (len(image.slabs) + 16 * len(image.parked))


def _zone_bytes(image: ZoneImage) -> int:
    lists, sets, others, pageblocks, _, _ = image
    blocks = sum(len(pfns) for orders in lists for pfns in orders)
    blocks += sum(len(pfns) for own, _, _ in sets for pfns in own)
    return ENTRY_BYTES * blocks + others.itemsize * len(others) + len(pageblocks)


def _slab_bytes(values: SlabImage) -> int:
    return 200 + ENTRY_BYTES * (len(values[8]) + len(values[9])) + len(values[10] or b"")
