"""The flowcharts of kmalloc and kfree as data: boxes on a grid of two columns, and the edges between them.

The left column is the fast side, the right one the slow side, in the order of Linux 6.1 (mm/slub.c). A box that is a
step of the one step counter names it; what has been passed and what is current follows from the steps alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from slabviz.scene.state import PathState

LEFT, RIGHT = 0, 1
PILL, HEXAGON, RECT = "pill", "hexagon", "rect"


@dataclass(slots=True, frozen=True)
class FlowBox:
    """``key`` is its text in the catalogue (``path.box.…``); ``step`` the step whose signpost it carries."""

    key: str
    column: int
    row: int
    shape: str
    step: str = ""


@dataclass(slots=True, frozen=True)
class Edge:
    """From box to box; ``answer`` is yes, no or empty. ``road``: straight, down the outer left side, or down the
    middle, where every yes of the slow side joins one line."""

    start: str
    end: str
    answer: str = ""
    road: str = "straight"


@dataclass(slots=True, frozen=True)
class Flow:
    """A whole chart. ``ways`` has, by outcome, the boxes that a call of that outcome passes, in order."""

    boxes: tuple[FlowBox, ...]
    edges: tuple[Edge, ...]
    ways: Mapping[str, tuple[str, ...]]
    rows: int


_HEAD = ("alloc_call", "freelist")
_SIZED = ("alloc_call", "size", "index", "freelist")
_SLOW = ("active", "parked", "partial")


def _alloc_ways(head: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    end = ("install", "return")
    return {
        "fast": (*head, "pop", "return"),
        "local": (*head, "active", "return"),
        "refill": (*head, "active", *end),
        "parked": (*head, *_SLOW[:2], *end),
        "node": (*head, *_SLOW, *end),
        "new": (*head, *_SLOW, "pages", "cut", *end),
        "failed": (*head, *_SLOW, "pages"),
        "large": ("alloc_call", "size", "large"),
        "large_failed": ("alloc_call", "size", "large"),
    }


def _alloc(kmalloc: bool) -> Flow:
    top = 3 if kmalloc else 1
    sized = (
        FlowBox("size", LEFT, 1, HEXAGON), FlowBox("large", RIGHT, 1, RECT), FlowBox("index", LEFT, 2, RECT),
    ) if kmalloc else ()  # fmt: skip
    boxes = (
        FlowBox("alloc_call", LEFT, 0, PILL), *sized,
        FlowBox("freelist", LEFT, top, HEXAGON, "freelist"), FlowBox("active", RIGHT, top, HEXAGON, "active"),
        FlowBox("pop", LEFT, top + 1, RECT), FlowBox("parked", RIGHT, top + 1, HEXAGON, "parked"),
        FlowBox("partial", RIGHT, top + 2, HEXAGON, "partial"),
        FlowBox("install", LEFT, top + 3, RECT, "install"), FlowBox("pages", RIGHT, top + 3, RECT, "buddy"),
        FlowBox("cut", RIGHT, top + 4, RECT), FlowBox("return", LEFT, top + 5, PILL, "return"),
    )  # fmt: skip
    first = (
        Edge("alloc_call", "size"), Edge("size", "large", "no"), Edge("size", "index", "yes"),
        Edge("index", "freelist"),
    ) if kmalloc else (Edge("alloc_call", "freelist"),)  # fmt: skip
    edges = (
        *first,
        Edge("freelist", "pop", "yes"), Edge("freelist", "active", "no"), Edge("pop", "return", road="outer"),
        Edge("active", "parked", "no"), Edge("parked", "partial", "no"), Edge("partial", "pages", "no"),
        Edge("active", "install", "yes", "middle"), Edge("parked", "install", "yes", "middle"),
        Edge("partial", "install", "yes", "middle"), Edge("pages", "cut"), Edge("cut", "install", road="middle"),
        Edge("install", "return"),
    )  # fmt: skip
    return Flow(boxes, edges, _alloc_ways(_SIZED if kmalloc else _HEAD), top + 6)


def _free(kmalloc: bool) -> Flow:
    top = 3 if kmalloc else 1
    sized = (
        FlowBox("null", LEFT, 1, HEXAGON), FlowBox("nothing", RIGHT, 1, PILL),
        FlowBox("slab_page", LEFT, 2, HEXAGON), FlowBox("free_pages", RIGHT, 2, RECT),
    ) if kmalloc else ()  # fmt: skip
    boxes = (
        FlowBox("free_call", LEFT, 0, PILL), *sized,
        FlowBox("own", LEFT, top, HEXAGON), FlowBox("to_slab", RIGHT, top, RECT, "object"),
        FlowBox("push", LEFT, top + 1, RECT), FlowBox("frozen", RIGHT, top + 1, HEXAGON),
        FlowBox("full", RIGHT, top + 2, HEXAGON), FlowBox("park", LEFT, top + 2, RECT, "slab"),
        FlowBox("empty", RIGHT, top + 3, HEXAGON), FlowBox("discard", LEFT, top + 3, RECT, "slab"),
        FlowBox("stays", RIGHT, top + 4, RECT, "slab"), FlowBox("done", LEFT, top + 5, PILL),
    )  # fmt: skip
    first = (
        Edge("free_call", "null"), Edge("null", "nothing", "yes"), Edge("null", "slab_page", "no"),
        Edge("slab_page", "free_pages", "no"), Edge("slab_page", "own", "yes"),
    ) if kmalloc else (Edge("free_call", "own"),)  # fmt: skip
    edges = (
        *first,
        Edge("own", "push", "yes"), Edge("own", "to_slab", "no"), Edge("push", "done", road="outer"),
        Edge("to_slab", "frozen"), Edge("frozen", "full", "no"), Edge("frozen", "stays", "yes", "right"),
        Edge("full", "park", "yes"), Edge("full", "empty", "no"), Edge("park", "done", road="outer"),
        Edge("empty", "discard", "yes"), Edge("empty", "stays", "no"), Edge("discard", "done", road="outer"),
        Edge("stays", "done", road="corner"),
    )  # fmt: skip
    head = ("free_call", *(("null", "slab_page") if kmalloc else ()), "own")
    slow = (*head, "to_slab", "frozen")
    return Flow(boxes, edges, {
        "nothing": ("free_call", "null", "nothing"),
        "free_pages": ("free_call", "null", "slab_page", "free_pages"),
        "fast": (*head, "push", "done"),
        "frozen": (*slow, "stays", "done"),
        "park": (*slow, "full", "park", "done"),
        "drain": (*slow, "full", "park", "done"),
        "partial": (*slow, "full", "empty", "stays", "done"),
        "kept": (*slow, "full", "empty", "stays", "done"),
        "discard": (*slow, "full", "empty", "discard", "done"),
    }, top + 6)  # fmt: skip


_FLOWS = {(free, kmalloc): (_free if free else _alloc)(kmalloc) for free in (False, True) for kmalloc in (False, True)}


def flow_of(path: PathState | None, kmalloc: bool = False) -> Flow:
    """The chart of a call; without one that of an allocation, with ``kmalloc`` from the size on."""
    return _FLOWS[(path.free, path.kmalloc) if path is not None else (False, kmalloc)]


def passed(flow: Flow, path: PathState | None) -> tuple[str, ...]:
    """The boxes that the call has passed or stands at, in order; the last one is where it is now."""
    if path is None:
        return ()
    way = flow.ways.get(path.outcome, ())
    open_steps = {step.name for step in path.steps if step.when == "next"}
    now = next((step.name for step in path.steps if step.when == "now"), None)
    reached = []
    for key in way:
        step = next(box.step for box in flow.boxes if box.key == key)
        if step in open_steps:
            break
        reached.append(key)
        if step and step == now:
            break
    return tuple(reached)


def is_over(path: PathState) -> bool:
    """Whether every step is done."""
    return all(step.when == "done" for step in path.steps)
