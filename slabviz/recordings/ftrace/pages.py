"""Pages as a trace tells of them: taken out of a machine's free memory one certain block at a time."""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.machine import Machine
from slabviz.model.sizing import MAX_ORDER
from slabviz.model.zone import Block


def taking(machine: Machine, cpu: int, block: Block) -> list[Event] | None:
    """The events by which a block comes in a CPU's hand, out of the free one that it lies in; None: it is not free."""
    pfn, order = block
    free = next((zone.free for zone in machine.zones if zone.has(pfn)), None)
    high = free and next((high for high in range(order, MAX_ORDER) if pfn >> high << high in free[high]), None)
    if free is None or high is None:
        return None
    head = pfn >> high << high
    kind = free[high][head]
    events: list[Event] = [(Kind.BUDDY_TAKE, cpu, high, head, kind)]
    for low in range(high - 1, order - 1, -1):
        upper = head + (1 << low)
        events.append((Kind.BUDDY_SPLIT, cpu, low, upper, kind))
        if pfn >= upper:
            events.append((Kind.BUDDY_PUT_HEAD, cpu, low, head, kind))
            events.append((Kind.BUDDY_TAKE, cpu, low, upper, kind))
            head = upper
    return events


def any_block(machine: Machine, order: int) -> Block | None:
    """Some free block of an order."""
    for zone in reversed(machine.zones):
        for high in range(order, MAX_ORDER):
            for pfn in zone.free[high]:
                return pfn, order
    return None
