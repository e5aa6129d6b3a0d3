"""The chosen cache in words: how many objects, in which slabs, how busy, and how to open it."""

from __future__ import annotations

from slabviz.scene.commands import SetLevel
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, CACHE_NAME, LABEL, MARK_STRONG
from slabviz.scene.levels import Level
from slabviz.scene.story.kernel import CacheLine, KernelState, amount, memory_texts
from slabviz.scene.story.numbers import grouped
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import RING, draw_button, pointing

_PAD = 16


def chosen_part(desk: Desk, rect: Rect, line: CacheLine, state: KernelState, view: ViewState) -> Part:
    """The card of the chosen cache."""
    at = pointing(view, frozenset([SetLevel(Level.CACHE)])) if view.controls else None
    tr = desk.tr
    counts = tr("kernel.counts", objects=grouped(line.objects), used=grouped(line.used), free=grouped(line.free))
    slabs = tr(
        "kernel.slabs", size=grouped(line.size), slabs=grouped(line.slabs), per_slab=line.per_slab,
        memory=memory_texts([line.bytes])[0],
    )  # fmt: skip
    busy = tr("kernel.busy", amount=amount(line.rate), rank=line.rank) if line.rate else tr("kernel.idle")

    def draw(sketch: Sketch) -> None:
        x, y, w, _ = rect
        sketch.box(rect, "s1", "line", radius=8)
        right = x + w - _PAD
        if at is not None:
            key = (right - 52, y + 10, 52, 24)
            draw_button(sketch, key, SetLevel(Level.CACHE), at, fill="s3")
            sketch.text(key[0] + 26, key[1] + 12, "Enter", MARK_STRONG, "t1", "m")
            right = key[0] - 10 - RING
            right -= sketch.text(right, y + 22, tr("kernel.open"), LABEL, "t2", "r") + 12
        sketch.text(x + _PAD, y + 22, line.name, CACHE_NAME, "cache", room=right - x - _PAD)
        room = w - 2 * _PAD
        sketch.text(x + _PAD, y + 48, counts, BODY, "t1", room=room)
        sketch.text(x + _PAD, y + 70, slabs, LABEL, "t2", room=room)
        sketch.text(x + _PAD, y + 90, busy, LABEL, "t2", room=room)

    inputs = (line.name, counts, slabs, busy, at)
    return desk.memo.part(
        ("kernel", "chosen"), (rect, inputs),
        lambda part: desk.memo.block(part, ("kernel", "chosen"), rect, inputs, draw),
    )  # fmt: skip
