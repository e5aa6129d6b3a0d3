"""Long texts and tables in pages."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import TurnPage
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL
from slabviz.scene.widgets.button import Pointing, draw_button

_BUTTON = (28, 24)


@dataclass(slots=True, frozen=True)
class Pages:
    """Page ``page`` of ``count`` (from 0) has the lines from ``first`` up to ``behind``."""

    page: int
    count: int
    first: int
    behind: int


def pages_of(lines: int, room: int, page: int) -> Pages:
    """The page that is open when ``room`` lines fit on one: the last one, if there are not so many any more."""
    room = max(room, 1)
    count = max(-(-lines // room), 1)
    page = min(max(page, 0), count - 1)
    return Pages(page, count, page * room, min((page + 1) * room, lines))


def page_buttons(sketch: Sketch, desk: Desk, right: int, middle: int, pages: Pages, at: Pointing) -> int:
    """Draw "‹ 1 of 3 ›" at the right end, if there is more than one page, and return where it begins."""
    if pages.count == 1:
        return right
    wide, high = _BUTTON
    top = middle - high // 2
    next_page, last_page = (pages.page + 1) % pages.count, (pages.page - 1) % pages.count
    _button(sketch, (right - wide, top, wide, high), next_page, "play", desk.tr("views.page.next"), at)
    text = desk.tr("views.page.place", page=pages.page + 1, count=pages.count)
    left = right - wide - 8 - sketch.text(right - wide - 8, middle, text, LABEL, "t2", "r") - 8 - wide
    _button(sketch, (left, top, wide, high), last_page, "rewind", desk.tr("views.page.last"), at)
    return left - 12


def _button(
    sketch: Sketch, rect: tuple[int, int, int, int], page: int, icon: str, tip: str, at: Pointing
) -> None:  # fmt: skip
    x, y, w, h = rect
    draw_button(sketch, rect, TurnPage(page), at, tip=tip)
    sketch.icon(x + (w - 12) // 2, y + h // 2, icon, 12, "t1")
