"""The hand on the pointer: presses, drags, double clicks, the second button, the wheel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from slabviz.app.deeds import set_loop, show_menu
from slabviz.app.pointer import Dragged, rows_at
from slabviz.app.views import scroll
from slabviz.scene import commands as c
from slabviz.scene.commands import Command
from slabviz.scene.layout.regions import panel_room
from slabviz.scene.things import selected_of
from slabviz.scene.view import Loop
from slabviz.window import MenuRequest, PointerDown, PointerMove, PointerUp, Wheel

if TYPE_CHECKING:
    from slabviz.app.player import Player

TICKS_PER_NOTCH = 1
ROWS_PER_NOTCH = 3
ZOOM_SECONDS = 0.3
"""A wheel that goes on turning zooms one level in this time."""


def moved(player: Player, at: PointerMove) -> None:
    """The pointer is somewhere else; what is held goes with it."""
    player.pointer.move(player.picture, at.x, at.y, player.now())
    dragged = player.pointer.dragged
    if dragged is not None:
        drag(player, dragged)


def drag(player: Player, dragged: Dragged) -> None:
    """What is held follows the pointer."""
    command, x = dragged.command, player.pointer.x
    if isinstance(command, c.DragPanel):
        least, most = panel_room(*player.picture.composer.page)
        player.view = replace(player.view, panel_width=min(max(command.right - x, least), most))
    elif isinstance(command, c.DragCard):
        left, top = x - dragged.grip[0], player.pointer.y - dragged.grip[1]
        cards = (replace(each, x=left, y=top) if each.about == command.key else each for each in player.view.cards)
        player.view = replace(player.view, cards=tuple(cards))
    elif dragged.range_from is None:
        player.playback.seek(command.tick_at(x))
    else:
        first, last = sorted((dragged.range_from, float(round(command.tick_at(x)))))
        if first < last:
            set_loop(player, Loop(first, last, player.view.loop.on))


def down(player: Player, at: PointerDown) -> None:
    """The timeline and the edge of the right column can be taken hold of; all else is pressed."""
    pointer = player.pointer
    pointer.move(player.picture, at.x, at.y, player.now())
    over = pointer.over
    command = None if over is None else over.command
    if isinstance(command, c.DragCard):
        pointer.dragged = Dragged(command, grip=(pointer.x - command.x, pointer.y - command.y))
    elif isinstance(command, c.Scrub | c.DragPanel):
        start = float(round(command.tick_at(pointer.x))) if isinstance(command, c.Scrub) and at.shift else None
        pointer.dragged = Dragged(command, start)
        if isinstance(command, c.Scrub) and start is None:
            drag(player, pointer.dragged)
    else:
        pointer.pressed, pointer.pressed_thing = over, pointer.thing
        player.view = replace(player.view, focus=None)


def up(player: Player, at: PointerUp) -> None:
    """What was pressed and is still under the pointer is done, or chosen."""
    pointer = player.pointer
    pointer.move(player.picture, at.x, at.y, player.now())
    pressed, thing = pointer.pressed, pointer.pressed_thing
    dragged, pointer.pressed, pointer.pressed_thing, pointer.dragged = pointer.dragged, None, None, None
    if dragged is not None:
        return
    command = None if pressed is None else cast("Command | None", pressed.command)
    under = pointer.hover
    if isinstance(command, c.Pick) and under == command:
        command = under = c.Select(command.at(pointer.x, pointer.y))
    if command is not None and under == command:
        player.obey(command)
    elif command is None and thing is not None and pointer.thing == thing:
        player.obey(c.Choose(thing))
    else:
        return
    double(player, thing, command)


def double(player: Player, thing: object, command: Command | None) -> None:
    """The second of two clicks on a thing, or on what stands in the middle of another level, looks inside."""
    top, bottom = player.picture.stage
    inside = top <= player.pointer.y < bottom and not player.picture.is_covered
    button = isinstance(command, c.SetPanel | c.NextCache | c.Seek | c.KeepCard)
    if inside and not button and player.pointer.is_double(player.now(), thing or command):
        key = player.pointer.thing
        player.obey(c.ZoomIn() if key is None or selected_of(key) is None else c.Open(key))


def menu(player: Player, at: MenuRequest) -> None:
    """The menu of the thing under the pointer."""
    player.view = replace(player.view, menu=None)
    player.picture.is_covered = player.view.help_open or player.view.entry is not None
    player.pointer.move(player.picture, at.x, at.y, player.now())
    thing = player.pointer.thing
    if thing is not None and thing[0] != "tick":
        show_menu(player, c.ShowMenu(thing))


def wheel(player: Player, turn: Wheel) -> None:
    """Through time over the timeline; elsewhere nearer and farther, to the thing under the pointer."""
    player.pointer.move(player.picture, turn.x, turn.y, player.now())
    if isinstance(player.pointer.hover, c.Scrub | c.Seek):
        player.playback.step_ticks(-turn.notches * TICKS_PER_NOTCH)
    elif (rows := rows_at(player.picture.scene, player.pointer.x, player.pointer.y)) is not None:
        scroll(player, rows, -turn.notches * ROWS_PER_NOTCH)
    elif not player.picture.is_covered and turn.notches and player.now() - player.zoomed >= ZOOM_SECONDS:
        player.zoomed = player.now()
        thing = player.pointer.thing
        opens = turn.notches > 0 and thing is not None and selected_of(thing) is not None
        player.obey(c.Open(thing) if opens and thing is not None else c.ZoomIn() if turn.notches > 0 else c.ZoomOut())
