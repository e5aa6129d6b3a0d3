"""Where everything of the start screen stands: the bar, the tabs, and the cards of the list before it is scrolled."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import Tier, metrics_for
from slabviz.scene.start.course import Course

GAP = 12
LEAST_CARD = 288
PICTURE = 84
CARD = 212
HEADING = 40
TABS = 36
FOOT = 28
_BAR = {Tier.COMPACT: 64, Tier.REGULAR: 72, Tier.LARGE: 80}
_EDGE = 16
"""Beside the list; the scroll bar stands in it."""


@dataclass(slots=True, frozen=True)
class Places:
    """``cards`` and ``headings`` by lesson id and by part, as if the list began at the page's upper edge."""

    page: tuple[int, int]
    bar: Rect
    tabs: Rect
    list: Rect
    foot: Rect
    columns: int
    headings: dict[str, Rect]
    cards: dict[str, Rect]
    height: int
    """Of the whole list, in px."""

    @property
    def last_top(self) -> int:
        """How far the list can be scrolled."""
        return max(self.height - self.list[3], 0)

    def top_of_part(self, part: str) -> int:
        """Scrolled so far, a part stands first."""
        return min(max(self.headings[part][1] - GAP // 2, 0), self.last_top)

    def top_showing(self, lesson: str, top: int) -> int:
        """The scroll nearest to ``top`` at which a whole card is seen, with its part's heading if it is in the first
        row."""
        _, y, _, h = self.cards[lesson]
        above = y - GAP
        if any(head[1] + head[3] == y for head in self.headings.values()):
            above -= HEADING
        return min(max(min(top, above), y + h + GAP - self.list[3]), self.last_top, max(above, 0))


def places(page: tuple[int, int], course: Course) -> Places:
    """Lay the screen out for a page of this size."""
    w, h = page
    bar = _BAR[metrics_for(w, h).tier]
    area = (0, bar + TABS, w, h - bar - TABS - FOOT)
    columns = max((w - 2 * _EDGE + GAP) // (LEAST_CARD + GAP), 1)
    wide = (w - 2 * _EDGE - GAP * (columns - 1)) // columns
    headings: dict[str, Rect] = {}
    cards: dict[str, Rect] = {}
    y = 0
    for group, lessons in course.groups:
        headings[group] = (_EDGE, y, w - 2 * _EDGE, HEADING)
        y += HEADING
        for number, lesson in enumerate(lessons):
            row, column = divmod(number, columns)
            cards[lesson.id] = (_EDGE + column * (wide + GAP), y + row * (CARD + GAP), wide, CARD)
        y += -(-len(lessons) // columns) * (CARD + GAP)
    return Places(page, (0, 0, w, bar), (0, bar, w, TABS), area, (0, h - FOOT, w, FOOT), columns, headings, cards, y)
