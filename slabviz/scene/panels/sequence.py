"""The steps of a call as messages between requester, allocator, CPU slab, node and buddy system (syllabus B3)."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, PANEL
from slabviz.scene.state import PathState, PathStep
from slabviz.scene.widgets.signposts import TAG, tag

WHO, API, CPU, NODE, BUDDY = range(5)
_HEAD = 58
_PAD = 12


@dataclass(slots=True, frozen=True)
class Message:
    """From one life line to another; ``key`` is its text in the catalogue (``path.message.…``)."""

    start: int
    end: int
    key: str


_ALLOC: dict[str, Message] = {
    "freelist": Message(API, CPU, "freelist"), "active": Message(API, CPU, "active"),
    "parked": Message(API, CPU, "parked"), "partial": Message(CPU, NODE, "partial"),
    "buddy": Message(CPU, BUDDY, "pages"), "return": Message(CPU, WHO, "object"),
    "large": Message(API, BUDDY, "pages"), "null": Message(API, WHO, "null"),
    "lock": Message(API, NODE, "lock"), "take": Message(NODE, API, "take"),
}  # fmt: skip
_INSTALLED_FROM = {"new": BUDDY, "node": NODE, "parked": CPU, "refill": CPU}
_FREE: dict[str, Message] = {
    "object": Message(API, CPU, "give"), "nothing": Message(API, WHO, "nothing"),
    "free_pages": Message(API, BUDDY, "pages_back"),
}  # fmt: skip
_SLAB_GOES: dict[str, Message] = {
    "park": Message(CPU, CPU, "park"), "drain": Message(CPU, NODE, "drain"), "discard": Message(NODE, BUDDY, "discard"),
    "kept": Message(CPU, NODE, "kept"), "partial": Message(CPU, NODE, "stays"), "frozen": Message(CPU, CPU, "stays"),
    "debug_free": Message(API, NODE, "listed"), "refused": Message(API, API, "refused"),
    "written_off": Message(API, API, "written_off"),
}  # fmt: skip


_ON_NODE = frozenset({"partial", "kept", "discard"})
"""Ways of a free into a slab that is on the node's list."""


def message_of(path: PathState, step: PathStep) -> Message:
    """What is said in a step."""
    if step.name == "install":
        return Message(_INSTALLED_FROM[path.outcome], CPU, "slab")
    if step.name == "slab":
        return _SLAB_GOES[path.outcome]
    if step.name == "object" and path.outcome in _ON_NODE:
        return Message(API, NODE, "give")
    if step.name == "return" and path.outcome == "large":
        return Message(BUDDY, WHO, "pages_back")
    return (_FREE if path.free else _ALLOC)[step.name]


def sequence_part(desk: Desk, rect: Rect, path: PathState | None) -> Part:
    """The card with the life lines and a message for each step."""

    def make(part: Part) -> None:
        desk.memo.block(part, ("sequence",), rect, path, lambda sketch: _draw(sketch, desk, rect, path))

    return desk.memo.part(("sequence",), (rect, path), make)


def _draw(sketch: Sketch, desk: Desk, rect: Rect, path: PathState | None) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    sketch.text(x + _PAD, y + 18, desk.tr("path.messages"), PANEL, "t1", room=w - 2 * _PAD)
    if path is None:
        sketch.text(x + _PAD, y + 44, desk.tr("path.nothing"), LABEL, "t3", room=w - 2 * _PAD)
        return
    lines = _life_lines(rect)
    _names(sketch, desk, rect, lines, path)
    rows = len(path.steps) + 1
    pitch = min(24, (h - _HEAD - 12) // rows)
    opening = desk.tr("path.message.frees" if path.free else "path.message.asks")
    _arrow(sketch, lines[WHO], lines[API], y + _HEAD + pitch // 2, opening, "done")
    for number, step in enumerate(path.steps):
        middle = y + _HEAD + pitch * (number + 1) + pitch // 2
        tag(sketch, x + 8, middle - TAG[1] // 2, str(step.number), step.when)
        message = message_of(path, step)
        text = desk.tr(f"path.message.{message.key}", slab=path.slab)
        _arrow(sketch, lines[message.start], lines[message.end], middle, text, step.when)


def _life_lines(rect: Rect) -> tuple[int, ...]:
    x, _, w, _ = rect
    left, right = x + 60, x + w - 30
    return tuple(left + (right - left) * place // BUDDY for place in range(BUDDY + 1))


def _names(sketch: Sketch, desk: Desk, rect: Rect, lines: tuple[int, ...], path: PathState) -> None:
    _, y, _, h = rect
    api = path.call.partition("(")[0] if path.kmalloc else desk.tr("path.cache")
    names = (path.who, api, "cpu_slab", desk.tr("path.node"), desk.tr("path.buddy"))
    used = {end for step in path.steps for message in (message_of(path, step),) for end in (message.start, message.end)}
    room = lines[1] - lines[0] - 4
    for place, (name, line) in enumerate(zip(names, lines, strict=True)):
        colour: Colour = "t1" if place in used | {WHO, API} else "t3"
        sketch.text(line, y + 42, name, LABEL, colour, "m", room=room)
        sketch.line(((line, y + _HEAD - 6), (line, y + h - 8)), "line2", dash=(3, 4))


def _arrow(sketch: Sketch, start: int, end: int, y: int, text: str, when: str) -> None:
    looks: dict[str, tuple[Colour, float, tuple[int, int] | None]] = {
        "done": ("slow", 1.2, None), "now": ("slow", 2.5, None), "next": ("t3", 1.2, (4, 3)),
    }  # fmt: skip
    colour, width, dash = looks[when]
    if start == end:
        loop = ((start, y - 4), (start + 16, y - 4), (start + 16, y + 5), (start + 3, y + 5))
        sketch.line(loop, colour, width=width, dash=dash, arrow=True, radius=3)
        sketch.box((start + 20, y - 6, sketch.measure(text, LABEL) + 4, 12), "s1")
        sketch.text(start + 22, y, text, LABEL, "t1" if when == "now" else "t2")
        return
    gap = 3 if end > start else -3
    sketch.line(((start + gap, y + 5), (end - gap, y + 5)), colour, width=width, dash=dash, arrow=True)
    wide = max(abs(end - start) - 6, 84)
    middle, taken = (start + end) // 2, min(sketch.measure(text, LABEL), wide)
    sketch.box((middle - taken // 2 - 1, y - 10, taken + 2, 12), "s1")  # a label may be wider than what it stands over
    sketch.text(middle, y - 4, text, LABEL, "t1" if when == "now" else "t2", "m", room=wide)
