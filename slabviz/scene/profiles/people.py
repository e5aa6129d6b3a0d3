"""Cards of those who run and hold: holders, CPUs, a CPU's freelist."""

from __future__ import annotations

from collections import Counter

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.profiles.profile import Fields, Profile, objects, short
from slabviz.scene.sight import Sight
from slabviz.scene.state import Key
from slabviz.scene.story.names import full_name
from slabviz.scene.story.numbers import grouped, slab_id

_CACHES = 2
"""Other caches that a holder's card names, those with most of his objects first."""


def of_holder(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """How many objects somebody has, here and elsewhere."""
    who = int(str(key[1]))
    if not 0 < who < len(sight.run.cast):
        return None
    actor = sight.run.cast[who]
    held = _holdings(sight, who)
    here, name = held[sight.cache.name], sight.cache.name
    card = next((card for card in sight.state.holders.cards if card.actor == who), None)
    elsewhere = [(cache, count) for cache, count in held.most_common() if cache != name][:_CACHES]
    moving = (card.arriving, card.returning) if card is not None else (0, 0)
    fields: Fields = (
        (tr("interact.field.mark"), actor.mark),
        (tr("interact.field.arriving"), grouped(moving[0])),
        (tr("interact.field.returning"), grouped(moving[1])),
        *((cache, objects(tr, count)) for cache, count in elsewhere),
    )
    return Profile(full_name(actor), tr("interact.holds", count=grouped(here), cache=name), fields)


def _holdings(sight: Sight, who: int) -> Counter[str]:
    held: Counter[str] = Counter()
    for slab in sight.machine.slabs.values():
        count = sum(owner == who for owner in slab.owners.values())
        if count:
            held[slab.cache.name] += count
    return held


def of_cpu(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """What runs on it, and what it keeps of the cache on stage."""
    cpu = int(str(key[1]))
    if not 0 <= cpu < len(sight.machine.cpus):
        return None
    lane, c = sight.state.lanes[cpu], sight.cache.cpu_slab[cpu]
    doing = lane.waits or " ".join(part for part in (lane.agent, lane.call) if part) or lane.badge.text
    fields: Fields = (
        (tr("interact.field.context"), lane.badge.text),
        ("c→freelist", objects(tr, len(c.free_objects()))),
        ("c→slab", "NULL" if c.slab is None else slab_id(c.slab.id)),
        ("c→partial", tr("interact.parked", count=len(c.partial), limit=sight.cache.cpu_partial_slabs)),
        ("c→tid", grouped(c.tid)),
    )
    return Profile(f"CPU{cpu} · {sight.cache.name}", doing, fields)


def of_freelist(sight: Sight, tr: Translate, key: Key) -> Profile | None:
    """What the CPU hands out next."""
    cpu = int(str(key[1]))
    if not 0 <= cpu < len(sight.machine.cpus):
        return None
    c = sight.cache.cpu_slab[cpu]
    chain = c.free_objects()
    name = tr("interact.freelist", cpu=cpu)
    if c.slab is None or not chain:
        state, head = tr("interact.state.empty"), "NULL"
    else:
        state, head = tr("interact.state.chain", count=len(chain)), short(c.slab.address + chain[0])
    slab = "NULL" if c.slab is None else slab_id(c.slab.id)
    first = "–" if c.slab is None or not chain else str(c.slab.index_of(chain[0]))
    fields: Fields = (
        ("c→freelist", head),
        (tr("interact.field.next"), first),
        ("c→slab", slab),
        ("c→tid", grouped(c.tid)),
    )
    return Profile(name, state, fields)
