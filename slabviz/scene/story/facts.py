"""What a sentence may name of a call: who, what, which slab and object, how many; by the catalogue's placeholders."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.scene.story.calls import ALLOCS, Call, Mark, slab_of
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import is_kmalloc, short_name
from slabviz.scene.story.numbers import slab_id
from slabviz.scene.story.work import call_text

Facts = dict[str, object]

_VOWELS = "aeiou"
_DRAINED = (Kind.UNFREEZE_PARTIAL, Kind.UNFREEZE_EMPTY)


def facts(m: Moment, call: Call) -> Facts:
    """Everything about a call that some sentence may name; of the whole call, also of what is still to come."""
    found: Facts = {
        "who": _name(m, _caller(call), call),
        "owner": _name(m, call.who or call.actor, call),
        "thing": thing(m),
        "what": _what(m, call),
        "cache": m.cache.name,
        "call": call_text(m, call),
        "cpu": call.cpu,
        "pages": pages(m),
        "number": call.arg,
        "limit": m.cache.cpu_partial_slabs,
        "min_partial": m.cache.min_partial,
        "count": m.cache.node.nr_partial,
        "slab": slab_id(slab_of(call)),
        "object": _object(m, call),
        "more": ", ".join(slab_id(mark[2]) for mark in _of_kind(call, (Kind.CPU_PARTIAL_NODE,))),
        "drained": len(_of_kind(call, _DRAINED)),
    }
    found["other"] = owner_of(m, call.slab)[0]
    return found


def thing(m: Moment) -> str:
    """One object of the cache, in words."""
    name = m.cache.name
    if is_kmalloc(name):
        return m.tr("caption.thing.kmalloc", cache=name)
    return m.tr("caption.thing.an" if name[:1] in _VOWELS else "caption.thing.a", cache=name)


def _caller(call: Call) -> int:
    """Who calls; in recordings nobody runs, so there it is the holder."""
    return call.actor or call.who


def _name(m: Moment, who: int, call: Call) -> str:
    return short_name(m.actor(who)) if who else f"CPU{call.cpu}"


def _what(m: Moment, call: Call) -> str:
    """The object of a free, and whose it was."""
    kind = "kmalloc" if is_kmalloc(m.cache.name) else "plain"
    if call.who in (0, _caller(call)):
        return m.tr(f"caption.thing.own_{kind}", cache=m.cache.name)
    return m.tr("caption.thing.of", thing=thing(m), owner=short_name(m.actor(call.who)))


def pages(m: Moment) -> str:
    """How many pages a slab has, in words."""
    count = 1 << m.cache.geometry.oo_order
    return m.tr("stage.buddy.page" if count == 1 else "stage.buddy.pages", count=count)


def owner_of(m: Moment, slab: int) -> tuple[int, str]:
    """The CPU that owns a slab and how ("active" or "parked"); (-1, "") for a slab that no CPU owns."""
    for cpu, c in enumerate(m.cache.cpu_slab):
        if c.slab is not None and c.slab.id == slab:
            return cpu, "active"
        if any(parked.id == slab for parked in c.partial):
            return cpu, "parked"
    return -1, ""


def _of_kind(call: Call, kinds: tuple[int, ...]) -> list[Mark]:
    return [mark for mark in call.marks if mark[1] in kinds]


def _object(m: Moment, call: Call) -> int:
    """Index of the object that an allocation gives out, or a free takes back."""
    for _, kind, _, offset in call.marks:
        if kind in ALLOCS:
            return (offset - m.cache.red_left_pad) // m.cache.size
    return (call.arg - m.cache.red_left_pad) // m.cache.size if call.slab >= 0 else 0
