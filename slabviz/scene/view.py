"""What the viewer has chosen to see: everything of a frame that is neither in the run nor in the clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from slabviz.scene.commands import Command
from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.state import Key


@dataclass(slots=True, frozen=True)
class Tip:
    """A tooltip: lines of text (parted by newlines), beside a pointer at (x, y) in unscaled px.

    ``about`` is a thing of the stage whose card is shown under the text, as it is at the frame's tick.
    """

    x: int
    y: int
    text: str
    about: Key | None = None


@dataclass(slots=True, frozen=True)
class Menu:
    """The menu of a thing, beside a pointer at (x, y) in unscaled px; item ``marked`` is taken by Enter."""

    x: int
    y: int
    about: Key
    marked: int = 0


@dataclass(slots=True, frozen=True)
class Card:
    """The card of a thing that is kept on the page, its upper left corner at (x, y) in unscaled px."""

    about: Key
    x: int
    y: int


class Asked(Enum):
    """What the viewer is asked to type; the value is its name in the catalogue."""

    FIND = "find"
    TICK = "tick"


@dataclass(slots=True, frozen=True)
class Entry:
    """A line to type into. Of what was found, number ``marked`` is taken by Enter."""

    asked: Asked
    text: str = ""
    marked: int = 0


@dataclass(slots=True, frozen=True)
class Loop:
    """The range A–B in ticks; one end alone, until the other is set. ``on``: it is played over and over."""

    first: float | None = None
    last: float | None = None
    on: bool = False

    @property
    def range(self) -> tuple[float, float] | None:
        """Both ends, the earlier first, if both are set and apart."""
        if self.first is None or self.last is None or self.first == self.last:
            return None
        return min(self.first, self.last), max(self.first, self.last)


@dataclass(slots=True, frozen=True)
class ViewState:
    """``hover``, ``pressed`` and ``focus`` name a target by its command: under the pointer, held down, chosen by Tab.

    ``controls`` is off in headless pictures: then there is no button in the top bar.
    """

    cache: int | None = None
    """The cache on stage; None: the one the run opens with."""
    level: Level = Level.CACHE
    panel: Panel = Panel.HOLDERS
    selected: Selected | None = None
    """What the inspector shows; None: nothing has been chosen yet."""
    compare: bool = False
    """The two runs side by side instead of a level, where there is a second run."""
    group: str | None = None
    """The group of the overview whose small caches are listed; None: the busiest caches are."""
    scroll: int | None = None
    """First row that is seen of the inspector's list; None: where what is chosen is seen."""
    report: str = "slabinfo"
    """What the text view shows, by its name: one of ``report.reports.REPORTS``, or ``dmesg``."""
    page: int | None = None
    """Which page of a long text or table is open; one past the end is the last. None: the first one, or in a table of
    caches the one with the cache on stage."""
    speed: float = 1.0
    playing: bool = False
    at_end: bool = False
    """At the last tick play, forward and end are drawn off."""
    help_open: bool = False
    error_open: bool = False
    """Whether the error screen stands in the place of the level's own."""
    fix_open: bool = False
    """Whether the banner of an error says what would have been right."""
    error_closed: int | None = None
    """The error whose banner the viewer has closed, by its number."""
    hover: Command | None = None
    pressed: Command | None = None
    focus: Command | None = None
    tip: Tip | None = None
    message: str = ""
    """A short note over the transport ("saved fork-1284.png"), or empty."""
    controls: bool = True
    course: bool = False
    """Whether there is a list of lessons to go to."""
    menu: Menu | None = None
    entry: Entry | None = None
    cards: tuple[Card, ...] = ()
    """Cards that are kept, oldest first."""
    loop: Loop = Loop()
    follows_events: bool = False
    followed: Selected | None = None
    """The slab or object that is kept in sight."""
    panel_width: int | None = None
    """Width of the right column in unscaled px; None: as the page has it."""
    kept: frozenset[str] = frozenset()
    """What no story may turn, since it was asked for: names of ``shown.ASPECTS``."""
    reduced_motion: bool = False
    """How the switch for motion stands; what moves is for the composer to know."""
