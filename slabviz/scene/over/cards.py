"""Drawing the cards over a lesson, above the timeline: a question in the middle, recap and faults at the right."""

from __future__ import annotations

from slabviz.scene.commands import Answer, Close, Command, Rest, ShowCourse, TogglePlay, TurnLesson
from slabviz.scene.display import Colour, Node, Rect, Target
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, CODE, HEAD, LABEL, LABEL_STRONG, MARK_STRONG, PANEL
from slabviz.scene.over.state import Asking, Faults, Over, Recap
from slabviz.scene.start.flow import flowed
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import Pointing, draw_button

_PAD = 16
_BUTTON = 36
_LINE = 20
_CHOICE = 32
_WIDEST = 960
"""Of a question."""
_ABOVE = 8
"""Over the timeline."""
_MOST = 4
"""Problems that are listed."""


def over_nodes(desk: Desk, over: Over, view: ViewState) -> tuple[list[Node], list[Target]]:
    """What lies over the page, and what can be pressed in it."""
    sketch = Sketch(desk.measure)
    at = Pointing(view.hover, view.pressed, view.focus)
    if over.faults is not None:
        _faults(sketch, desk, over.faults)
    if over.asking is not None:
        _asking(sketch, desk, over.asking, at)
    elif over.recap is not None:
        _recap(sketch, desk, over.recap, at)
    return sketch.nodes, sketch.targets


def _ground(sketch: Sketch, rect: Rect, edge: Colour) -> None:
    """A press beside the card's buttons means nothing to what lies under it."""
    sketch.button(rect, Rest())
    sketch.box(rect, "s1", edge, width=2, radius=10)


def _bottom(desk: Desk) -> int:
    return desk.regions.timeline[1] - _ABOVE


def _recap(sketch: Sketch, desk: Desk, recap: Recap, at: Pointing) -> None:
    tr = desk.tr
    wide = min(440, desk.regions.page[0] - 32)
    tall = 140 + (_LINE if recap.asked else 0)
    x, y = desk.regions.page[0] - wide - 16, _bottom(desk) - tall
    _ground(sketch, (x, y, wide, tall), "cache")
    sketch.line(((x + _PAD, y + 24), (x + _PAD + 5, y + 29), (x + _PAD + 14, y + 17)), "free", width=3)
    title = tr("course.recap.title", lesson=recap.label, title=recap.title)
    sketch.text(x + _PAD + 24, y + 24, title, HEAD, "t1", room=wide - 2 * _PAD - 24)
    top = y + 52
    if recap.asked:
        sketch.text(x + _PAD, top, tr("course.recap.answers", right=recap.right, asked=recap.asked), BODY, "t2")
        top += _LINE
    words = tr("course.recap.next", lesson=recap.after) if recap.after else tr("course.recap.last")
    sketch.text(x + _PAD, top, words, BODY, "t1", room=wide - 2 * _PAD)
    row: list[tuple[Command, str]] = [(TurnLesson(1), "go")] if recap.after else []
    row += [(ShowCourse(), "course"), (Close(), "close")]
    left = x + _PAD
    for command, key in row:
        text = tr(f"course.recap.{key}")
        left = _button(sketch, (left, y + tall - _BUTTON - 14), command, text, at, main=command == row[0][0]) + 8


