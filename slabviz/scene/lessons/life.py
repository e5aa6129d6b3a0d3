"""The life of the cache on stage: its states with the present one lit, what there is of it, what has happened (E1)."""

from __future__ import annotations

from slabviz.scene.commands import Command, Seek
from slabviz.scene.display import Colour, Point, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, STRONG, VALUE
from slabviz.scene.lessons.biography import Biography, Stage, biography
from slabviz.scene.lessons.frame import GAP, PAD, card
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.button import Pointing, pointing

_PLACES: dict[Stage, tuple[int, int]] = {
    Stage.NONE: (0, 0), Stage.OPENING: (1, 0), Stage.READY: (2, 0), Stage.IN_USE: (3, 0), Stage.CLOSING: (4, 0),
    Stage.GONE: (5, 0), Stage.SHRINKING: (3, 1), Stage.ZOMBIE: (5, 1),
}  # fmt: skip
"""Column and row of each state."""
_COLUMNS = 6
_WAYS: tuple[tuple[Stage, Stage, str], ...] = (
    (Stage.NONE, Stage.OPENING, "create"), (Stage.OPENING, Stage.READY, "listed"), (Stage.READY, Stage.IN_USE, "slab"),
    (Stage.IN_USE, Stage.CLOSING, "destroy"), (Stage.CLOSING, Stage.GONE, "empty"),
    (Stage.IN_USE, Stage.SHRINKING, "shrink"), (Stage.CLOSING, Stage.ZOMBIE, "left"),
)  # fmt: skip
_ROW = 26
_PARTS = ("struct", "node", "cpus", "listed", "slabs", "held")


