"""Truth of what is told: the tick, the cache on stage and its limit, and that what flies is named."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.scene.display import Text
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot, plain


@rule
def tick_and_cache(shot: Shot) -> Iterator[Lie]:
    """The counter shows the tick, the strip the cache with its own numbers."""
    if ("tick",) in shot.blocks:
        digits = "".join(reversed([text for text in shot.texts("tick") if text.isdecimal()]))
        yield from differ("tick", shot.where("tick"), digits, str(shot.tick))
    texts = shot.texts("strip")
    if not texts:
        return
    rect, shape = shot.where("strip"), shot.cache.geometry
    if texts[0] != shot.cache.name and not texts[0].endswith("…"):
        yield "strip", rect, f"it names {texts[0]}, and {shot.cache.name} is on stage"
    for label, true in (("size", shape.size), ("objs/slab", shape.oo_objects), ("min_partial", shot.cache.min_partial)):
        if label in texts:
            yield from differ(label, rect, texts[texts.index(label) + 1].split(" ")[0], str(true))


@rule
def limit_of_parked_slabs(shot: Shot) -> Iterator[Lie]:
    """The head of the column says how many slabs a CPU parks."""
    for text in shot.texts("lane heads"):
        found = shot.said("stage.parked_head", text)
        if found is not None:
            yield from differ("limit", shot.where("lane heads"), found["count"], str(shot.cache.cpu_partial_slabs))


@rule
def what_flies_is_named(shot: Shot) -> Iterator[Lie]:
    """Every slab that has set out and has not arrived bears its id, so that it is in exactly one place to be seen."""
    names = {plain(node.text).split(" ")[0] for node in shot.scene.movers if isinstance(node, Text)}
    for slab, move in shot.slabs_in_flight.items():
        if move.start <= shot.position < move.start + move.duration and f"{slab:02d}" not in names:
            yield f"slab {slab:02d}", (0, 0, *shot.scene.size), "it is under way, and nothing that moves bears its id"
