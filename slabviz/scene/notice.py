"""Pages without a stage: something is being read, cannot be played, has failed, or has no room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from slabviz.errors import Diagnostic, RuntimeStepError, ScenarioError, SlabvizError
from slabviz.scene.commands import Command, CopyReport
from slabviz.scene.display import Measure, Rect, Scene, Style
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import BODY, CODE, DIALOG, HEAD, LABEL, MARK, PANEL, STRONG
from slabviz.scene.widgets.button import Pointing, draw_button
from slabviz.scene.widgets.profile_card import wrapped

ROOMY = 0.5
"""A page scaled down below this cannot be read any more: then the window says so."""
_PAD = 32
_MOST = 6
"""Problems that are listed."""


class NoticeKind(Enum):
    """Which page; the value is its key in the catalogue."""

    LOADING = "loading"
    SMALL = "small"
    BROKEN = "broken"
    FAILED = "failed"


@dataclass(slots=True, frozen=True)
class Problem:
    """One thing that is wrong: ``place`` is file:line:column or empty, ``excerpt`` the line with a caret under it."""

    place: str
    message: str
    excerpt: str = ""


@dataclass(slots=True, frozen=True)
class Notice:
    """``name`` is what it is about; ``done`` of ``total`` steps while something is read (total 0: not known yet).

    ``keeps``: there is something else to go back to.
    """

    kind: NoticeKind
    name: str = ""
    done: int = 0
    total: int = 0
    problems: tuple[Problem, ...] = ()
    keeps: bool = False


def problems_of(error: SlabvizError) -> tuple[Problem, ...]:
    """What a source's error says, one by one, each with its place."""
    if isinstance(error, ScenarioError):
        return tuple(_of_diagnostic(each) for each in error.diagnostics)
    if isinstance(error, RuntimeStepError) and error.place is not None:
        return (Problem(str(error.place), str(error).removeprefix(f"{error.place}: ")),)
    return (Problem("", str(error)),)


def _of_diagnostic(each: Diagnostic) -> Problem:
    return Problem(str(each.place), each.head, each.details)


def notice_scene(
    page: tuple[int, int], scale: float, measure: Measure, tr: Translate, notice: Notice, hover: Command | None = None
) -> Scene:
    """The whole page, in unscaled px."""
    sketch = Sketch(measure)
    sketch.box((0, 0, *page), "bg")
    _DRAW[notice.kind](sketch, page, tr, notice, hover)
    pressed = [target for target in sketch.targets if target.command is not None]
    return Scene(page, scale, [], [], sketch.nodes, pressed)


def _loading(sketch: Sketch, page: tuple[int, int], tr: Translate, notice: Notice, hover: Command | None) -> None:
    """The stage's skeleton, a bar with what is done, and how to stop it."""
    _skeleton(sketch, page)
    x, y, w, _ = _panel(sketch, page, 560, 140)
    known = notice.total > 0
    sketch.text(x + 24, y + 32, tr("interact.window.loading", name=notice.name), HEAD, "t1", room=w - 48)
    bar = (x + 24, y + 56, w - 48, 16)
    sketch.box(bar, "s2", "line2", radius=4)
    share = min(notice.done, notice.total) / notice.total if known else 0.0
    sketch.box((bar[0] + 2, bar[1] + 2, int((bar[2] - 4) * share), 12), "cache", radius=2)
    text = tr("interact.window.counted", done=f"{notice.done:,}".replace(",", " "),
              total=f"{notice.total:,}".replace(",", " ")) if known else tr("interact.window.uncounted")  # fmt: skip
    sketch.text(x + 24, y + 100, text, MARK, "t1")
    sketch.text(x + w - 24, y + 100, tr("interact.window.cancel"), LABEL, "t2", "r")


def _skeleton(sketch: Sketch, page: tuple[int, int]) -> None:
    """Where the stage's parts will stand."""
    from slabviz.scene.layout.regions import regions

    at = regions(*page)
    for rect in (at.top_bar, at.strip, at.node, at.holders, at.memory, at.buddy, at.log, at.timeline):
        sketch.box(rect, "s2", radius=8)
    x, y, w, h = at.lanes
    tall = (h - 24 - 3 * 8) // 4
    for lane in range(4):
        sketch.box((x, y + 24 + lane * (tall + 8), w, tall), "s2", radius=8)


