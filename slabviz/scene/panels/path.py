"""The code path: the flowchart of the call that is told of, lit as far as it has come, and the same as messages."""

from __future__ import annotations

from itertools import pairwise

from slabviz.scene.display import Colour, Point, Rect, Style
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.metrics import HALF_STEP
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, CODE, LABEL, LABEL_STRONG, STRONG
from slabviz.scene.panels.flow import HEXAGON, PILL, Edge, Flow, FlowBox, flow_of, is_over, passed
from slabviz.scene.panels.sequence import sequence_part
from slabviz.scene.sight import Sight
from slabviz.scene.state import PathState
from slabviz.scene.story.names import is_kmalloc
from slabviz.scene.widgets.signposts import TAG, tag

_GAP = 8
_PAD = 12
_ROADS = 34
"""Room for the roads between the two columns."""
_OUTER = 12
"""The road at the far left."""
_FOOT = 24
"""The line with the C function."""
_SEQUENCE = 40
"""Percent of the panel that the messages take."""
_VISITED, _QUIET = 2.5, 1.2
_FILES: dict[str, tuple[str, str]] = {
    "alloc_call": ("kmem_cache_alloc()", "mm/slub.c"), "size": ("kmalloc()", "include/linux/slab.h"),
    "index": ("kmalloc_slab()", "mm/slab_common.c"), "freelist": ("slab_alloc_node()", "mm/slub.c"),
    "pop": ("slab_alloc_node()", "mm/slub.c"), "active": ("___slab_alloc()", "mm/slub.c"),
    "large": ("kmalloc_large()", "mm/slab_common.c"), "nothing": ("kfree()", "mm/slab_common.c"),
    "free_pages": ("free_large_kmalloc()", "mm/slab_common.c"),
    "parked": ("___slab_alloc()", "mm/slub.c"), "partial": ("get_partial_node()", "mm/slub.c"),
    "pages": ("allocate_slab()", "mm/slub.c"), "cut": ("shuffle_freelist()", "mm/slub.c"),
    "install": ("___slab_alloc()", "mm/slub.c"), "return": ("slab_post_alloc_hook()", "mm/slab.h"),
    "free_call": ("kmem_cache_free()", "mm/slub.c"), "null": ("kfree()", "mm/slab_common.c"),
    "slab_page": ("virt_to_folio()", "include/linux/mm.h"), "own": ("do_slab_free()", "mm/slub.c"),
    "push": ("do_slab_free()", "mm/slub.c"), "to_slab": ("__slab_free()", "mm/slub.c"),
    "frozen": ("__slab_free()", "mm/slub.c"), "full": ("__slab_free()", "mm/slub.c"),
    "park": ("put_cpu_partial()", "mm/slub.c"), "empty": ("__slab_free()", "mm/slub.c"),
    "discard": ("discard_slab()", "mm/slub.c"), "stays": ("__slab_free()", "mm/slub.c"),
    "done": ("slab_free()", "mm/slub.c"),
}  # fmt: skip
"""The C function that a box stands for, and its file (Linux 6.1)."""


