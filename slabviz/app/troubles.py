"""What the player does about errors of the modelled kernel: their screen, their banner, what should have been done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.scene import commands as c

if TYPE_CHECKING:
    from slabviz.app.player import Player


def show_error(player: Player, command: c.ShowError) -> None:
    """Open the error screen, or close it."""
    player.view = replace(player.view, error_open=not player.view.error_open, fix_open=False)


def show_fix(player: Player, command: c.ShowFix) -> None:
    """What should have been called, or again what the kernel said."""
    player.view = replace(player.view, fix_open=not player.view.fix_open)


def close_error(player: Player, command: c.CloseError) -> None:
    """Take a banner away."""
    player.view = replace(player.view, error_closed=command.number, fix_open=False)


def close_banner(player: Player) -> None:
    """Take away the banner that is shown, if one is."""
    scene = player.picture.scene
    shown = (target.command for target in (scene.targets if scene is not None else []))
    closes = next((each for each in shown if isinstance(each, c.CloseError)), None)
    if closes is not None:
        close_error(player, closes)


TROUBLES: dict[type, Callable[..., None]] = {
    c.ShowError: show_error,
    c.ShowFix: show_fix,
    c.CloseError: close_error,
}
