"""The text view: a report as the kernel prints it at this tick, with the fields that have just changed marked."""

from __future__ import annotations

from slabviz.scene.commands import Command, ShowReport, TurnPage
from slabviz.scene.display import Rect, Style
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CODE, LABEL, MARK, STRONG
from slabviz.scene.lessons.frame import GAP, PAD, card, meanings
from slabviz.scene.lessons.paging import Pages, page_buttons, pages_of
from slabviz.scene.lessons.report_text import DMESG, TEXTS, Change, ReportText, report_text
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.button import RING, Pointing, draw_button, pointing
from slabviz.timeline.kernel_log import dmesg

_BUTTONS = 36
"""Height of the row of reports."""
_FOOT = 148
_PITCH = 20
_COMPACT_PITCH = 18
_MOST_PAGES = 100
"""More no reader turns."""


def text_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """The choice of reports, the text, and under it what changed and what the words mean."""
    x, y, w, h = rect
    report = sight.view.report
    if report == DMESG:
        return _printed_view(desk, rect, sight)
    found = report_text(sight, report)
    sheet = (x, y + _BUTTONS, w, h - _BUTTONS - _FOOT - GAP)
    pitch = _COMPACT_PITCH if desk.compact else _PITCH
    pages = pages_of(len(found.lines), (sheet[3] - _PITCH * 2 - PAD) // pitch, sight.view.page or 0)
    left, foot = (w * 2 // 5) & ~3, (y + h - _FOOT) & ~3
    changed, read = (x, foot, left, _FOOT), (x + left + GAP, foot, w - left - GAP, _FOOT)
    at = pointing(sight.view, frozenset([*map(ShowReport, TEXTS), *map(TurnPage, range(pages.count))]))

    def make(part: Part) -> None:
        block = desk.memo.block
        buttons = (x - RING, y - RING, w + 2 * RING, 28 + 2 * RING)
        block(part, ("reports",), buttons, (report, at), lambda sketch: _reports(sketch, desk, (x, y), report, at))
        inputs = (found, pages, at)
        block(part, ("text",), sheet, inputs, lambda sketch: _sheet(sketch, desk, sheet, pitch, found, pages, at))
        block(part, ("changed",), changed, (found.changes, sight.tick),
              lambda sketch: _changed(sketch, desk, changed, found, sight.tick))  # fmt: skip
        block(part, ("read",), read, report, lambda sketch: _read(sketch, desk, read, report))

    return [desk.memo.part(("text",), (rect, report, found, pages, at, sight.tick), make)]


def _printed_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """What the kernel has printed so far, the last lines first in sight. Read only when it is drawn: that is slow."""
    x, y, w, h = rect
    sheet = (x, y + _BUTTONS, w, h - _BUTTONS)
    pitch = _COMPACT_PITCH if desk.compact else _PITCH
    page, room = sight.view.page, (sheet[3] - _PITCH * 2 - PAD) // pitch
    at = pointing(sight.view, frozenset([*map(ShowReport, TEXTS), *map(TurnPage, range(_MOST_PAGES))]))

    def make(part: Part) -> None:
        lines = tuple(f"[{tick:>6}] {line}" for tick, _, line in dmesg(sight.run, sight.tick))
        pages = pages_of(len(lines), room, _MOST_PAGES if page is None else page)
        found = ReportText("dmesg", lines or (desk.tr("views.text.silent"),), ())
        buttons = (x - RING, y - RING, w + 2 * RING, 28 + 2 * RING)
        block = desk.memo.block
        block(part, ("reports",), buttons, (DMESG, at), lambda sketch: _reports(sketch, desk, (x, y), DMESG, at))
        block(part, ("text",), sheet, (found, pages, at),
              lambda sketch: _sheet(sketch, desk, sheet, pitch, found, pages, at))  # fmt: skip

    return [desk.memo.part(("printed",), (rect, sight.tick, page, at), make)]


def _reports(sketch: Sketch, desk: Desk, corner: tuple[int, int], chosen: str, at: Pointing) -> None:
    """A button for each report."""
    x, y = corner
    for name in TEXTS:
        wide = sketch.measure(name, STRONG) + 24
        command: Command = ShowReport(name)
        rect, is_chosen = (x, y, wide, 28), name == chosen
        draw_button(sketch, rect, command, at, fill="cacheF" if is_chosen else "s2",
                    stroke="cache" if is_chosen else "line", tip=desk.tr(f"views.text.shows.{name}"))  # fmt: skip
        sketch.text(x + wide // 2, y + 14, name, STRONG, "t1" if is_chosen else "t2", "m")
        x += wide + 8


def _sheet(
    sketch: Sketch, desk: Desk, rect: Rect, pitch: int, found: ReportText, pages: Pages, at: Pointing
) -> None:  # fmt: skip
    x, y, w, _ = rect
    sketch.box(rect, "s1", "line", radius=8)
    middle = y + _PITCH
    sketch.text(x + PAD, middle, "$", CODE, "t3")
    end = page_buttons(sketch, desk, x + w - PAD, middle, pages, at)
    sketch.text(x + PAD + 16, middle, found.command, CODE, "cache", room=end - x - PAD - 16)
    style = _style(sketch, found, w - 2 * PAD)
    top = y + _PITCH * 2
    marks: dict[int, list[Change]] = {}
    for change in found.changes:
        marks.setdefault(change.line, []).append(change)
    for row, number in enumerate(range(pages.first, pages.behind)):
        line = found.lines[number]
        if number == found.on_stage:
            sketch.box((x + 1, top + row * pitch, w - 2, pitch), "s2")
            sketch.box((x + 1, top + row * pitch, 4, pitch), "cache")
        for change in marks.get(number, ()):
            _mark(sketch, (x + PAD, top + row * pitch, pitch), line, change, style)
        colour = "t1" if any(sign.isdigit() for sign in line) and not line.startswith("#") else "t3"
        sketch.text(x + PAD, top + row * pitch + pitch // 2, line, style, colour, room=w - 2 * PAD)


def _style(sketch: Sketch, found: ReportText, room: int) -> Style:
    """The larger letters, unless a line would not fit."""
    return CODE if max((sketch.measure(line, CODE) for line in found.lines), default=0) <= room else MARK


def _mark(sketch: Sketch, place: tuple[int, int, int], line: str, change: Change, style: Style) -> None:
    """A box behind a field that has changed; the tooltip has both values."""
    x, y, pitch = place
    start, end = sketch.measure(line[: change.start], style), sketch.measure(line[: change.end], style)
    rect = (x + start - 3, y + 1, end - start + 6, pitch - 2)
    sketch.box(rect, "cacheF", "cache", radius=3)
    sketch.tip(rect, f"{change.name}\n{change.before} → {change.after}")


def _changed(sketch: Sketch, desk: Desk, rect: Rect, found: ReportText, tick: int) -> None:
    """The changed fields by name, old value and new."""
    x, y, w, h = rect
    count = len(found.changes)
    title, note = desk.tr("views.text.changed", count=count), desk.tr("views.text.since", tick=grouped(tick))
    top = card(sketch, rect, title, note)
    if not count:
        sketch.text(x + PAD, top + 10, desk.tr("views.text.unchanged"), LABEL, "t3", room=w - 2 * PAD)
        return
    rows = (h - (top - y) - 8) // _PITCH
    room = 2 * rows
    shown = found.changes[: room if count <= room else room - 1]
    wide = (w - PAD) // 2
    for number, change in enumerate(shown):
        left, middle = x + PAD + number // rows * wide, top + number % rows * _PITCH + 10
        values = f"{change.before} → {change.after}"
        right = left + wide - PAD
        taken = sketch.text(right, middle, values, MARK, "t1", "r", room=wide // 2)
        sketch.text(left, middle, change.name, LABEL, "t2", room=wide - PAD - taken - 8)
    if len(shown) < count:
        left, middle = x + PAD + wide, top + (rows - 1) * _PITCH + 10
        sketch.text(left, middle, desk.tr("layout.more", count=count - len(shown)), LABEL, "t3")


def _read(sketch: Sketch, desk: Desk, rect: Rect, report: str) -> None:
    """What the words of the report mean: "word: meaning" in each line of the catalogue's text."""
    x, y, w, h = rect
    top = card(sketch, rect, desk.tr("views.text.read"), desk.tr(f"views.text.shows.{report}"))
    pairs = [line.partition(": ")[::2] for line in desk.tr(f"views.text.words.{report}").splitlines()]
    columns = 1 if len(pairs) <= 5 else 2
    meanings(sketch, (x + PAD, top, w - 2 * PAD, h - (top - y) - 4), [(a, b) for a, b in pairs], columns=columns)
