"""The pointer: what lies under it, what is pressed, dragged or hovered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from slabviz.scene.commands import (
    Answer,
    Command,
    DragCard,
    DragPanel,
    KeepCard,
    Rest,
    Rows,
    Scrub,
    ShowCourse,
    TurnLesson,
)
from slabviz.scene.display import Scene, Target
from slabviz.scene.state import Key
from slabviz.scene.view import Tip

if TYPE_CHECKING:
    from slabviz.app.picture import Picture

_ON_CARDS = (KeepCard, DragCard, Rest, Answer, TurnLesson, ShowCourse)
"""What is pressed on cards that lie over the stage."""

HOVER_SECONDS = 0.3
DOUBLE_SECONDS = 0.4
"""Two clicks within this time on the same thing are one double click."""


@dataclass(slots=True, frozen=True)
class Dragged:
    """What is being dragged: the playhead, the range A–B from a tick on, a card, or the right column's edge."""

    command: Scrub | DragPanel | DragCard
    range_from: float | None = None
    grip: tuple[int, int] = (0, 0)
    """Where in a card it was taken hold of."""


@dataclass(slots=True)
class Pointer:
    """Positions are unscaled units of the page."""

    x: int = -1
    y: int = -1
    pressed: Target | None = None
    pressed_thing: Key | None = None
    dragged: Dragged | None = None
    since: float = 0.0
    """When it came to rest on what it is over (seconds of the player's clock)."""
    over: Target | None = None
    thing: Key | None = None
    """The thing of the stage that it is over; a tick, where it is over the timeline."""
    clicked: tuple[float, object] | None = None
    """When and on what the last click was."""

    def move(self, picture: Picture, x: int, y: int, now: float) -> None:
        """Go to a place of the window, given in pixels."""
        scene = picture.scene
        scale = scene.scale if scene is not None else 1.0
        self.x, self.y = int(x / scale), int(y / scale)
        before = self.over, self.thing
        self.over = target_at(scene, self.x, self.y)
        self.thing = self._thing(picture)
        if before != (self.over, self.thing):
            self.since = now

    def _thing(self, picture: Picture) -> Key | None:
        over = self.over
        if over is not None and isinstance(over.command, Scrub):
            return "tick", int(over.command.tick_at(self.x))
        covered = over is not None and isinstance(over.command, _ON_CARDS)
        return None if covered or picture.is_covered else picture.composer.thing_at(self.x, self.y)

    def tip(self, now: float) -> Tip | None:
        """The tooltip, once it has rested long enough on something that has one."""
        if now - self.since < HOVER_SECONDS or self.pressed is not None or self.dragged is not None:
            return None
        text = self.over.tip if self.over is not None else ""
        if self.thing is None:
            return Tip(self.x, self.y, text) if text else None
        over = self.over
        is_cut_text = over is not None and over.command is None and "\n" not in text and over.rect[3] == 24
        return Tip(self.x, self.y, text if is_cut_text else "", self.thing)

    def waits(self, now: float) -> float | None:
        """Seconds until a tooltip is due; None when none will be."""
        if self.over is None and self.thing is None:
            return None
        left = self.since + HOVER_SECONDS - now
        return left if left > 0 else None

    def is_double(self, now: float, what: object) -> bool:
        """Whether a click on something is the second of two; the first is remembered."""
        last, self.clicked = self.clicked, (now, what)
        if last is None or last[1] != what or now - last[0] > DOUBLE_SECONDS:
            return False
        self.clicked = None
        return True

    @property
    def hover(self) -> Command | None:
        """The command under it."""
        return None if self.over is None else cast("Command | None", self.over.command)


def target_at(scene: Scene | None, x: int, y: int) -> Target | None:
    """The topmost target at a place, in unscaled units."""
    for target in reversed(scene.targets if scene is not None else []):
        left, top, width, height = target.rect
        if left <= x < left + width and top <= y < top + height:
            return target
    return None


def rows_at(scene: Scene | None, x: int, y: int) -> Rows | None:
    """The list under a place, also where something in it can be pressed."""
    for target in reversed(scene.targets if scene is not None else []):
        left, top, width, height = target.rect
        if isinstance(target.command, Rows) and left <= x < left + width and top <= y < top + height:
            return target.command
    return None
