"""How a scenario divides memory, and what can be given up when it is short."""

from __future__ import annotations

from slabviz.model.sizing import PAGE_SIZE
from slabviz.scenario.quantities import TRUTH, declared, integer, size
from slabviz.scenario.scenario import PcpSpec, ShrinkerSpec
from slabviz.scenario.schema import Key, Reading, Shape, Type
from slabviz.scenario.tree import Node


def _zone_size(reading: Reading, node: Node) -> int:
    found: int = size(0, 1 << 30).read(reading, node)
    if found % ZONE_STEP:
        raise reading.refuse(node, "does-not-fit", f"{found} B is not a multiple of 4 MiB, the largest block of pages")
    return found


ZONE_STEP = PAGE_SIZE << 10
"""Zones begin where a block of the highest order may."""
ZONE_SIZE = Type(size(0, 1 << 30).label, _zone_size, form=size(0, 1 << 30).form)


def _zones(dma: int, dma32: int) -> tuple[tuple[str, int], ...]:
    return (("DMA", dma), ("DMA32", dma32))


ZONES = Shape("zones", "How memory is divided; ZONE_NORMAL has the rest.", _zones, (
    Key("DMA", ZONE_SIZE, "what old devices can reach, for `GFP_DMA`; a multiple of 4 MiB", 0, field="dma",
        shown_default="0 B"),
    Key("DMA32", ZONE_SIZE, "what 32-bit devices can reach; a multiple of 4 MiB", 0, field="dma32",
        shown_default="0 B"),
))  # fmt: skip

PCP = Shape("pcp", "The page sets that each CPU keeps.", PcpSpec, (
    Key("on", TRUTH, "whether there are any; without them every page comes straight from the buddy system", True),
    Key("batch", integer(1, 512), "pages moved at a time", shown_default="as the kernel computes it"),
    Key("high", integer(1, 1_000_000), "from so many pages on a set is drained",
        shown_default="as the kernel computes it"),
))  # fmt: skip

SHRINKER = Shape("shrinker", "Objects that can be given up when memory is short.", ShrinkerSpec, (
    Key("cache", declared("caches"), "the cache they lie in", required=True),
    Key("list", declared("queues"), "the queue they are in while nobody uses them, the oldest first", required=True,
        field="queue"),
    Key("seeks", integer(0, 100), "how dear it is to make one again; 0: half of them are asked for at once", 2),
), placed=True)  # fmt: skip
