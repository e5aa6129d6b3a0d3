"""Two runs side by side: the other one is run when it is asked for the first time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.errors import SlabvizError
from slabviz.scene import commands as c

if TYPE_CHECKING:
    from slabviz.app.player import Player


def toggle_compare(player: Player, command: c.ToggleCompare) -> None:
    """Both, or only the one again."""
    if player.view.compare:
        close_compare(player)
    else:
        open_compare(player)


def open_compare(player: Player) -> None:
    """Show both runs; say so where there is no other, or it cannot be run."""
    try:
        if player.other is None and player.rival is not None:
            player.other = player.rival()
    except SlabvizError as error:
        player.say(str(error))
    else:
        if player.other is None:
            player.note("compare.nothing")
        else:
            player.picture.compare_with(player.other)
            player.playback.other = player.other
    player.view = replace(player.view, compare=player.playback.other is not None)


def close_compare(player: Player) -> None:
    """Show the first run alone."""
    if player.view.compare:
        player.playback.other = None
        player.playback.seek(player.playback.position)
        player.view = replace(player.view, compare=False)