def path_panel(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """Two cards: the flowchart above, the messages below."""
    x, y, w, h = rect
    below = h * _SEQUENCE // 100 // HALF_STEP * HALF_STEP
    chart = (x, y, w, h - below - _GAP)
    path, cache = sight.state.path, sight.cache.name

    def make(part: Part) -> None:
        desk.memo.block(part, ("flowchart",), chart, (path, cache),
                        lambda sketch: _chart(sketch, desk, chart, path, cache))  # fmt: skip

    flowchart = desk.memo.part(("flowchart",), (chart, path, cache), make)
    return [flowchart, sequence_part(desk, (x, y + h - below, w, below), path)]


def _chart(sketch: Sketch, desk: Desk, rect: Rect, path: PathState | None, cache: str) -> None:
    sketch.box(rect, "s1", "line", radius=8)
    flow = flow_of(path, is_kmalloc(cache))
    way = passed(flow, path)
    places = _places(flow, rect)
    walked = set(pairwise(way))
    for edge in sorted(flow.edges, key=lambda edge: (edge.start, edge.end) in walked):
        _edge(sketch, desk, edge, places, (edge.start, edge.end) in walked)
    now = way[-1] if way and path is not None and not is_over(path) else ""
    for box in flow.boxes:
        state = "now" if box.key == now else "done" if box.key in way else ""
        _box(sketch, desk, box, places[box.key], path, state, cache)
    _where(sketch, desk, rect, way)


def _places(flow: Flow, rect: Rect) -> dict[str, Rect]:
    """Two columns with room for the roads beside and between them."""
    x, y, w, h = rect
    pitch = (h - _PAD - _FOOT) // flow.rows
    high = min(pitch - 10, 26)
    wide = (w - 2 * _PAD - _ROADS - _OUTER) // 2
    lefts = (x + _PAD + _OUTER, x + w - _PAD - wide)
    return {box.key: (lefts[box.column], y + _PAD + box.row * pitch, wide, high) for box in flow.boxes}


def _edge(sketch: Sketch, desk: Desk, edge: Edge, places: dict[str, Rect], walked: bool) -> None:
    colour: Colour = "slow" if walked else "line2"
    points = _road(edge, places)
    sketch.line(points, colour, width=_VISITED if walked else _QUIET, radius=6, arrow=True)
    if edge.answer:
        _answer(sketch, desk.tr(f"path.{edge.answer}"), edge, places, "slow" if walked else "t2")


def _road(edge: Edge, places: dict[str, Rect]) -> tuple[Point, ...]:
    ax, ay, aw, ah = places[edge.start]
    bx, by, bw, bh = places[edge.end]
    a_middle, b_middle = ay + ah // 2, by + bh // 2
    if edge.road == "outer":
        left = ax - _OUTER
        return (ax, a_middle), (left, a_middle), (left, b_middle), (bx, b_middle)
    if edge.road == "middle":
        lane = ax - 11
        return (ax, a_middle), (lane, a_middle), (lane, b_middle), (bx + bw, b_middle)
    if edge.road == "right":
        lane = ax + aw + 7
        return (ax + aw, a_middle), (lane, a_middle), (lane, b_middle), (bx + bw, b_middle)
    if edge.road == "corner":
        return (ax + aw // 2, ay + ah), (ax + aw // 2, b_middle), (bx + bw, b_middle)
    if a_middle == b_middle:
        return ((ax + aw, a_middle), (bx, b_middle)) if ax < bx else ((ax, a_middle), (bx + bw, b_middle))
    return (ax + aw // 2, ay + ah), (ax + aw // 2, by)


def _answer(sketch: Sketch, word: str, edge: Edge, places: dict[str, Rect], colour: Colour) -> None:
    """The label beside its edge, where it leaves the question."""
    ax, ay, aw, ah = places[edge.start]
    bx, by, _, bh = places[edge.end]
    if edge.road == "straight" and ay + ah // 2 != by + bh // 2:
        sketch.text(ax + aw // 2 + 6, (ay + ah + by) // 2, word, LABEL, colour)
    elif edge.road == "right":
        return
    elif edge.road == "middle":  # under its line: the answer that leads here stands above
        sketch.text(ax - 14, ay + ah // 2 + 9, word, LABEL, colour, "r")
    elif ax < bx:
        sketch.text(ax + aw + 4, ay + ah // 2 - 9, word, LABEL, colour)
    else:
        sketch.text(ax - 4, ay + ah // 2 - 9, word, LABEL, colour, "r")


def _box(
    sketch: Sketch, desk: Desk, box: FlowBox, rect: Rect, path: PathState | None, state: str, cache: str
) -> None:  # fmt: skip
    fills: dict[str, tuple[Colour, Colour, Colour]] = {
        "now": ("slow", "slow", "onalert"), "done": ("slowF", "slow", "t1"), "": ("s1", "line2", "t2"),
    }  # fmt: skip
    fill, stroke, ink = fills[state]
    x, y, w, h = rect
    if state == "now":
        sketch.box((x - 4, y - 4, w + 8, h + 8), "slow", alpha=50, radius=9)
    if box.shape == HEXAGON:
        sketch.shape(_hexagon(rect), fill, stroke, width=1.5)
    else:
        sketch.box(rect, fill, stroke, width=1.5, radius=h // 2 if box.shape == PILL else 5)
    left = x + 6
    step = _step(box, path)
    if step is not None:
        tag(sketch, x - 4, y + (h - TAG[1]) // 2, str(step[0]), step[1])
        left = x + TAG[0]
    room = x + w - 6 - left
    text, style = _text(desk, box, path, room, cache)
    if state == "now":
        style = STRONG if desk.measure(text, STRONG) <= room else LABEL_STRONG
    sketch.text(left + room // 2, y + h // 2, text, style, ink, "m", room=room)


def _hexagon(rect: Rect) -> tuple[Point, ...]:
    x, y, w, h = rect
    cut, middle = h // 3, y + h // 2
    return (x + cut, y), (x + w - cut, y), (x + w, middle), (x + w - cut, y + h), (x + cut, y + h), (x, middle)


def _step(box: FlowBox, path: PathState | None) -> tuple[int, str] | None:
    """Number and state of the step that a box is, if the call has it and goes by here."""
    if path is None or not box.step or box.key not in flow_of(path).ways.get(path.outcome, ()):
        return None
    return next(((step.number, step.when) for step in path.steps if step.name == box.step), None)


def _text(desk: Desk, box: FlowBox, path: PathState | None, room: int, cache: str) -> tuple[str, Style]:
    if box.key in ("alloc_call", "free_call"):
        idle = "kmalloc()" if is_kmalloc(cache) else desk.tr(f"path.box.{box.key}")
        call = path.call if path is not None else idle
        return (call if desk.measure(call, CODE) <= room else f"{call.partition('(')[0]}()"), CODE
    text = desk.tr(f"path.box.{box.key}", cache=cache)
    return text, BODY if desk.measure(text, BODY) <= room else LABEL


def _where(sketch: Sketch, desk: Desk, rect: Rect, way: tuple[str, ...]) -> None:
    """Under the boxes: the C function of the current one and its file."""
    x, y, w, h = rect
    middle = y + h - _FOOT // 2 - 2
    if not way:
        sketch.text(x + _PAD, middle, desk.tr("path.nothing"), LABEL, "t3", room=w - 2 * _PAD)
        return
    function, file = _FILES[way[-1]]
    left = x + _PAD + sketch.text(x + _PAD, middle, function, LABEL_STRONG, "t1") + 10
    sketch.text(left, middle, file, LABEL, "t3", room=x + w - _PAD - left)
