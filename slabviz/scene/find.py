"""Finding a cache by name, somebody by number or name, a slab or an address: what was typed in, places to go to out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SHIFT
from slabviz.model.slab import Slab
from slabviz.scene.levels import Selected
from slabviz.scene.story.names import full_name
from slabviz.timeline.run import Run

MOST = 8
"""Hits that are listed."""
NEAR = 3
_ADDRESS = re.compile(r"(?:0x)?([0-9a-f]{6,16})", re.IGNORECASE)
_SLAB = re.compile(r"(?:slab\s*)#?(\d{1,9})", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Hit:
    """Something found. ``kind`` is cache, holder, slab, object or page; ``name`` is said as it is, ``held`` counts the
    objects of a cache or holder. Going there puts ``cache`` on stage and chooses ``selected``."""

    kind: str
    name: str
    cache: int | None
    selected: Selected | None = None
    held: int = 0
    pfn: int | None = None
    actor: int | None = None


@dataclass(slots=True, frozen=True)
class Found:
    """``count`` hits in all, the first of them in ``hits``; where there are none, ``near`` are words that are alike."""

    hits: tuple[Hit, ...]
    count: int
    near: tuple[str, ...] = ()


def find(run: Run, machine: Machine, cache: int, text: str) -> Found:
    """Everything that ``text`` may mean at this moment, the most likely first; what is on stage before the rest."""
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return Found((), 0)
    hits = [*_slabs(machine, wanted), *_addresses(machine, wanted), *_caches(machine, wanted)]
    hits += _holders(run, machine, cache, wanted)
    return Found(tuple(hits[:MOST]), len(hits), () if hits else _near(run, machine, wanted))


def _caches(machine: Machine, wanted: str) -> list[Hit]:
    named = [each for each in machine.caches if wanted in each.name.casefold()]
    named.sort(key=lambda each: (not each.name.casefold().startswith(wanted), len(each.name), each.id))
    return [Hit("cache", each.name, each.id, held=each.node.total_objects) for each in named]


def _slabs(machine: Machine, wanted: str) -> Iterator[Hit]:
    found = _SLAB.fullmatch(wanted)
    slab = machine.slabs.get(int(found[1])) if found else None
    if slab is not None:
        yield Hit("slab", f"{slab.id:02d}", slab.cache.id, Selected(slab.id), len(slab.owners))


def _addresses(machine: Machine, wanted: str) -> Iterator[Hit]:
    """A whole address, or its last digits as the stage writes them."""
    found = _ADDRESS.fullmatch(wanted.replace("…", ""))
    if found is None:
        return
    digits = found[1]
    number = int(digits, 16)
    if len(digits) < 16:
        number = machine.config.page_offset & ~((1 << 4 * len(digits)) - 1) | number
    place = machine.virt_to_slab(number)
    if place is not None:
        yield _in_slab(number, *place)
        return
    pfn = (number - machine.config.page_offset) >> PAGE_SHIFT
    if any(zone.has(pfn) for zone in machine.zones):
        yield Hit("page", f"0x{number:016x}", None, pfn=pfn)


def _in_slab(address: int, slab: Slab, offset: int) -> Hit:
    index = slab.index_of(offset)
    if 0 <= index < slab.objects:
        return Hit("object", f"0x{address:016x}", slab.cache.id, Selected(slab.id, index))
    return Hit("slab", f"{slab.id:02d}", slab.cache.id, Selected(slab.id), len(slab.owners))


def _holders(run: Run, machine: Machine, cache: int, wanted: str) -> list[Hit]:
    """By number or name, the nearest first; who holds something of the cache on stage before others."""
    named = {
        who for who in range(1, len(run.cast))
        if wanted == run.cast[who].mark.casefold() or wanted in full_name(run.cast[who]).casefold()
    }  # fmt: skip
    if not named:
        return []
    first: dict[tuple[int, int], Selected] = {}
    held: dict[tuple[int, int], int] = {}
    for slab in machine.slabs.values():
        for offset in sorted(slab.owners):
            who = slab.owners[offset]
            if who in named:
                key = who, slab.cache.id
                first.setdefault(key, Selected(slab.id, slab.index_of(offset)))
                held[key] = held.get(key, 0) + 1
    idle = named - {who for who, _ in held}
    hits = [Hit("holder", full_name(run.cast[who]), of, first[who, of], held[who, of], actor=who) for who, of in held]
    hits += [Hit("holder", full_name(run.cast[who]), None, actor=who) for who in idle]
    return sorted(hits, key=lambda hit: (_distance(run, hit, wanted), not hit.held, hit.cache != cache, hit.actor or 0))


def _distance(run: Run, hit: Hit, wanted: str) -> int:
    """How far somebody is from what was typed: his very number, his very name, the beginning of either, a part."""
    actor = run.cast[hit.actor or 0]
    words = (actor.mark.casefold(), actor.name.casefold(), hit.name.casefold())
    exact = next((place for place, word in enumerate(words) if word == wanted), len(words))
    return exact if exact < len(words) else len(words) + (not any(word.startswith(wanted) for word in words))


def _near(run: Run, machine: Machine, wanted: str) -> tuple[str, ...]:
    """Names that look like what was typed."""
    names = [cache.name for cache in machine.caches]
    names += sorted({run.cast[who].name for who in range(1, len(run.cast))})
    known = {name.casefold(): name for name in reversed(names)}
    return tuple(known[name] for name in get_close_matches(wanted, known, NEAR, 0.4))
