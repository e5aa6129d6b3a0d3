"""How the map is read: areas, brightness, frames, and what a rate counts."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, PANEL
from slabviz.scene.screens.kernel.canvas import FREE_BLOCK, brightness
from slabviz.scene.story.kernel import FRAMES, LEVELS, KernelState, amount
from slabviz.scene.story.numbers import grouped

_PAD = 16
_ROW = 20
_BLOCK = 8


def legend_part(desk: Desk, rect: Rect, state: KernelState) -> Part:
    """Four lines."""

    def draw(sketch: Sketch) -> None:
        x, y, w, _ = rect
        sketch.box(rect, "s1", "line", radius=8)
        sketch.text(x + _PAD, y + 20, desk.tr("kernel.legend.title"), PANEL, "t1")
        words = {name: desk.tr(f"kernel.legend.{name}") for name in ("area", "used", "frame", "rate")}
        left = x + _PAD + max(sketch.measure(word, LABEL_STRONG) for word in words.values()) + 10
        tops = {name: y + 44 + number * _ROW for number, name in enumerate(words)}
        for name, word in words.items():
            sketch.text(x + _PAD, tops[name], word, LABEL_STRONG, "t2")
        room = x + w - _PAD - left
        sketch.text(left, tops["area"], desk.tr("kernel.legend.area_text"), LABEL, "t2", room=room)
        _used(sketch, desk, left, tops["used"], state.top)
        _frames(sketch, desk, left, tops["frame"], state.top)
        text = desk.tr("kernel.legend.rate_text", window=grouped(state.window))
        sketch.text(left, tops["rate"], text, LABEL, "t2", room=room)

    inputs = (rect, state.top, state.window)
    return desk.memo.part(
        ("kernel", "legend"), inputs,
        lambda part: desk.memo.block(part, ("kernel", "legend"), rect, inputs, draw),
    )  # fmt: skip


def _used(sketch: Sketch, desk: Desk, left: int, middle: int, top: int) -> None:
    """From quiet to the top rate, and a free block."""
    left += sketch.text(left, middle, desk.tr("kernel.legend.quiet"), LABEL, "t2") + 6
    for level in range(LEVELS):
        sketch.box((left + level * _BLOCK, middle - 5, _BLOCK, 11), brightness(level))
    left += LEVELS * _BLOCK + 6
    left += sketch.text(left, middle, desk.tr("kernel.rate", amount=_round(top)), LABEL, "t2") + 16
    sketch.box((left, middle - 5, 11, 11), FREE_BLOCK)
    sketch.text(left + 17, middle, desk.tr("kernel.legend.free"), LABEL, "t2")


def _frames(sketch: Sketch, desk: Desk, left: int, middle: int, top: int) -> None:
    for weight, share in enumerate(FRAMES, 1):
        sketch.box((left, middle - 6, 13, 13), None, "cache", width=weight, radius=3)
        text = _round(top * share // 100)
        if weight == len(FRAMES):
            text = desk.tr("kernel.rate", amount=text)
        text = f"≥ {text}"
        left += 19 + sketch.text(left + 19, middle, text, LABEL, "t2") + 14


def _round(rate: int) -> str:
    """A rate of the scale, which is a round number."""
    return amount(rate).replace(".0", "")
