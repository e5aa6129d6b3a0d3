"""How the picture looks: theme, language, whether things fly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.i18n import languages
from slabviz.scene import commands as c
from slabviz.scene.looks import Looks
from slabviz.scene.theme import names as themes

if TYPE_CHECKING:
    from slabviz.app.player import Player


def next_looks(looks: Looks, command: object) -> Looks:
    """The next theme or language, round and round; as they are for any other command."""
    if command == c.NextTheme():
        return replace(looks, theme=_after(looks.theme, themes()))
    if command == c.NextLanguage():
        return replace(looks, language=_after(looks.language, languages()))
    return looks


def turn_looks(player: Player, command: c.NextTheme | c.NextLanguage) -> None:
    """The next theme or language."""
    player.dress(next_looks(player.picture.looks, command))


def toggle_motion(player: Player, command: c.ToggleMotion) -> None:
    """Let things fly, or not, and say which."""
    looks = player.picture.looks
    player.dress(replace(looks, reduced_motion=not looks.reduced_motion))
    player.note(f"interact.note.motion_{'on' if looks.reduced_motion else 'off'}")


def _after(chosen: str, names: tuple[str, ...]) -> str:
    return names[(names.index(chosen) + 1) % len(names)]


DRESSING: dict[type, Callable[..., None]] = {
    c.NextTheme: turn_looks,
    c.NextLanguage: turn_looks,
    c.ToggleMotion: toggle_motion,
}
