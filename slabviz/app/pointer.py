"""The pointer: what lies under it, what is pressed, dragged or hovered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from slabviz.scene.commands import Command, Rows, Scrub
from slabviz.scene.display import Scene, Target

HOVER_SECONDS = 0.3


@dataclass(slots=True)
class Pointer:
    """Positions are unscaled units of the page."""

    x: int = -1
    y: int = -1
    pressed: Target | None = None
    scrubbing: Scrub | None = None
    since: float = 0.0
    """When it came to rest on what it is over (seconds of the player's clock)."""
    over: Target | None = None

    def move(self, scene: Scene | None, x: int, y: int, now: float) -> None:
        """Go to a place of the window, given in pixels."""
        scale = scene.scale if scene is not None else 1.0
        self.x, self.y = int(x / scale), int(y / scale)
        found = target_at(scene, self.x, self.y)
        if found is None or self.over is None or found.command != self.over.command:
            self.since = now
        self.over = found

    def tip_due(self, now: float) -> bool:
        """Whether it has rested long enough on something that has a tooltip."""
        return self.over is not None and bool(self.over.tip) and now - self.since >= HOVER_SECONDS

    @property
    def hover(self) -> Command | None:
        """The command under it."""
        return None if self.over is None else cast("Command", self.over.command)


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
