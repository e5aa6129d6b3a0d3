"""The closing map: who asks, through which call, and what serves them; a press opens the lesson about it (G3).

Where there is no course to go to, a press opens the view of this run instead.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from slabviz.scene.display import Colour, Point, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, STRONG
from slabviz.scene.lessons.atlas import CACHE, CALL, FREE, NODE, PAGE, SLAB, WAYS, WHO, Place, atlas, route
from slabviz.scene.lessons.frame import PAD
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.button import RING, Pointing, pointing

_LOOKS: dict[str, tuple[Colour, Colour]] = {
    WHO: ("procF", "proc"), CALL: ("s3", "t2"), CACHE: ("cacheF", "cache"), SLAB: ("slabF", "slab"),
    NODE: ("partF", "part"), FREE: ("freeF", "free"), PAGE: ("s2", "line2"),
}  # fmt: skip
_ROWS = 4
_FOOT = 28
_WIDE = 13
"""Width of a box in percent."""
_LANES = {"task_struct": 0, "inode": 0, "sk_buff": 0, "dev_kmalloc": 1}
"""In the channel beside the caches, those that end together share a lane."""
_LANE = 14


def map_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """One picture of boxes and arrows."""
    places = atlas(sight.machine, desk.tr)
    if sight.view.course:
        places = tuple(replace(place, leads=place.spot.opens_lessons[0]) for place in places)
    way = route(sight.cache.name, bool(sight.run.config.devices))
    named = (command for place in places for command in (place.leads, *place.spot.opens_lessons))
    at = pointing(sight.view, frozenset(command for command in named if command is not None))
    course = sight.view.course

    def make(part: Part) -> None:
        desk.memo.block(part, ("map",), rect, (places, way, at, course),
                        lambda sketch: _draw(sketch, desk, rect, places, way, at, course=course))  # fmt: skip

    return [desk.memo.part(("map",), (rect, places, way, at, course), make)]


def _draw(
    sketch: Sketch, desk: Desk, rect: Rect, places: tuple[Place, ...], way: tuple[str, ...], at: Pointing,
    *, course: bool,
) -> None:  # fmt: skip
    """``way``: the spots that serve the cache on stage; they and what leads from one to the next are drawn strong."""
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    boxes = {place.spot.key: _box(rect, place) for place in places}
    there = {place.spot.key: place.there for place in places}
    strong = set(pairwise(way))
    for start, end in sorted(WAYS, key=lambda edge: (edge in strong, there[edge[0]] and there[edge[1]])):
        lit = there[start] and there[end]
        looks: tuple[Colour, float] = ("cache", 3) if (start, end) in strong else ("t2" if lit else "line2", 1.5)
        sketch.line(_road(boxes[start], boxes[end], start), looks[0], width=looks[1], radius=8, arrow=True,
                    dash=None if lit else (4, 4))  # fmt: skip
    for place in places:
        _place(sketch, desk, boxes[place.spot.key], place, place.spot.key in way, at, course=course)
    foot = y + h - _FOOT // 2 - 2
    words = desk.tr("views.map.foot_course" if course else "views.map.foot")
    sketch.text(x + PAD, foot, words, LABEL, "t2", room=w - 2 * PAD)


def _box(rect: Rect, place: Place) -> Rect:
    x, y, w, h = rect
    pitch = (h - _FOOT - 12) // _ROWS
    high, wide = min(pitch * 62 // 100, 88), w * _WIDE // 100
    column, row = place.spot.at
    middle = x + w * column // 100
    left = min(max(middle - wide // 2, x + PAD), x + w - PAD - wide)
    return left, y + 12 + row * pitch + (pitch - high) // 2, wide, high


def _road(start: Rect, end: Rect, name: str) -> tuple[Point, ...]:
    """Straight where they stand in a row, else through the channel between them."""
    ax, ay, aw, ah = start
    bx, by, bw, bh = end
    a_middle, b_middle = ay + ah // 2, by + bh // 2
    if name in _LANES:
        lane = ax + aw + 22 + _LANES[name] * _LANE
        return (ax + aw, a_middle), (lane, a_middle), (lane, b_middle), (bx, b_middle)
    if name == "buddy":  # comes down between the node and the right column
        lane, low = ax - 22, b_middle - bh // 4
        return (ax, a_middle), (lane, a_middle), (lane, low), (bx + bw, low)
    if ay == by:
        low = a_middle + (bh // 4 if name == "slab" else 0)
        return (ax + aw, low), (bx, low)
    a_centre, b_centre = ax + aw // 2, bx + bw // 2
    end_x = min(max(a_centre, bx + bw // 4), bx + bw * 3 // 4)
    start_x = min(max(b_centre, ax + aw // 4), ax + aw * 3 // 4)
    half = (ay + ah + by) // 2
    return (start_x, ay + ah), (start_x, half), (end_x, half), (end_x, by)


def _place(
    sketch: Sketch, desk: Desk, rect: Rect, place: Place, strong: bool, at: Pointing, *, course: bool
) -> None:  # fmt: skip
    x, y, w, h = rect
    fill, stroke = _LOOKS[place.spot.look]
    if not place.there:
        sketch.box(rect, "s1", "line2", radius=8, dash=(4, 4))
    else:
        sketch.box(rect, fill, stroke, width=3 if strong else 1, radius=h // 2 if place.spot.look == WHO else 8)
    leads = place.leads
    if leads is not None:
        if leads == at.focus:
            sketch.box((x - RING, y - RING, w + 2 * RING, h + 2 * RING), None, "focus", width=2, radius=12)
        elif leads in (at.hover, at.pressed):
            sketch.box((x - 2, y - 2, w + 4, h + 4), None, "t2", radius=10)
        sketch.button(rect, leads, desk.tr("views.map.play" if course else "views.map.open"))
    middle, room = x + w // 2, w - 16
    title = desk.tr(f"views.map.spot.{place.spot.key}")
    colour: Colour = "t1" if place.there else "t2"
    sketch.text(middle, y + h // 4, title, STRONG, colour, "m", room=room)
    sketch.text(middle, y + h // 2, place.value, LABEL, "t2", "m", room=room)
    if course:
        _lessons(sketch, desk, (middle, y + h * 3 // 4 + 1), place, at)
    else:
        sketch.text(middle, y + h * 3 // 4 + 1, place.spot.lessons, MARK, "t3", "m", room=room)


def _lessons(sketch: Sketch, desk: Desk, at_middle: Point, place: Place, at: Pointing) -> None:
    """The numbers of the lessons, each to be pressed by itself."""
    words = place.spot.lessons.split()
    widths = [sketch.measure(word, MARK_STRONG) for word in words]
    left, y = at_middle[0] - (sum(widths) + 16 * (len(words) - 1)) // 2, at_middle[1]
    for word, wide, command in zip(words, widths, place.spot.opens_lessons, strict=True):
        if command in (at.hover, at.pressed):
            sketch.box((left - 5, y - 10, wide + 10, 20), "s3", "t2", radius=4)
        sketch.text(left, y, word, MARK_STRONG, "t1" if place.there else "t2")
        sketch.button((left - 8, y - 12, wide + 16, 24), command, desk.tr("views.map.play"))
        left += wide + 16
