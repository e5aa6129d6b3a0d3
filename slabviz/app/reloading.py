"""Reading the source again: when somebody asks for it, and by itself when its files have changed on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
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

SECONDS = 0.5
"""Between two looks at the files."""
QUIET_SECONDS = 1.0
"""So long a change is read without a bar."""

Stamp = tuple[tuple[str, int, int], ...]


class Watch:
    """Looks now and then whether one of some files is another one than before: by its time and its size."""

    def __init__(self, files: Callable[[], Iterable[Path]]) -> None:
        """``files`` is asked anew each time: a file that is edited may include others than before."""
        self._files = files
        self._looked = 0.0
        self._stamp = self._now()

    def has_changed(self, now: float) -> bool:
        """Whether there is a change since the last one that was told; ``now`` in seconds."""
        if now - self._looked < SECONDS:
            return False
        self._looked = now
        before, self._stamp = self._stamp, self._now()
        return self._stamp != before

    def _now(self) -> Stamp:
        return tuple(_stamp(path) for path in self._files())


def _stamp(path: Path) -> tuple[str, int, int]:
    """A file that is away for a moment, while an editor replaces it, has neither time nor size."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size


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
