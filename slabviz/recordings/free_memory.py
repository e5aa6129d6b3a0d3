"""What a recording says of free memory before and after ``fragment`` and ``release``, held to the rules.

How many pages lie in the page sets of the CPUs, which count as taken, is not recorded; so free pages can be told only
up to what all page sets may keep. Everything else is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slabviz.recordings.difference import Difference
from slabviz.recordings.record import Operation

MARKS = ("min", "low", "high")


class Memory:
    """The zones of one recording, followed from operation to operation."""

    def __init__(self, cpus: int) -> None:
        self._cpus = cpus
        self._marks: dict[str, tuple[int, ...]] = {}
        self._whole: dict[str, int] = {}
        """Free pages of each zone before memory was fragmented."""

    def differences(self, operation: Operation, model_blocks: list[int]) -> Iterator[Difference]:
        """Where the recorded memory is not as the rules have it; ``model_blocks`` are the model's free blocks by order,
        after the operation."""
        names = [zone["zone"] for zone in operation.before]
        if not names or names != [zone["zone"] for zone in operation.after]:
            yield Difference(operation.i, "after", names, [zone["zone"] for zone in operation.after])
            return
        for before, after in zip(operation.before, operation.after, strict=True):
            for when, zone in (("before", before), ("after", after)):
                yield from self._zone(operation.i, f"{when}.{zone['zone']}", zone)
            yield from self._change(operation, before, after, model_blocks)

    def _zone(self, op: int, field: str, zone: dict[str, Any]) -> Iterator[Difference]:
        """One zone at one moment: its blocks make up its free pages, and its marks are what the kernel computes."""
        pages = sum(count << order for order, count in enumerate(zone["free_blocks"]))
        if zone["free_pages"] != pages:
            yield Difference(op, f"{field}.free_pages", zone["free_pages"], pages)
        marks = tuple(zone[name] for name in MARKS)
        least = zone["min"]
        gap = max(zone["low"] - least, least // 4)  # a thousandth of a zone that is not recorded may be more
        computed = self._marks.setdefault(zone["zone"], (least, least + gap, least + 2 * gap))
        for name, recorded, right in zip(MARKS, marks, computed, strict=True):
            if recorded != right:
                yield Difference(op, f"{field}.{name}", recorded, right)

    def _change(
        self, operation: Operation, before: dict[str, Any], after: dict[str, Any], model_blocks: list[int]
    ) -> Iterator[Difference]:
        name, free = before["zone"], before["free_pages"]
        if operation.op == "fragment":
            self._whole[name] = free
            larger = [0 if model_blocks[order] == 0 else count for order, count in enumerate(after["free_blocks"])][1:]
            if after["free_blocks"][1:] != larger:
                yield Difference(operation.i, f"after.{name}.free_blocks", after["free_blocks"][1:], larger)
            singles = before["free_blocks"][0] if before["free_blocks"] else 0
            predicted = singles + (free - singles) // 2
        else:
            predicted = self._whole.get(name, after["free_pages"])
        if abs(after["free_pages"] - predicted) > self._in_sets(before):
            around = f"{predicted} ± {self._in_sets(before)}"
            yield Difference(operation.i, f"after.{name}.free_pages", after["free_pages"], around)

    def _in_sets(self, zone: dict[str, Any]) -> int:
        """The most pages that the page sets of all CPUs keep: ``high`` each, and a batch more before they are drained
        (``zone_set_pageset_high_and_batch``)."""
        largest_batch = 63
        return self._cpus * (max(int(zone["low"]) // self._cpus, 4 * largest_batch) + largest_batch)
