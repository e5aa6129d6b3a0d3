"""Cards of the cache, the node, memory, and a tick of the timeline."""

from __future__ import annotations

import numpy as np

from slabviz.model.events import KINDS, Kind
from slabviz.model.machine import Machine
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_PCP, FRAME_SLAB, PAGE_CLASSES, Zone
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.profiles.profile import Fields, Profile, short
from slabviz.scene.sight import Sight
from slabviz.scene.state import Key
from slabviz.scene.story.numbers import grouped, size, slab_id

PAGE = 4096
_WALK = (Kind.ALLOC_SLOWPATH, Kind.FREE_SLOWPATH)


def of_cache(sight: Sight, tr: Translate, key: Key) -> Profile:
    """Sizes, as the cache was laid out."""
    cache, shape = sight.cache, sight.cache.geometry
    slabs = cache.node.nr_slabs
    fields = (
        ("object_size", size(shape.object_size)),
        ("size", size(shape.size)),
        ("oo", tr("interact.oo", order=shape.oo_order, objects=shape.oo_objects)),
        ("min_partial", tr("interact.slabs", count=cache.min_partial)),
        ("cpu_partial", tr("interact.cpu_partial", objects=cache.cpu_partial, slabs=cache.cpu_partial_slabs)),
    )
    state = tr("interact.has", slabs=grouped(slabs), objects=grouped(cache.node.total_objects))
    return Profile(cache.name, state, fields)


def of_node(sight: Sight, tr: Translate, key: Key) -> Profile:
    """What all CPUs share of the cache."""
    cache, node = sight.cache, sight.cache.node
    fields = (
        ("list_lock", sight.state.node.lock),
        ("nr_partial", grouped(node.nr_partial)),
        ("min_partial", grouped(cache.min_partial)),
        ("nr_slabs", grouped(node.nr_slabs)),
        ("total_objects", grouped(node.total_objects)),
    )
    return Profile(f"{tr('layout.node.title')} · {cache.name}", tr("interact.state.node"), fields)


def of_memory(sight: Sight, tr: Translate, key: Key) -> Profile:
    """Who has the page frames."""
    zones, config = sight.machine.zones, sight.run.config
    frames = np.concatenate([np.frombuffer(bytes(zone.frames), np.uint8) for zone in zones])
    slabs = int((frames >= FRAME_SLAB).sum())
    free = sum(zone.nr_free for zone in zones)
    sets = sum(zone.pcp_pages() for zone in zones)
    fields = (
        (tr("interact.field.slabs"), tr("interact.pages_of", count=grouped(slabs))),
        (tr("interact.field.other"), tr("interact.pages_of", count=grouped(len(frames) - slabs - free - sets))),
        (tr("interact.field.free"), tr("interact.pages_of", count=grouped(free))),
        (tr("interact.field.sets"), tr("interact.pages_of", count=grouped(sets))),
    )
    return Profile(sight.state.buddy.title, tr("interact.state.memory", count=grouped(config.pages)), fields)


def of_frame(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """Who has one page frame; the key counts the frames of all zones, as the map does."""
    pfn = pfn_of(sight.machine, int(str(key[1])))
    if pfn is None:
        return None
    zone = sight.machine.zone_of(pfn)
    fields = (
        (tr("interact.field.address"), short(sight.machine.page_address(pfn))),
        ("pfn", grouped(pfn)),
        (tr("interact.field.zone"), zone.name),
    )
    return Profile(tr("interact.frame", pfn=grouped(pfn)), _frame_state(sight, tr, zone, pfn), fields)


def pfn_of(machine: Machine, place: int) -> int | None:
    """The number of the page frame at a place of the map: zone after zone."""
    for zone in machine.zones:
        if place < zone.managed:
            return zone.first_pfn + place
        place -= zone.managed
    return None


def _frame_state(sight: Sight, tr: Translate, zone: Zone, pfn: int) -> str:
    slab = sight.machine.slab_of_page.get(pfn)
    if slab is not None:
        return tr("interact.frame_of.slab", slab=slab_id(slab.id), cache=slab.cache.name)
    frame = zone.frames[pfn - zone.first_pfn]
    if frame == FRAME_FREE:
        return tr("interact.frame_of.free", order=_order_of(zone, pfn))
    if frame == FRAME_PCP:
        return tr("interact.frame_of.set")
    if frame == FRAME_HAND or frame >= FRAME_SLAB:
        return tr("interact.frame_of.hand")
    return tr(f"interact.frame_of.{PAGE_CLASSES[(frame - 8) % len(PAGE_CLASSES)]}")


def _order_of(zone: Zone, pfn: int) -> int:
    """The order of the free block that a frame lies in."""
    return next((order for order, blocks in enumerate(zone.free) if pfn & ~((1 << order) - 1) in blocks), 0)


def of_buddy(sight: Sight, tr: Translate, key: Key) -> Profile:
    """The free lists as a whole."""
    buddy = sight.state.buddy
    largest = max((order for order, count in enumerate(buddy.blocks) if count), default=None)
    fields: Fields = (
        (tr("interact.field.blocks"), grouped(sum(buddy.blocks))),
        (tr("interact.field.largest"), "–" if largest is None else f"order {largest} = {size(PAGE << largest)}"),
        (tr("interact.field.free"), tr("interact.pages_of", count=grouped(buddy.free_pages))),
    )
    return Profile(tr("layout.buddy.title"), tr("interact.state.buddy"), fields)


def of_order(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """The free blocks of one size."""
    order = int(str(key[1]))
    if not 0 <= order < len(sight.state.buddy.blocks):
        return None
    count = sum(zone.free_counts()[order] for zone in sight.machine.zones)
    fields = (
        (tr("interact.field.block"), size(PAGE << order)),
        (tr("interact.field.pages"), grouped(1 << order)),
        (tr("interact.field.free"), tr("interact.pages_of", count=grouped(count << order))),
    )
    return Profile(f"free_area[{order}]", tr("interact.state.order", count=grouped(count)), fields)


def of_page_sets(sight: Sight, tr: Translate, key: Key) -> Profile:
    """The per-CPU page sets behind the log."""
    fields = tuple((cpu, tr("interact.pages_of", count=grouped(pages))) for cpu, pages in sight.state.buddy.sets[:4])
    total = sum(pages for _, pages in sight.state.buddy.sets)
    return Profile(tr("layout.log.title"), tr("interact.state.sets", count=grouped(total)), fields)


def of_tick(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """What happens in one tick of the timeline."""
    tick = int(str(key[1]))
    if not 0 <= tick < sight.run.log.ticks:
        return None
    kinds = np.bincount(
        np.array([event[0] for event in sight.run.log.events(*sight.run.log.span(tick))], np.int64), minlength=KINDS
    )
    begun = [chapter for chapter in sight.run.chapters if chapter.tick <= tick]
    spoken = sight.language.partition("_")[0]
    chapter = (begun[-1].title.get(spoken) or begun[-1].title.get("en", "")) if begun else ""
    fields = (
        (tr("interact.field.events"), grouped(int(kinds.sum()))),
        (tr("layout.legend.fast"), grouped(int(kinds[Kind.ALLOC_FASTPATH] + kinds[Kind.FREE_FASTPATH]))),
        (tr("layout.legend.slow"), grouped(int(sum(kinds[kind] for kind in _WALK)))),
        (tr("layout.legend.irq"), grouped(int(kinds[Kind.IRQ_ENTER]))),
    )
    return Profile(tr("interact.tick", tick=grouped(tick)), chapter, fields)