def life_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """Three cards: the states, the parts, the events."""
    life = biography(sight.run, sight.machine, sight.cache, sight.tick)
    x, y, w, h = rect
    upper = min(h * 48 // 100, 300) & ~3
    states = (x, y, w, upper)
    left = (w * 2 // 5) & ~3
    parts = (x, y + upper + GAP, left, h - upper - GAP)
    deeds = (x + left + GAP, y + upper + GAP, w - left - GAP, h - upper - GAP)
    at = pointing(sight.view, frozenset(Seek(deed.tick) for deed in life.deeds))

    def make(part: Part) -> None:
        block = desk.memo.block
        shape = (life.name, life.stage, life.visited, life.at_boot)
        block(part, ("life", "states"), states, shape, lambda sketch: _states(sketch, desk, states, life))
        block(part, ("life", "parts"), parts, life, lambda sketch: _parts(sketch, desk, parts, life))
        block(part, ("life", "deeds"), deeds, (life, at), lambda sketch: _deeds(sketch, desk, deeds, life, at))

    return [desk.memo.part(("life",), (rect, life, at), make)]


def _states(sketch: Sketch, desk: Desk, rect: Rect, life: Biography) -> None:
    top = card(sketch, rect, life.name, desk.tr("views.life.boot" if life.at_boot else "views.life.states"))
    places = _places((rect[0], top, rect[2], rect[1] + rect[3] - top))
    for start, end, word in _WAYS:
        _way(sketch, desk, places, start, end, word, {start, end} <= life.visited)
    _return(sketch, desk, places, Stage.SHRINKING in life.visited)
    for stage, place in places.items():
        _state(sketch, desk, place, stage, life)


def _places(area: Rect) -> dict[Stage, Rect]:
    x, y, w, h = area
    wide, high = min(w * 10 // 100, 168), 52
    pitch = (w - 2 * PAD - wide) // (_COLUMNS - 1)
    rows = (y + 22, y + h - high - 14)
    return {stage: (x + PAD + column * pitch, rows[row], wide, high) for stage, (column, row) in _PLACES.items()}


def _state(sketch: Sketch, desk: Desk, rect: Rect, stage: Stage, life: Biography) -> None:
    x, y, w, h = rect
    looks: dict[str, tuple[Colour, Colour, Colour]] = {
        "now": ("cache", "cache", "onaccent"), "been": ("cacheF", "cache", "t1"), "not": ("s2", "line2", "t2"),
    }  # fmt: skip
    if stage is Stage.ZOMBIE:
        looks |= {"now": ("err", "err", "onalert"), "been": ("errF", "err", "t1")}
    when = "now" if stage is life.stage else "been" if stage in life.visited else "not"
    fill, stroke, ink = looks[when]
    if when == "now":
        sketch.box((x - 5, y - 5, w + 10, h + 10), stroke, alpha=50, radius=11)
    round_end = stage in (Stage.NONE, Stage.GONE)
    sketch.box(rect, fill, stroke, width=1.5, radius=h // 2 if round_end else 6, dash=(4, 3) if when == "not" else None)
    note = desk.tr(f"views.life.note.{stage.value}")
    title = y + h // 2 - (9 if note else 0)
    sketch.text(x + w // 2, title, desk.tr(f"views.life.stage.{stage.value}"), STRONG, ink, "m", room=w - 12)
    sketch.text(x + w // 2, y + h // 2 + 10, note, LABEL, ink if when == "now" else "t2", "m", room=w - 12)


def _way(
    sketch: Sketch, desk: Desk, places: dict[Stage, Rect], start: Stage, end: Stage, word: str, been: bool
) -> None:  # fmt: skip
    ax, ay, aw, ah = places[start]
    bx, by, bw, bh = places[end]
    colour: Colour = "cache" if been else "line2"
    text = desk.tr(f"views.life.way.{word}")
    if ay == by:
        _arrow(sketch, ((ax + aw, ay + ah // 2), (bx, by + bh // 2)), colour, been)
        _beside(sketch, ((ax + aw + bx) // 2, ay + ah // 2), text, bx - ax - aw - 8)
    elif ax == bx:
        _arrow(sketch, ((ax + aw // 3, ay + ah), (bx + bw // 3, by)), colour, been)
        sketch.text(ax + aw // 3 - 8, (ay + ah + by) // 2, text, LABEL, "t2", "r", room=2 * bw)
    else:
        _arrow(sketch, ((ax + aw // 2, ay + ah), (ax + aw // 2, by + bh // 2), (bx, by + bh // 2)), colour, been)
        sketch.text((ax + aw // 2 + bx) // 2, by + bh // 2 - 11, text, LABEL, "t2", "m", room=bx - ax - aw // 2 - 12)


def _beside(sketch: Sketch, middle: Point, text: str, room: int) -> None:
    """Over an arrow; in two lines where one is too narrow."""
    x, y = middle
    if sketch.measure(text, LABEL) <= room or " " not in text:
        sketch.text(x, y - 11, text, LABEL, "t2", "m", room=room)
        return
    words = text.split(" ")
    best = min(range(1, len(words)), key=lambda cut: max(
        sketch.measure(" ".join(words[:cut]), LABEL), sketch.measure(" ".join(words[cut:]), LABEL)))  # fmt: skip
    sketch.text(x, y - 11, " ".join(words[:best]), LABEL, "t2", "m", room=room)
    sketch.text(x, y + 11, " ".join(words[best:]), LABEL, "t2", "m", room=room)


def _arrow(sketch: Sketch, points: tuple[Point, ...], colour: Colour, been: bool) -> None:
    sketch.line(points, colour, width=2.5 if been else 1.2, radius=8, arrow=True)


def _return(sketch: Sketch, desk: Desk, places: dict[Stage, Rect], been: bool) -> None:
    """A shrunk cache goes on."""
    ax, ay, aw, _ = places[Stage.SHRINKING]
    _, by, _, bh = places[Stage.IN_USE]
    at = ax + aw * 2 // 3
    _arrow(sketch, ((at, ay), (at, by + bh)), "cache" if been else "line2", been)
    sketch.text(at + 8, (ay + by + bh) // 2, desk.tr("views.life.way.back"), LABEL, "t2", room=aw)


def _parts(sketch: Sketch, desk: Desk, rect: Rect, life: Biography) -> None:
    x, y, w, h = rect
    top = card(sketch, rect, desk.tr("views.life.parts"))
    there = {
        "struct": life.stage not in (Stage.NONE, Stage.GONE), "node": life.node, "cpus": life.cpus > 0,
        "listed": life.listed, "slabs": life.slabs > 0, "held": life.held > 0,
    }  # fmt: skip
    pitch = min((h - (top - y) - 8) // len(_PARTS), 32)
    for number, name in enumerate(_PARTS):
        middle = top + number * pitch + pitch // 2
        mark = (x + PAD, middle - 8, 16, 16)
        if there[name]:
            sketch.box(mark, "cache", radius=3)
        else:
            sketch.box(mark, None, "line2", radius=3, dash=(3, 2))
        text = desk.tr(f"views.life.part.{name}", cpus=life.cpus)
        wide = sketch.text(x + PAD + 26, middle, text, STRONG if there[name] else LABEL, "t1" if there[name] else "t2",
                           room=w - 2 * PAD - 26)  # fmt: skip
        value = _value(desk, life, name) if there[name] else desk.tr("views.life.absent")
        room = w - 2 * PAD - 26 - wide - 12
        sketch.text(x + w - PAD, middle, value, VALUE if name in ("slabs", "held") else LABEL, "t2", "r", room=room)


def _value(desk: Desk, life: Biography, name: str) -> str:
    if name == "slabs":
        return desk.tr("views.life.slabs", slabs=life.slabs, pages=life.pages)
    if name == "held":
        return grouped(life.held)
    return desk.tr("views.life.there")


def _deeds(sketch: Sketch, desk: Desk, rect: Rect, life: Biography, at: Pointing) -> None:
    """The last ones before now and the next ones; a press goes there."""
    x, y, w, h = rect
    top = card(sketch, rect, desk.tr("views.life.deeds"), desk.tr("views.life.press"))
    if not life.deeds:
        sketch.text(x + PAD, top + 10, desk.tr("views.life.nothing"), LABEL, "t3", room=w - 2 * PAD)
        return
    room = max((h - (top - y) - 6) // _ROW, 1)
    first = min(max(life.past - room // 2, 0), max(len(life.deeds) - room, 0))
    for row, deed in enumerate(life.deeds[first : first + room]):
        number = first + row
        place = (x + 6, top + row * _ROW, w - 12, _ROW)
        command: Command = Seek(deed.tick)
        is_last = number == life.past - 1
        if is_last:
            sketch.box(place, "cacheF", "cache", radius=4)
        if command in (at.hover, at.pressed, at.focus):
            sketch.box(place, None, "focus" if command == at.focus else "t2", radius=4)
        colour: Colour = "t1" if number < life.past else "t3"
        middle = place[1] + _ROW // 2
        sketch.text(x + PAD + 56, middle, grouped(deed.tick), MARK, colour, "r")
        text = desk.tr(f"views.life.deed.{deed.name}", arg=deed.arg)
        sketch.text(x + PAD + 72, middle, text, LABEL, colour, room=w - 2 * PAD - 76)
        sketch.button(place, command)
