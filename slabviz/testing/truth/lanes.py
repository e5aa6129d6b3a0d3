"""Truth of the lanes: each CPU's freelist, active slab and parked slabs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slabviz.testing.truth.places import in_hand, stands_in
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot

ROWS = 17
"""From so many CPUs on a CPU is one row of numbers."""


def true_chain(shot: Shot, cpu: int) -> list[int]:
    """Return a CPU's freelist, first object first, without those that are still flying."""
    c = shot.cache.cpu_slab[cpu]
    if c.slab is None:
        return []
    indexes = [c.slab.index_of(offset) for offset in c.free_objects()]
    return [index for index in indexes if (c.slab.id, index) not in shot.objects_in_flight]


@rule
def freelist_of_a_cpu(shot: Shot) -> Iterator[Lie]:
    """The chips are the first objects of the freelist, "+N" is what they do not show; an empty one is dashed."""
    for cpu, block in shot.kind("chain"):
        numbers = [text for text in shot.texts("chain", cpu) if re.fullmatch(r"\+?\d+", text)]
        shown = [int(text) for text in numbers if not text.startswith("+")]
        rest = sum(int(text) for text in numbers if text.startswith("+"))
        true = true_chain(shot, cpu)
        yield from differ(f"CPU{cpu} freelist", block.rect, shown, true[: len(shown)])
        yield from differ(f"CPU{cpu} freelist, number", block.rect, len(shown) + rest, len(true))
    for key, block in shot.blocks.items():
        if isinstance(key, tuple) and key[:2] == ("place", "chip") and true_chain(shot, int(key[2])):
            yield f"CPU{key[2]} freelist", block.rect, "it is drawn empty, and it is not"


@rule
def slabs_of_a_cpu(shot: Shot) -> Iterator[Lie]:
    """In a lane stand that CPU's active slab and its parked ones, the newest leftmost, and no other's."""
    hands = in_hand(shot)
    for cpu, lane in shot.kind("lane"):
        if len(shot.machine.cpus) >= ROWS:
            return
        c = shot.cache.cpu_slab[cpu]
        true = [slab.id for slab in (c.slab, *reversed(c.partial)) if slab is not None]
        true = [id for id in true if id not in shot.slabs_in_flight]
        cards = sorted((block.rect[0], id) for id, block in shot.kind("slab") if stands_in(block.rect, lane.rect))
        drawn = [id for _, id in cards if id not in hands and id not in shot.slabs_in_flight]
        if drawn != [id for id in true if id in drawn] or (true[:1] and c.slab and true[0] not in drawn):
            yield f"CPU{cpu} slabs", lane.rect, f"the lane shows {drawn}, the CPU has {true}"


@rule
def counted_slots(shot: Shot) -> Iterator[Lie]:
    """Parked slabs without room are counted in the last slot."""
    for cpu, block in shot.kind("slots"):
        parked = [slab.id for slab in shot.cache.cpu_slab[cpu].partial if slab.id not in shot.slabs_in_flight]
        hidden = [id for id in parked if ("slab", id) not in shot.blocks]
        said = [int(text.lstrip("+")) for text in shot.texts("slots", cpu) if re.fullmatch(r"\+?\d+", text)]
        if hidden and (not said or said[-1] < len(hidden)):
            yield f"CPU{cpu} parked", block.rect, f"slabs {hidden} are neither drawn nor counted"


@rule
def rows_of_many_cpus(shot: Shot) -> Iterator[Lie]:
    """With many CPUs a row says how many objects its freelist has and how many slabs are parked."""
    if len(shot.machine.cpus) < ROWS:
        return
    for cpu, block in shot.kind("lane"):
        said = [int(text) for text in shot.texts("lane", cpu)[-2:] if text.isdecimal()]
        parked = [slab.id for slab in shot.cache.cpu_slab[cpu].partial if slab.id not in shot.slabs_in_flight]
        free = true_chain(shot, cpu)
        if len(said) != 2 or said[0] != len(free) or said[1] != len(parked):
            yield (
                f"CPU{cpu}",
                block.rect,
                f"it says {said}, and has {len(free)} free objects, {len(parked)} parked slabs",
            )


@rule
def a_debugged_cache_keeps_nothing_on_a_cpu(shot: Shot) -> Iterator[Lie]:
    """With slub_debug there is no active slab, no freelist and no CPU partial list."""
    if not shot.cache.debug:
        return
    for cpu, block in shot.kind("chain"):
        yield f"CPU{cpu} freelist", block.rect, "a debugged cache has none"
    hands = in_hand(shot)
    for cpu, lane in shot.kind("lane"):
        for slab, block in shot.kind("slab"):
            if stands_in(block.rect, lane.rect) and slab not in hands and slab not in shot.slabs_in_flight:
                yield f"CPU{cpu}", block.rect, f"slab {slab:02d} stands on a CPU, and the cache is debugged"
