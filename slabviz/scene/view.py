"""What the viewer has chosen to see: everything of a frame that is neither in the run nor in the clock."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Command
from slabviz.scene.levels import Level, Panel, Selected


@dataclass(slots=True, frozen=True)
class Tip:
    """A tooltip: lines of text (parted by newlines), beside a pointer at (x, y) in unscaled px."""

    x: int
    y: int
    text: str


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
    """What the text view shows, by its name in ``report.reports.REPORTS``."""
    page: int = 0
    """Which page of a long text or table is open; one past the end is the last."""
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
