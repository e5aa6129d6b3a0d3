"""The strip that names the cache on stage and the numbers it was laid out by."""

from __future__ import annotations

from slabviz.scene.layout.metrics import Tier
from slabviz.scene.state import CacheStrip
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import grouped, size

LONG_NAME = 12
"""Characters of a name that leave little room for the note."""


def cache_strip(m: Moment) -> CacheStrip:
    """Names of the fields are the kernel's; ``note`` says how the limit of parked slabs comes about."""
    cache, shape = m.cache, m.cache.geometry
    block = size(4096 << shape.oo_order).replace(" KiB", "K").replace(" MiB", "M")
    fields = (
        ("object_size", f"{grouped(shape.object_size)} B"),
        ("size", f"{grouped(shape.size)} B"),
        ("order", f"{shape.oo_order} = {block}"),
        ("objs/slab", grouped(shape.oo_objects)),
        ("min_partial", grouped(cache.min_partial)),
        ("cpu_partial", m.tr("stage.strip.objects", count=grouped(cache.cpu_partial))),
    )
    return CacheStrip(cache.name, _note(m), fields, cache.id, len(m.machine.caches), bool(cache.debug))


def _note(m: Moment) -> str:
    """The rule: each parked slab counts as half full, so cpu_partial × 2 / objects per slab, rounded up."""
    objects, per_slab, slabs = m.cache.cpu_partial, m.cache.geometry.oo_objects, m.cache.cpu_partial_slabs
    if m.cache.debug:
        return m.tr("stage.strip.debug")
    if not objects:
        return m.tr("stage.strip.no_partial")
    even = objects * 2 == slabs * per_slab
    if m.tier is Tier.COMPACT:
        key = "rule_tiny"
    elif len(m.cache.name) > LONG_NAME:
        key = "rule_short"
    else:
        key = "rule" if even else "rule_rounded"
    sign = "=" if even else "→"
    return m.tr(f"stage.strip.{key}", objects=objects, per_slab=per_slab, sign=sign, slabs=slabs)
