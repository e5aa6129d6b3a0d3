"""Recordings of how deep requests of each kind may go into a zone: watermarks, reserves, and every grant and refusal.

Held to the rules: the marks and reserves of each zone, the floors, that whatever was refused was at or below the floor
in every zone, and whatever was granted lay above it. Not predictable, and so not compared: what GFP_KERNEL gets, since
it reclaims while it asks; how much kswapd frees; which zone serves a request for several pages, since the types of the
free blocks are not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slabviz.errors import ModelError, UsageError
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import NAMED_GFP, may_sleep
from slabviz.model.migrate import PAGEBLOCK_PAGES
from slabviz.model.sizing import MAX_ORDER, geometry
from slabviz.model.watermarks import AllocFlags, floor_of, gfp_to_alloc_flags, most_highatomic
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.difference import Difference, differences
from slabviz.recordings.reserves_file import Phase, Reserves, Snapshot, ZoneState, read_reserves
from slabviz.recordings.zone_marks import predicted_marks


def compare_reserves(path: Path) -> Comparison:
    """Hold one recording to the rules. Raises RecordingError for an unusable file."""
    recorded = read_reserves(path)
    comparison = Comparison()
    comparison.add(_cache_differences(recorded))
    start: Snapshot | None = None
    for number, step in enumerate(recorded.steps):
        if isinstance(step, Snapshot):
            comparison.compared["snapshots"] += 1
            comparison.add(_snapshot_differences(recorded, step))
            start = step
        else:
            end = recorded.steps[number + 1] if number + 1 < len(recorded.steps) else None
            assert start is not None  # the reader has made sure
            assert isinstance(end, Snapshot)
            comparison.compared["phases"] += 1
            comparison.add(_phase_differences(recorded, f"step {number}", step, start, end, comparison))
    return comparison


def _cache_differences(recorded: Reserves) -> Iterator[Difference]:
    cache = recorded.cache
    try:
        made = geometry(
            cache["object_size"], 0, SlabFlags(0), False, present_cpus=recorded.cpus, possible_cpus=recorded.cpus
        )
    except (ModelError, UsageError) as error:
        yield Difference("cache", "cache.object_size", cache["object_size"], str(error))
        return
    for name in ("size", "oo_order", "oo_objects", "min_order", "min_objects"):
        yield from differences("cache", f"cache.{name}", cache[name], int(getattr(made, name)))


def _snapshot_differences(recorded: Reserves, snapshot: Snapshot) -> Iterator[Difference]:
    names = recorded.zones
    managed = [(name, snapshot.zones[name].managed) for name in names]
    given = [snapshot.zones[name].marks for name in names]
    reserves = [snapshot.zones[name].lowmem_reserve for name in names]
    for index, (marks, reserve) in enumerate(predicted_marks(managed, recorded.min_free_kbytes, given, reserves)):
        name = names[index]
        for field, right in zip(("min", "low", "high"), (marks.min, marks.low, marks.high), strict=True):
            found = getattr(snapshot.zones[name].marks, field)
            yield from differences(snapshot.name, f"{name}.{field}", found, right)
        yield from differences(snapshot.name, f"{name}.lowmem_reserve", snapshot.zones[name].lowmem_reserve, reserve)
    for name in names:
        yield from _zone_differences(recorded, snapshot, name, snapshot.zones[name])


def _zone_differences(recorded: Reserves, snapshot: Snapshot, name: str, zone: ZoneState) -> Iterator[Difference]:
    """What of a zone does not depend on what happened before."""
    pages = sum(count << order for order, count in enumerate(zone.free_blocks))
    yield from differences(snapshot.name, f"{name}.free_exact", zone.free_exact, pages)
    most = max(PAGEBLOCK_PAGES, zone.marks.high * recorded.boost_factor // 10000) if recorded.boost_factor else 0
    if not 0 <= zone.boost <= most or (zone.boost % PAGEBLOCK_PAGES and zone.boost != most):
        yield Difference(snapshot.name, f"{name}.boost", zone.boost, f"pageblocks of 512, at most {most}")
    kept = most_highatomic(zone.managed, PAGEBLOCK_PAGES) + PAGEBLOCK_PAGES
    if zone.highatomic % PAGEBLOCK_PAGES or not 0 <= zone.highatomic < kept:
        yield Difference(snapshot.name, f"{name}.highatomic", zone.highatomic, f"pageblocks of 512, below {kept}")


def _phase_differences(
    recorded: Reserves, step: str, phase: Phase, start: Snapshot, end: Snapshot, comparison: Comparison
) -> Iterator[Difference]:
    flags = gfp_to_alloc_flags(NAMED_GFP[phase.gfp])
    if phase.floor:
        for name in recorded.zones:
            comparison.compared["floors"] += 1
            yield from differences(step, f"floor.{name}", phase.floor.get(name), _floor(end.zones[name], flags))
    yield from _object_differences(recorded, step, phase)
    if may_sleep(NAMED_GFP[phase.gfp]):
        return
    if phase.failed:
        for name in recorded.zones:
            comparison.compared["refusals"] += 1
            zone = end.zones[name]
            usable = zone.free - (0 if flags & AllocFlags.HARDER else zone.highatomic)
            if usable > _floor(zone, flags):
                yield Difference(step, f"refused.{name}", f"{usable} free pages", f"at most {_floor(zone, flags)}")
    for number, (order, name, free, count) in enumerate(phase.slabs):
        comparison.compared["grants"] += count
        zone = start.zones[name]
        usable = free[recorded.zones.index(name)] - ((1 << order) - 1)
        floor = _floor(zone, flags, order)
        if usable <= floor:
            yield Difference(step, f"slabs[{number}]", f"{usable} free pages in {name}", f"more than {floor}")


def _floor(zone: ZoneState, flags: int, order: int = 0) -> int:
    return floor_of(zone.marks, zone.boost, zone.lowmem_reserve, flags, order)


def _object_differences(recorded: Reserves, step: str, phase: Phase) -> Iterator[Difference]:
    """A phase that ends with NULL has filled every slab that it got; another one may stop within its last slab, and
    begin within the last one of the phase before."""
    usual, least = recorded.cache["oo_order"], recorded.cache["min_order"]
    objects = {least: recorded.cache["min_objects"], usual: recorded.cache["oo_objects"]}
    wrong = [order for order, *_ in phase.slabs if order not in objects or order >= MAX_ORDER]
    if wrong:
        yield Difference(step, "slabs (orders)", wrong, f"{sorted(objects)}")
        return
    room = sum(objects[order] * count for order, _, _, count in phase.slabs)
    if phase.failed and phase.objects != room:
        yield Difference(step, "objects", phase.objects, room)
    elif not phase.failed and not room - objects[usual] <= phase.objects <= room + objects[usual]:
        yield Difference(step, "objects", phase.objects, f"about {room}")