def _small(sketch: Sketch, page: tuple[int, int], tr: Translate, notice: Notice, hover: Command | None) -> None:
    """As large as there is room for: this page is as many units wide as the window has pixels."""
    room = page[0] - 16
    lines = [(line, STRONG) for line in wrapped(tr("interact.window.small"), room, sketch.measure)]
    why = tr("interact.window.small_why", width=page[0], height=page[1], least_width=notice.done,
             least_height=notice.total)  # fmt: skip
    lines += [(line, LABEL) for line in wrapped(why, room, sketch.measure)]
    top = max((page[1] - 20 * len(lines)) // 2, 0)
    for number, (line, style) in enumerate(lines):
        colour = "t1" if style is STRONG else "t2"
        sketch.text(page[0] // 2, top + 10 + 20 * number, line, style, colour, "m", room=room)


def _broken(sketch: Sketch, page: tuple[int, int], tr: Translate, notice: Notice, hover: Command | None) -> None:
    """The problems with their places and lines, and what to do."""
    wide = min(page[0] - 2 * _PAD, 1080)
    room = wide - 2 * _PAD
    rows = [(problem, _lines(problem, room, sketch)) for problem in notice.problems[:_MOST]]
    tall = 88 + sum(20 * len(lines) + 12 for _, lines in rows) + 44 + (28 if len(notice.problems) > 1 else 0)
    x, y, _, h = _panel(sketch, page, wide, min(tall, page[1] - 32))
    sketch.icon(x + _PAD, y + 40, "octagon", 24, "err", "ink")
    title = tr("interact.window.broken", name=notice.name)
    sketch.text(x + _PAD + 36, y + 40, title, DIALOG, "t1", room=room - 36)
    top = y + 76
    if len(notice.problems) > 1:
        sketch.text(x + _PAD, top + 8, tr("interact.window.problems", count=len(notice.problems)), BODY, "t2")
        top += 28
    for _, lines in rows:
        if top + 20 * len(lines) > y + h - 52:
            break
        for line, style, colour in lines:
            sketch.text(x + _PAD, top + 8, line, style, colour, room=room)
            top += 20
        top += 12
    foot = "interact.window.mend_open" if notice.keeps else "interact.window.mend"
    sketch.text(x + _PAD, y + h - 28, tr(foot), STRONG, "t1", room=room)


def _lines(problem: Problem, room: int, sketch: Sketch) -> list[tuple[str, Style, str]]:
    head = f"{problem.place}: {problem.message}" if problem.place else problem.message
    found: list[tuple[str, Style, str]] = [(line, BODY, "t1") for line in wrapped(head, room, sketch.measure)]
    return found + [(line.replace("\t", "    "), CODE, "t2") for line in problem.excerpt.splitlines()]


def _failed(sketch: Sketch, page: tuple[int, int], tr: Translate, notice: Notice, hover: Command | None) -> None:
    """A fault of ours: its message, and a report to hand on."""
    wide = min(page[0] - 2 * _PAD, 760)
    room = wide - 2 * _PAD
    problem = notice.problems[0]
    why = tr("interact.window.failed_why", kind=problem.place, message=problem.message)
    lines = wrapped(why, room, sketch.measure)[:6]
    x, y, _, h = _panel(sketch, page, wide, 150 + 20 * len(lines))
    sketch.icon(x + _PAD, y + 40, "octagon", 24, "err", "ink")
    sketch.text(x + _PAD + 36, y + 40, tr("interact.window.failed"), DIALOG, "t1", room=room - 36)
    for number, line in enumerate(lines):
        sketch.text(x + _PAD, y + 80 + 20 * number, line, BODY, "t1", room=room)
    word = tr("interact.window.copy_report")
    button = (x + _PAD, y + h - 56, sketch.measure(word, PANEL) + 32, 36)
    at = Pointing(hover, None, None)
    draw_button(sketch, button, CopyReport(), at, fill="cache")
    sketch.text(button[0] + button[2] // 2, button[1] + 18, word, PANEL, "onaccent", "m")
    sketch.text(x + wide - _PAD, button[1] + 18, tr("interact.window.back"), LABEL, "t2", "r")


def _panel(sketch: Sketch, page: tuple[int, int], wide: int, tall: int) -> Rect:
    rect = ((page[0] - wide) // 2, max((page[1] - tall) // 2, 8), wide, tall)
    sketch.box(rect, "s1", "line2", radius=12)
    return rect


_DRAW = {
    NoticeKind.LOADING: _loading,
    NoticeKind.SMALL: _small,
    NoticeKind.BROKEN: _broken,
    NoticeKind.FAILED: _failed,
}
