"""From a run to a file: which frames are drawn, in which order, and what is refused before any is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PIL import Image

from slabviz.app import film
from slabviz.app.film import Shot, shoot
from slabviz.errors import OutputError, SourceError, UsageError
from slabviz.export import Frame
from slabviz.scene.looks import Looks
from slabviz.scene.state import Caption
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run

RUN = cast(Run, SimpleNamespace(last_tick=40))
SIZE = (64, 48)


class Slate:
    """A studio whose frames show their position as brightness."""

    drawn: list[float]

    def __init__(
        self, run: Run, size: tuple[int, int], speed: float, looks: Looks, view: ViewState, other: Run | None, *,
        quiz: bool,
    ) -> None:  # fmt: skip
        self.size = size

    def draw(self, position: float) -> Frame:
        """A picture whose every channel is 5 times the tick."""
        self.drawn.append(position)
        return np.full((self.size[1], self.size[0], 4), round(position * 5), np.uint8)


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The positions that were drawn, in order."""
    monkeypatch.setattr(Slate, "drawn", [], raising=False)
    monkeypatch.setattr(film, "Studio", Slate)
    return Slate.drawn


def brightness(path: Path) -> int:
    with Image.open(path) as picture:
        return int(np.asarray(picture.convert("RGB"))[0, 0, 0])


def test_a_still_shows_its_tick_or_the_middle(tmp_path: Path, drawn: list[float]) -> None:
    assert shoot(RUN, Shot(tmp_path / "a.png", SIZE, at=7.4)) == 1
    assert brightness(tmp_path / "a.png") == 37
    shoot(RUN, Shot(tmp_path / "b.png", SIZE))
    assert drawn == [7.4, 20]


def test_a_folder_has_the_frames_of_its_part_in_order(tmp_path: Path) -> None:
    count = shoot(RUN, Shot(tmp_path / "frames", SIZE, fps=8, speed=2, first=10, last=12))
    assert count == 3
    stills = sorted((tmp_path / "frames").iterdir())
    assert [brightness(path) for path in stills] == [50, 55, 60]


def test_only_a_gif_draws_samples_first(tmp_path: Path, drawn: list[float]) -> None:
    shoot(RUN, Shot(tmp_path / "frames", SIZE, fps=4, last=2))
    assert drawn == [0, 1, 2]
    drawn.clear()
    shoot(RUN, Shot(tmp_path / "film.gif", SIZE, fps=4, last=2))
    assert drawn == [0, 0, 1, 2, 1, 2], "the first frame, then the samples, then the others"
    with Image.open(tmp_path / "film.gif") as shown:
        assert getattr(shown, "n_frames", 0) == 3


def test_a_run_that_holds_nothing_is_refused(tmp_path: Path, drawn: list[float]) -> None:
    with pytest.raises(SourceError, match="nothing to show"):
        shoot(cast(Run, SimpleNamespace(last_tick=-1)), Shot(tmp_path / "a.png", SIZE))
    assert drawn == []


def test_progress_sees_every_position(tmp_path: Path) -> None:
    seen: list[tuple[list[float], int]] = []

    def watch(positions: object, count: int) -> list[float]:
        seen.append((list(cast(list[float], positions)), count))
        return seen[-1][0]

    shoot(RUN, Shot(tmp_path / "frames", SIZE, fps=4, last=2), watch)
    assert seen == [([0, 1, 2], 3)]


@pytest.mark.parametrize(
    ("shot", "error"),
    [
        (Shot(Path("x.png"), SIZE, at=41), UsageError),
        (Shot(Path("x.gif"), SIZE, first=30, last=20), UsageError),
        (Shot(Path("x.gif"), SIZE, fps=51), UsageError),
        (Shot(Path("x.webm"), SIZE), UsageError),
        (Shot(Path("x.mp4"), (63, 48)), UsageError),
        (Shot(Path("taken.png"), SIZE), OutputError),
    ],
)
def test_what_cannot_be_is_refused_before_a_frame_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[float], shot: Shot, error: type[Exception]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.png").touch()
    with pytest.raises(error):
        shoot(RUN, shot)
    assert drawn == []
    assert [path.name for path in tmp_path.iterdir()] == ["taken.png"]


def test_captions_are_those_of_the_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cue a sentence, at the ticks where the frames show it, whatever is drawn for samples in between."""

    class Told(Slate):
        at = 0.0

        def draw(self, position: float) -> Frame:
            self.at = position
            return super().draw(position)

        @property
        def caption(self) -> Caption:
            sentence = "first" if self.at < 1.5 else "second"
            return Caption("CPU0", "fast", "FAST PATH", sentence, (), 0, 0, "", "")

    monkeypatch.setattr(film, "Studio", Told)
    for out in ("frames", "film.gif"):
        track = tmp_path / f"{out}.vtt"
        shoot(RUN, Shot(tmp_path / out, SIZE, fps=4, first=0, last=3, captions=track))
        lines = track.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if "-->" in line] == [
            "00:00:00.000 --> 00:00:00.500",
            "00:00:00.500 --> 00:00:01.000",
        ]
        assert [line for line in lines if line.startswith("tick")] == [
            "tick 0 · CPU0 · FAST PATH",
            "tick 2 · CPU0 · FAST PATH",
        ]


def test_a_track_that_cannot_be_written_is_refused_before_a_frame_is_drawn(tmp_path: Path, drawn: list[float]) -> None:
    with pytest.raises(UsageError, match=r"\.vtt"):
        shoot(RUN, Shot(tmp_path / "a.png", SIZE, captions=tmp_path / "a.txt"))
    assert drawn == []
