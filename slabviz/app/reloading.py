"""Reading the source again: when somebody asks for it, and by itself when its files have changed on the disk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.app.opening import Stopped, read
from slabviz.app.picture import Picture
from slabviz.errors import SlabvizError
from slabviz.scene import commands as c
from slabviz.scene.layout.digits import grouped
from slabviz.scene.notice import Notice, NoticeKind, problems_of
from slabviz.scene.over.state import Faults
from slabviz.scene.view import Loop
from slabviz.timeline.playback import Playback
from slabviz.timeline.run import Run

if TYPE_CHECKING:
    from slabviz.app.player import Player

QUIET_SECONDS = 1.0
"""So long a change is read without a bar."""

def reload(player: Player, command: c.Reload) -> None:
    """Read the source again; when it cannot be read any more, the last good one stays."""
    if player.load is None:
        player.note("interact.note.no_reload")
        return
    try:
        run = read(player.window, player.page, player.picture.looks, player.name, player.load, player.now)
    except Stopped:
        player.redraw()
    except SlabvizError as error:
        player.playback.pause()
        player.notice = Notice(NoticeKind.BROKEN, player.name, problems=problems_of(error), keeps=True)
    else:
        take_over(player, run)


def follow_file(player: Player, now: float) -> None:
    """Show what the file says now, where it has changed; with mistakes in it the last good version stays on stage."""
    if player.watch is None or player.load is None or not player.watch.has_changed(now):
        return
    try:
        run = read(player.window, player.page, player.picture.looks, player.name, player.load, player.now,
                   patience=QUIET_SECONDS)  # fmt: skip
    except Stopped:
        player.redraw()
    except SlabvizError as error:
        player.beside.faults = Faults(player.name, problems_of(error))
    else:
        take_over(player, run)


def take_over(player: Player, run: Run) -> None:
    """Go on with another run at the same tick; the cache on stage is found by its name."""
    names = [each.name for each in run.config.caches]
    shown = player.run.config.caches[player.view.cache or 0].name
    cache = names.index(shown) if shown in names else run.about.stage_cache
    before, player.run = player.playback, run
    player.beside.takes_over(run)
    player.playback = Playback(run, speed=before.speed, stops=player.beside.quiz.stops)
    player.playback.seek(before.position)
    if before.playing:
        player.playback.play(backward=before.backward)
    player.story = player.story.goes_on(run, player.tick)
    player.picture = Picture(run, player.window.size, player.picture.looks)
    player.notice = player.other = None
    player.redraw()
    player.view = replace(
        player.view, compare=False, error_open=False, cache=cache, selected=None, followed=None, cards=(),
        loop=Loop(), focus=None,
    )  # fmt: skip
    player.note("interact.note.reloaded", tick=grouped(player.tick))