def _button(sketch: Sketch, spot: tuple[int, int], command: Command, text: str, at: Pointing, *, main: bool) -> int:
    """A button with a word; returns where it ends."""
    wide = sketch.measure(text, PANEL) + 28
    rect = (*spot, wide, _BUTTON)
    draw_button(sketch, rect, command, at, fill="cache" if main else "s2", stroke="line2")
    colour = "onaccent" if main else "t1"
    sketch.text(rect[0] + wide // 2, rect[1] + _BUTTON // 2, text, PANEL, colour, "m")
    return rect[0] + wide


def _asking(sketch: Sketch, desk: Desk, asking: Asking, at: Pointing) -> None:
    """Low, so that the stage that is asked about stays in sight: the answers stand in two columns."""
    page = desk.regions.page
    wide = min(_WIDEST, page[0] - 64)
    lines = flowed(asking.text, HEAD, wide - 2 * _PAD, 2, desk.measure)
    rows = (len(asking.choices) + 1) // 2
    tall = 44 + _LINE * len(lines) + 10 + rows * (_CHOICE + 6) + 8
    x, y = (page[0] - wide) // 2, _bottom(desk) - tall
    _ground(sketch, (x, y, wide, tall), "cache")
    sketch.text(x + _PAD, y + 24, desk.tr("course.ask.title"), LABEL_STRONG, "cache")
    if asking.controls:
        _go_on(sketch, desk, (x + wide - _PAD, y + 8), asking, at)
    for number, line in enumerate(lines):
        sketch.text(x + _PAD, y + 54 + number * _LINE, line, HEAD, "t1", room=wide - 2 * _PAD)
    column = (wide - 2 * _PAD - 8) // 2
    for number in range(len(asking.choices)):
        across, down = divmod(number, rows)
        left, top = x + _PAD + across * (column + 8), y + 54 + _LINE * len(lines) + down * (_CHOICE + 6)
        _choice(sketch, desk, (left, top, column, _CHOICE), asking, number, at)


def _choice(sketch: Sketch, desk: Desk, rect: Rect, asking: Asking, number: int, at: Pointing) -> None:
    """One answer. Once there is one, the right one has a tick and a wrong one a cross, and both say so."""
    x, y, w, h = rect
    told = asking.answered is not None and asking.right is not None
    right, mine = told and number == asking.right, told and number == asking.answered
    edge: Colour = "free" if right else "err" if mine else "line"
    fill: Colour = "freeF" if right else "errF" if mine else "s2"
    command = Answer(number)
    if told or not asking.controls:
        sketch.box(rect, fill, edge, width=2 if right or mine else 1, radius=6)
    else:
        draw_button(sketch, rect, command, at)
    middle = y + h // 2
    sketch.box((x + 10, middle - 11, 22, 22), "s3", "line2", radius=4)
    sketch.text(x + 21, middle, str(number + 1), MARK_STRONG, "t1", "m")
    end = x + w - 12
    if right or mine:
        word = desk.tr("course.ask.right" if right else "course.ask.wrong")
        end -= sketch.text(end, middle, word, LABEL_STRONG, "free" if right else "err", "r") + 24
        if right:
            sketch.line(((end, middle), (end + 5, middle + 5), (end + 14, middle - 6)), "free", width=2)
        else:
            sketch.icon(end, middle, "close", 16, "err")
        end -= 8
    sketch.text(x + 42, middle, asking.choices[number], BODY, "t1", room=end - x - 42)


def _go_on(sketch: Sketch, desk: Desk, spot: tuple[int, int], asking: Asking, at: Pointing) -> None:
    """The button that goes on without an answer or after it, its right end at ``spot``, and the keys beside it."""
    done = asking.answered is not None
    text = desk.tr("course.ask.on" if done else "course.ask.skip")
    wide = sketch.measure(text, PANEL) + 28
    _button(sketch, (spot[0] - wide, spot[1]), TogglePlay(), text, at, main=done)
    words = desk.tr("course.ask.keys_done" if done else "course.ask.keys", count=len(asking.choices))
    sketch.text(spot[0] - wide - 12, spot[1] + _BUTTON // 2, words, LABEL, "t2", "r")


def _faults(sketch: Sketch, desk: Desk, faults: Faults) -> None:
    """The mistakes of the file beside the last good scenario, which goes on."""
    wide = min(560, desk.regions.page[0] - 64)
    room = wide - 2 * _PAD
    rows: list[tuple[str, Colour, bool]] = []
    for problem in faults.problems[:_MOST]:
        place = problem.place.replace("\\", "/").rpartition("/")[2]  # a long folder would leave no room for the column
        head = f"{place}: {problem.message}" if place else problem.message
        rows += [(line, "t1", False) for line in flowed(head, BODY, room, 4, desk.measure)]
        rows += [(line, "t2", True) for line in _in_sight(problem.excerpt, room // desk.measure("0", CODE))]
    rows = rows[: (_bottom(desk) - desk.regions.caption[1] - 100) // _LINE]
    rest = len(faults.problems) - _MOST
    tall = 44 + _LINE * len(rows) + (_LINE if rest > 0 else 0) + 36
    x = desk.regions.page[0] - wide - 16
    y = max(_bottom(desk) - tall, desk.regions.caption[1])
    _ground(sketch, (x, y, wide, tall), "err")
    sketch.icon(x + _PAD, y + 24, "octagon", 20, "err", "ink")
    title = desk.tr("course.faults.title", name=faults.name, count=len(faults.problems))
    sketch.text(x + _PAD + 28, y + 24, title, HEAD, "t1", room=room - 28)
    for number, (line, colour, code) in enumerate(rows):
        sketch.text(x + _PAD, y + 54 + number * _LINE, line, CODE if code else BODY, colour, room=room)
    if rest > 0:
        sketch.text(x + _PAD, y + 54 + len(rows) * _LINE, desk.tr("course.faults.more", count=rest), LABEL, "t2")
    sketch.text(x + _PAD, y + tall - 20, desk.tr("course.faults.foot"), LABEL, "t2", room=room)


def _in_sight(excerpt: str, most: int) -> list[str]:
    """The line, its caret and the help, moved to the left where the caret would stand beyond ``most`` characters."""
    lines = [line.replace("\t", "    ") for line in excerpt.splitlines()[:3]]
    caret = next((line for line in lines if line.endswith("^")), "")
    gutter, away = caret.find("|") + 1, len(caret) - most + 2
    if not gutter or away <= 0:
        return lines
    return [line if line[gutter - 1 : gutter] != "|" else line[:gutter] + line[gutter + away :] for line in lines]
