"""What is on the page: cache, level, panel, choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.app.comparing import close_compare
from slabviz.app.deeds import look_at
from slabviz.scene import commands as c
from slabviz.scene.layout.regions import panel_room
from slabviz.scene.lessons import VIEWS as LESSONS
from slabviz.scene.levels import Level, Panel
from slabviz.scene.screens import levels

if TYPE_CHECKING:
    from slabviz.app.player import Player


def turn_edge(player: Player, command: c.DragPanel) -> None:
    """By keyboard: from the width of the page to the widest, and back."""
    widest = panel_room(*player.picture.composer.page)[1]
    wider = None if player.view.panel_width == widest else widest
    player.view = replace(player.view, panel_width=wider)


def next_cache(player: Player, command: c.NextCache) -> None:
    """In the order of their ids, round and round."""
    here = player.seen.cache or 0
    look_at(player, (here + command.step) % len(player.run.config.caches), None)


def show_cache(player: Player, command: c.ShowCache) -> None:
    """This one, by id."""
    look_at(player, command.cache, None)


def set_level(player: Player, command: c.SetLevel) -> None:
    """Nearer or farther, at once."""
    close_compare(player)
    player.view = replace(player.view, level=command.level, scroll=None, error_open=False)


def set_panel(player: Player, command: c.SetPanel) -> None:
    """What the right column shows."""
    player.view = replace(player.view, panel=command.panel, page=None)


def next_lesson(player: Player, command: c.NextLesson) -> None:
    """The next of the views that lessons need."""
    known = list(LESSONS)
    here = known.index(player.view.panel) if player.view.panel in known else -1
    player.view = replace(player.view, panel=known[(here + 1) % len(known)], level=Level.CACHE, page=None)


def show_report(player: Player, command: c.ShowReport) -> None:
    """What the kernel would print."""
    player.view = replace(player.view, panel=Panel.TEXT, report=command.report, page=None)


def turn_page(player: Player, command: c.TurnPage) -> None:
    """Another page of a long text or table."""
    player.view = replace(player.view, page=command.page)


def select(player: Player, command: c.Select) -> None:
    """What the inspector shows."""
    look_at(player, None, command.selected)


def zoom(player: Player, step: int) -> None:
    """To the next level that there is in this direction, if there is one."""
    known = levels()
    place = known.index(player.view.level) + step
    close_compare(player)
    if 0 <= place < len(known):
        player.view = replace(player.view, level=known[place], scroll=None)


def show_group(player: Player, command: c.ShowGroup) -> None:
    """Which group of the overview is listed."""
    player.view = replace(player.view, group=command.group)


def scroll(player: Player, rows: c.Rows | None, count: int) -> None:
    """Turn a list, as far as it goes."""
    if rows is not None:
        here = rows.first if player.view.scroll is None else player.view.scroll
        player.view = replace(player.view, scroll=min(max(here + count, 0), rows.last))


def scroll_open(player: Player, command: c.Scroll) -> None:
    """Turn the list that is open, if one is."""
    scene = player.picture.scene
    targets = scene.targets if scene is not None else []
    rows = next((each.command for each in targets if isinstance(each.command, c.Rows)), None)
    scroll(player, rows, command.rows)


VIEWS: dict[type, Callable[..., None]] = {
    c.DragPanel: turn_edge,
    c.NextCache: next_cache,
    c.ShowCache: show_cache,
    c.SetLevel: set_level,
    c.ShowGroup: show_group,
    c.PickOf: lambda player, command: player.obey(c.Choose(("holder", command.actor))),
    c.SetPanel: set_panel,
    c.NextLesson: next_lesson,
    c.ShowReport: show_report,
    c.TurnPage: turn_page,
    c.Scroll: scroll_open,
    c.Select: select,
    c.ZoomIn: lambda player, command: zoom(player, 1),
    c.ZoomOut: lambda player, command: zoom(player, -1),
    c.Fit: lambda player, command: set_level(player, c.SetLevel(levels()[0])),
}
