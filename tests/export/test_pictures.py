"""What comes out of an export, read back by somebody else's reader, is what went in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from slabviz.errors import OutputError, UsageError
from slabviz.export import Clip, Frame, check, write

SIZE = (64, 48)
MakeClip = Callable[..., Clip]
FrameOf = Callable[[int], Frame]

Rgb = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def rgb(pixels: Frame) -> Rgb:
    return pixels[:, :, 2::-1]


def test_a_png_has_the_first_frame_pixel_by_pixel(tmp_path: Path, make_clip: MakeClip, frame: FrameOf) -> None:
    write(make_clip(), tmp_path / "still.png")
    with Image.open(tmp_path / "still.png") as still:
        assert still.mode == "RGB"
        assert np.array_equal(np.asarray(still), rgb(frame(0)))


def test_a_folder_has_every_frame_under_its_number(tmp_path: Path, make_clip: MakeClip, frame: FrameOf) -> None:
    write(make_clip(count=12), tmp_path / "frames")
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert names == [f"frame_{number:05}.png" for number in range(12)]
    for number, name in enumerate(names):
        with Image.open(tmp_path / "frames" / name) as still:
            assert np.array_equal(np.asarray(still), rgb(frame(number)))


def test_a_gif_shows_every_frame_for_its_time(tmp_path: Path, make_clip: MakeClip, frame: FrameOf) -> None:
    write(make_clip(count=6, fps=30), tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        durations = []
        for number in range(6):
            film.seek(number)
            durations.append(film.info["duration"])
            assert np.array_equal(np.asarray(film.convert("RGB")), rgb(frame(number)))
        assert getattr(film, "n_frames", 0) == 6
        assert sum(durations) == 200, "rounded to 1/100 s, but six frames at 30 a second last 0.2 s"
        assert film.info["loop"] == 0


def test_a_gif_keeps_standing_pictures_and_late_colours(tmp_path: Path, frame: FrameOf) -> None:
    late = frame(0)
    late[30:, :, 1] = 222
    write(Clip([frame(0), frame(0), late], SIZE, 10, 3, samples=[frame(0), late]), tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        film.seek(1)
        assert np.array_equal(np.asarray(film.convert("RGB")), rgb(frame(0)))
        film.seek(2)
        assert np.array_equal(np.asarray(film.convert("RGB")), rgb(late))


def test_a_gif_of_many_colours_stays_near_them(tmp_path: Path) -> None:
    ramp = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    ramp[:, :, 1] = np.arange(SIZE[0]) * 4
    ramp[:, :, 2] = np.arange(SIZE[1])[:, None] * 5
    write(Clip([ramp], SIZE, 10, 1), tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        off = np.abs(np.asarray(film.convert("RGB")).astype(int) - rgb(ramp))
    assert off.mean() < 6


def test_an_mp4_has_every_frame_in_order_and_its_colours(tmp_path: Path, make_clip: MakeClip) -> None:
    av = pytest.importorskip("av", reason="needs the extra video")
    write(make_clip(count=9, fps=25), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert film.streams.video[0].average_rate == 25
        assert film.streams.video[0].codec_context.pix_fmt == "yuv420p"
        shown = [picture.to_ndarray(format="rgb24") for picture in film.decode(video=0)]
    assert len(shown) == 9
    for number, picture in enumerate(shown):
        assert np.abs(picture[12, number + 4].astype(int) - (200, 0, 40)).max() < 25
        assert np.abs(picture[40, 30].astype(int) - (0, 0, 40)).max() < 8


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.mp4"])
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, make_clip: MakeClip, name: str) -> None:
    if name.endswith("mp4"):
        pytest.importorskip("av", reason="needs the extra video")
    write(make_clip(), tmp_path / name)
    write(make_clip(), tmp_path / ("again_" + name))
    assert (tmp_path / name).read_bytes() == (tmp_path / ("again_" + name)).read_bytes()


def test_frames_may_come_as_bytes_but_not_of_another_size(tmp_path: Path, frame: FrameOf) -> None:
    write(Clip([frame(3).tobytes()], SIZE, 10, 1), tmp_path / "still.png")
    with Image.open(tmp_path / "still.png") as still:
        assert np.array_equal(np.asarray(still), rgb(frame(3)))
    with pytest.raises(ValueError, match="expected uint8"):
        write(Clip([frame(3)], (64, 50), 10, 1), tmp_path / "other.png")


@pytest.mark.parametrize(
    ("name", "size", "fps", "words"),
    [
        ("a.avi", (64, 48), 25, "ends in .png, .mp4 or .gif"),
        ("a.png", (8, 48), 25, "from 16 to 8192"),
        ("a.gif", (64, 9000), 25, "from 16 to 8192"),
        ("a.gif", (64, 48), 60, "from 1 to 50"),
        ("frames", (64, 48), 0, "from 1 to 240"),
        ("a.mp4", (65, 48), 25, "take 64x48"),
    ],
)
def test_what_cannot_be_is_refused_before_a_frame_is_drawn(
    tmp_path: Path, name: str, size: tuple[int, int], fps: int, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        check(tmp_path / name, size, fps)
    with pytest.raises(UsageError, match=words):
        write(Clip(iter(()), size, fps, 1), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_an_mp4_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(OutputError, match=r'pip install "slabviz\[video\]"'):
        check(tmp_path / "film.mp4", SIZE, 25)
    assert check(tmp_path / "film.gif", SIZE, 25).value == ".gif"
