"""A button: its looks when hovered, held down, chosen by the keyboard, switched on, or off."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Command
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.view import ViewState

RING = 4
"""How far the focus ring reaches beyond a button."""


@dataclass(slots=True, frozen=True)
class Pointing:
    """What of the view state a group of buttons depends on; other targets do not change their picture."""

    hover: Command | None
    pressed: Command | None
    focus: Command | None


def pointing(view: ViewState, commands: frozenset[Command]) -> Pointing:
    """Return who of ``commands`` is pointed at, so that a group is drawn again only when one of them is."""
    hover, pressed, focus = (it if it in commands else None for it in (view.hover, view.pressed, view.focus))
    return Pointing(hover, pressed, focus)


def draw_button(
    sketch: Sketch,
    rect: Rect,
    command: Command,
    at: Pointing,
    *,
    fill: Colour = "s2",
    stroke: Colour = "line",
    tip: str = "",
    off: bool = False,
    radius: int = 6,
) -> None:
    """Draw the ground of a button and make it a target unless it is off."""
    x, y, w, h = rect
    if not off and at.pressed == command:
        fill = "s3" if fill != "cache" else "part"
    if not off and command in (at.hover, at.pressed):
        stroke = "t2"
    sketch.box(rect, fill, stroke, radius=radius)
    if not off and at.focus == command:
        sketch.box((x - RING, y - RING, w + 2 * RING, h + 2 * RING), None, "focus", width=2, radius=radius + RING)
    if not off:
        sketch.button(rect, command, tip)
