"""What a viewer can ask for: the vocabulary between keys, clicks and the player.

A target of the picture carries one of these, the key map turns keys into them, the player obeys. They are plain values:
two equal commands are the same wish, so a hovered button is found by its command.

The file is long because it is one list, a few lines a wish, and whoever adds one looks for it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from slabviz.scene.layout.cellgrid import Grid
from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.state import Key


class _Plain:
    """A command that needs no more words: all of a kind are equal."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class TogglePlay(_Plain):
    """Play, or pause."""


class PlayBackward(_Plain):
    """Play towards the beginning."""


@dataclass(slots=True, frozen=True)
class StepTick:
    """Go ``count`` ticks forward, back when negative; playing stops."""

    count: int


@dataclass(slots=True, frozen=True)
class StepEvent:
    """Go to the next tick that holds an event of the cache on stage, ``count`` times; back when negative."""

    count: int


@dataclass(slots=True, frozen=True)
class StepChapter:
    """Go ``count`` chapters forward, back when negative."""

    count: int


@dataclass(slots=True, frozen=True)
class Seek:
    """Go to a tick."""

    tick: int


@dataclass(slots=True, frozen=True)
class Scrub:
    """A press on the timeline: the tick depends on where, and the pointer may be dragged on from there.

    ``left`` and ``width`` are the strip in unscaled px, ``last_tick`` is at its right end.
    """

    left: int
    width: int
    last_tick: int

    def tick_at(self, x: float) -> float:
        """Return the position in ticks under the pointer, never outside the run."""
        share = (x - self.left) / max(self.width, 1)
        return min(max(share, 0.0), 1.0) * self.last_tick


class Home(_Plain):
    """Go to the first tick."""


class End(_Plain):
    """Go to the last tick."""


@dataclass(slots=True, frozen=True)
class SetSpeed:
    """Play at this speed; 1 is 4 ticks a second."""

    speed: float


class Faster(_Plain):
    """Take the next higher of the speeds."""


class Slower(_Plain):
    """Take the next lower of the speeds."""


@dataclass(slots=True, frozen=True)
class NextCache:
    """Put the next cache on stage."""

    step: int = 1


@dataclass(slots=True, frozen=True)
class ShowCache:
    """Put a cache on stage, by id."""

    cache: int


@dataclass(slots=True, frozen=True)
class SetLevel:
    """Go nearer or farther, to this level."""

    level: Level


@dataclass(slots=True, frozen=True)
class ShowGroup:
    """List the small caches of a group of the overview; None: the busiest caches again."""

    group: str | None


@dataclass(slots=True, frozen=True)
class SetPanel:
    """Show something else in the right column."""

    panel: Panel


class NextLesson(_Plain):
    """Show the next of the views that lessons need; from the stage, the first."""


@dataclass(slots=True, frozen=True)
class ShowReport:
    """Show a report in the text view, by name."""

    report: str


@dataclass(slots=True, frozen=True)
class TurnPage:
    """Open this page of a long text or table."""

    page: int


@dataclass(slots=True, frozen=True)
class Select:
    """Choose a slab or an object; the inspector follows."""

    selected: Selected


@dataclass(slots=True, frozen=True)
class Choose:
    """Choose the thing that stands at a place of the stage, by the key of the place (``state.Key``)."""

    key: Key


@dataclass(slots=True, frozen=True)
class Open:
    """Choose a thing and go nearer to it."""

    key: Key


@dataclass(slots=True, frozen=True)
class CopyAddress:
    """Put the address of a thing on the clipboard; None: of what is pointed at, focused or chosen."""

    key: Key | None = None


@dataclass(slots=True, frozen=True)
class KeepCard:
    """Keep the card of a thing on the page, or take it away again; None as with ``CopyAddress``."""

    key: Key | None = None


@dataclass(slots=True, frozen=True)
class FollowThing:
    """Keep an object or slab in sight, or stop doing so; None as with ``CopyAddress``."""

    key: Key | None = None


class FollowEvents(_Plain):
    """Let the view follow what happens, or stop doing so."""


@dataclass(slots=True, frozen=True)
class ShowMenu:
    """Open the menu of a thing; None as with ``CopyAddress``."""

    key: Key | None = None


class Find(_Plain):
    """Ask for a cache, somebody, or an address to go to."""


class GoToTick(_Plain):
    """Ask for a tick to go to."""


@dataclass(slots=True, frozen=True)
class TakeHit:
    """Go to what was found, by its number in the list."""

    number: int


class LoopFrom(_Plain):
    """The range A–B begins here."""


class LoopTo(_Plain):
    """The range A–B ends here."""


class ToggleLoop(_Plain):
    """Play the range A–B over and over, or stop doing so."""


@dataclass(slots=True, frozen=True)
class DragPanel:
    """A press on the edge of the right column, which can be dragged; ``right`` is the column's other edge."""

    right: int


