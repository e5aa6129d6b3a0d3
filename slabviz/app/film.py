"""From a run to a file: the frames of a film or a still, drawn one by one and handed to an exporter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slabviz.export import Clip, Format, Frame, check, format_of, webvtt, write
from slabviz.i18n import Catalogue
from slabviz.library import Studio
from slabviz.library.positions import check_not_empty, check_position, film_positions
from slabviz.scene.looks import Looks
from slabviz.scene.view import ViewState
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

DEFAULT_SIZE = (1280, 720)
DEFAULT_FPS = {Format.PNG: 1, Format.GIF: 20, Format.MP4: 30, Format.FOLDER: 30}
SAMPLES = 6
"""Pictures from all over a film that a GIF chooses its colours from."""

Watch = Callable[[Iterable[float], int], Iterable[float]]
"""Gives the positions on and counts them: where a progress bar goes."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What to write and where. ``at`` (ticks) is for a still, the others for films; None is the default.

    ``size`` is (width, height) in pixels, ``fps`` frames a second, ``speed`` 1 for 4 ticks a second, ``first`` and
    ``last`` ticks; ``looks`` and ``view`` say how it looks and what it shows.
    """

    out: Path
    size: tuple[int, int] = DEFAULT_SIZE
    fps: int | None = None
    speed: float = 1.0
    at: float | None = None
    first: float = 0
    last: float | None = None
    overwrite: bool = False
    looks: Looks = field(default_factory=Looks)
    view: ViewState = field(default_factory=ViewState)
    captions: Path | None = None
    """Where the caption track goes (``.vtt``), if one is wanted."""
    quiz: bool = False
    """Whether questions are shown, without their answers."""

    @property
    def rate(self) -> int:
        """Frames a second, the format's default where none was asked for."""
        return DEFAULT_FPS[format_of(self.out)] if self.fps is None else self.fps

    @property
    def is_still(self) -> bool:
        """True where one frame is written."""
        return format_of(self.out).is_still

    def check(self) -> None:
        """Refuse what cannot be written before anything is run or drawn. Raises UsageError, OutputError."""
        check(self.out, self.size, self.rate, self.overwrite)
        if self.captions is not None:
            webvtt.check(self.captions, self.overwrite)

    def positions(self, run: Run | Pair) -> list[float]:
        """The positions of all its frames; one for a still (default: the middle). Raises UsageError."""
        if self.is_still:
            return [check_position(run, run.last_tick // 2 if self.at is None else self.at)]
        return film_positions(run, self.rate, self.speed, self.first, self.last)


def shoot(run: Run, shot: Shot, watch: Watch | None = None, other: Run | None = None) -> int:
    """Draw and write ``shot`` of ``run``, whole or not at all, and say how many frames it has; with an ``other`` run
    of both side by side.

    Raises UsageError for a name, size, rate or tick that cannot be, SourceError for a run that holds nothing,
    OutputError where it cannot be written.
    """
    shot.check()
    check_not_empty(run)
    positions = shot.positions(run if other is None else Pair(run, check_not_empty(other)))
    studio = Studio(run, shot.size, shot.speed, shot.looks, shot.view, other, quiz=shot.quiz)
    watched = positions if watch is None else watch(positions, len(positions))
    track = webvtt.CaptionTrack(shot.rate, shot.looks.language, Catalogue(shot.looks.language).tr("layout.tick"))
    frames = map(studio.draw, watched) if shot.captions is None else _told(studio, watched, track)
    write(Clip(frames, shot.size, shot.rate, len(positions), _samples(studio, positions)), shot.out, shot.overwrite)
    if shot.captions is not None:
        webvtt.write(track, shot.captions, shot.overwrite)
    return len(positions)


def _told(studio: Studio, positions: Iterable[float], track: webvtt.CaptionTrack) -> Iterator[Frame]:
    """Draw frame by frame and note what each one's caption says."""
    for position in positions:
        frame = studio.draw(position)
        track.add(int(position), studio.caption)
        yield frame


def _samples(studio: Studio, positions: Sequence[float]) -> Iterator[Frame]:
    """Evenly from all over the film; drawn only for a format that asks for them."""
    last, picks = len(positions) - 1, min(SAMPLES, len(positions))
    for number in range(picks):
        yield studio.draw(positions[number * last // max(1, picks - 1)]).copy()
