"""Words of the caption and what they mean: at most two at a time, others when the same kind of story comes again."""

from __future__ import annotations

from slabviz.scene.story.facts import pages
from slabviz.scene.story.moment import Moment

WORDS: dict[str, tuple[str, ...]] = {
    "alloc.freelist": ("freelist", "cache"),
    "alloc.no_active": ("active_slab", "freelist"),
    "alloc.active": ("active_slab", "slab"),
    "alloc.parked": ("parked", "active_slab"),
    "alloc.partial": ("partial_list", "node"),
    "alloc.partial_empty": ("partial_list", "node"),
    "alloc.buddy": ("buddy_system", "order"),
    "alloc.install.new": ("partial_list", "slab", "buddy_system", "order"),
    "alloc.install.node": ("node", "frozen", "list_lock", "slab"),
    "alloc.install.node_more": ("parked", "node", "list_lock", "frozen"),
    "alloc.install.parked": ("parked", "active_slab"),
    "alloc.install.refill": ("active_slab", "freelist"),
    "alloc.load": ("active_slab", "freelist"),
    "alloc.return": ("object", "freelist"),
    "alloc.done": ("freelist", "object"),
    "alloc.done_last": ("freelist", "object"),
    "debug.lock": ("list_lock", "node"),
    "debug.partial": ("partial_list", "node"),
    "debug.buddy": ("buddy_system", "order"),
    "debug.take": ("object", "list_lock"),
    "debug.return": ("object", "slab"),
    "debug.done": ("object", "slab"),
    "debug.free": ("list_lock", "object"),
    "free.debug_free": ("partial_list", "slab"),
    "refused": ("object", "slab"),
    "written_off": ("slab", "object"),
    "lock_dead": ("list_lock", "node"),
    "failed": ("buddy_system", "order"),
    "lock": ("list_lock", "node"),
    "interrupted": ("gfp_atomic", "freelist"),
    "free.looks": ("object", "slab"),
    "free.object": ("object", "slab"),
    "free.frozen_active": ("frozen", "active_slab"),
    "free.frozen_parked": ("parked", "frozen"),
    "free.partial": ("partial_list", "node"),
    "free.parked": ("parked", "frozen"),
    "free.parked_empty": ("parked", "list_lock", "frozen", "partial_list"),
    "free.kept": ("min_partial", "partial_list"),
    "free.park": ("parked", "slab"),
    "free.park_done": ("parked", "slab"),
    "free.drain": ("parked", "partial_list"),
    "free.drain_done": ("parked", "partial_list"),
    "free.discard": ("min_partial", "buddy_system"),
    "free.discard_done": ("min_partial", "buddy_system"),
    "free.discard_rcu": ("rcu", "min_partial"),
    "bulk.alloc": ("freelist", "object"),
    "bulk.alloc_done": ("freelist", "object"),
    "bulk.free": ("object", "slab"),
    "bulk.free_done": ("object", "slab"),
    "rcu_slab": ("rcu", "buddy_system"),
    "shrink": ("min_partial", "partial_list"),
    "flush": ("partial_list", "list_lock"),
    "fast.alloc": ("freelist", "active_slab"),
    "fast.free": ("freelist", "active_slab"),
    "rest": ("slab", "object"),
}
"""By the caption's key: the words that explain it, the most needed first."""


def explained(m: Moment, key: str, before: int) -> tuple[tuple[str, str], ...]:
    """Two words with their meanings; ``before`` stories of the kind have been told in this chapter already."""
    words = WORDS.get(key, ())
    start = 2 * before % len(words) if words else 0
    values = {"pages": pages(m), "objects": m.cache.geometry.oo_objects, "limit": m.cache.min_partial}
    return tuple(
        (m.tr(f"caption.word.{word}.word"), m.tr(f"caption.word.{word}.means", **values))
        for word in (_of_era(m, word) for word in words[start : start + 2])
    )


def _of_era(m: Moment, word: str) -> str:
    """The key of a word; since 6.8 only active slabs are frozen."""
    return "frozen_active" if word == "frozen" and not m.machine.era.parked_are_frozen else word