@dataclass(slots=True, frozen=True)
class DragCard:
    """A press on a kept card, which can be dragged; (x, y) is where it stands, in unscaled px."""

    key: Key
    x: int
    y: int


class Fit(_Plain):
    """Show everything: the level farthest away."""


class Reload(_Plain):
    """Read the scenario again and stay at this tick."""


class CopyReport(_Plain):
    """Put the report of a failure on the clipboard."""


@dataclass(slots=True, frozen=True)
class Pick:
    """A press on a slab: which of its objects is chosen depends on where; without a place, the slab itself."""

    slab: int
    grid: Grid

    def at(self, x: int, y: int) -> Selected:
        """Return what lies under the pointer, in unscaled px."""
        return Selected(self.slab, self.grid.index_at(x, y))


@dataclass(slots=True, frozen=True)
class PickOf:
    """Choose an object of the cache on stage that somebody holds; asked again, the next of his."""

    actor: int


@dataclass(slots=True, frozen=True)
class Rows:
    """A list that the wheel turns: it begins with row ``first``, and can begin with row ``last`` at most."""

    first: int
    last: int


@dataclass(slots=True, frozen=True)
class Scroll:
    """Turn the list that is open by ``rows``, down when positive."""

    rows: int


class ZoomIn(_Plain):
    """Open what is chosen: one level nearer."""


class ZoomOut(_Plain):
    """Go one level up."""


class ShowError(_Plain):
    """Open the error screen, or close it when it is open."""


class ShowFix(_Plain):
    """Say what should have been called, or again what the kernel said."""


@dataclass(slots=True, frozen=True)
class CloseError:
    """Take the banner of an error away; ``number`` says of which."""

    number: int


class ToggleCompare(_Plain):
    """Show two runs side by side, or only the one again."""


class NextTheme(_Plain):
    """Change from dark to light, or back."""


class NextLanguage(_Plain):
    """Speak the next language."""


class ToggleMotion(_Plain):
    """Let things fly, or not."""


class ShowHelp(_Plain):
    """Open the help, or close it when it is open."""


class Close(_Plain):
    """Close what lies over the stage (menu, entry, help), and let go of the focus."""


@dataclass(slots=True, frozen=True)
class NextTarget:
    """Give the focus to the next thing that can be pressed; to the one before when ``step`` is -1."""

    step: int = 1


class Press(_Plain):
    """Press what has the focus."""


class ShowCourse(_Plain):
    """Leave what is played for the course: the start screen with all lessons."""


@dataclass(slots=True, frozen=True)
class OpenLesson:
    """Play a lesson, by its id or name."""

    lesson: str


@dataclass(slots=True, frozen=True)
class TurnLesson:
    """Play the lesson ``step`` places further in the course."""

    step: int = 1


@dataclass(slots=True, frozen=True)
class ShowPart:
    """Turn the list of lessons to a part of the course, by its letter."""

    part: str


class AskFile(_Plain):
    """Ask for the path of a file to play."""


@dataclass(slots=True, frozen=True)
class Answer:
    """Answer the question that is asked with this choice, counted from 0."""

    choice: int


class Rest(_Plain):
    """A press on a card beside its buttons: it means nothing, also not to what lies under the card."""


class FullScreen(_Plain):
    """Fill the screen, or go back to a window."""


class Screenshot(_Plain):
    """Write the frame to a file."""


class Quit(_Plain):
    """End the program."""


Command: TypeAlias = (
    TogglePlay
    | PlayBackward
    | StepTick
    | StepEvent
    | StepChapter
    | Seek
    | Scrub
    | Home
    | End
    | SetSpeed
    | Faster
    | Slower
    | NextCache
    | ShowCache
    | SetLevel
    | ShowGroup
    | SetPanel
    | NextLesson
    | ShowReport
    | TurnPage
    | Select
    | Choose
    | Open
    | CopyAddress
    | KeepCard
    | FollowThing
    | FollowEvents
    | ShowMenu
    | Find
    | GoToTick
    | TakeHit
    | LoopFrom
    | LoopTo
    | ToggleLoop
    | DragPanel
    | DragCard
    | Fit
    | Reload
    | CopyReport
    | Pick
    | PickOf
    | Rows
    | Scroll
    | ZoomIn
    | ZoomOut
    | ShowError
    | ShowFix
    | CloseError
    | ToggleCompare
    | NextTheme
    | NextLanguage
    | ToggleMotion
    | ShowHelp
    | Close
    | NextTarget
    | Press
    | ShowCourse
    | OpenLesson
    | TurnLesson
    | ShowPart
    | AskFile
    | Answer
    | Rest
    | FullScreen
    | Screenshot
    | Quit
)

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 100.0)
"""The speeds that can be chosen, as multiples of 4 ticks a second."""
