"""Frames as files by the command line, of every kind of source; and what ``play`` writes without a display."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import slabviz as library

ROOT = Path(__file__).parents[2]
Command = Callable[..., Any]


def pixels(path: Path) -> Any:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_still_is_the_frame_that_python_gives(slabviz: Command, tmp_path: Path) -> None:
    out = tmp_path / "fork.png"
    said = slabviz("render", "fork", "-o", out, "--at", "100.5", "--size", "1280x720")
    assert (said.code, said.out) == (0, "")
    assert said.err == f"{out}: 1 frame(s) written\n"
    frame = library.frame(library.load("fork").run(), tick=100.5, size=(1280, 720))
    assert frame.shape == (720, 1280, 3)
    assert frame.dtype == np.uint8
    assert np.array_equal(pixels(out), frame)
    assert len(np.unique(frame.reshape(-1, 3), axis=0)) > 100, "there is something on it"


def test_a_folder_has_the_same_pictures_as_stills(slabviz: Command, tmp_path: Path) -> None:
    film = ["--size", "640x360", "--fps", "2", "--speed", "1/2", "--from", "50", "--to", "52"]
    assert slabviz("render", "fork", "-o", tmp_path / "film", *film).code == 0
    stills = sorted((tmp_path / "film").iterdir())
    assert [path.name for path in stills] == ["frame_00000.png", "frame_00001.png", "frame_00002.png"]
    slabviz("render", "fork", "-o", tmp_path / "again", *film)
    for path in stills:
        assert np.array_equal(pixels(path), pixels(tmp_path / "again" / path.name))


@pytest.mark.parametrize("name", ["film.gif", "film.mp4"])
def test_a_saved_run_becomes_a_film(slabviz: Command, tmp_path: Path, name: str) -> None:
    if name == "film.mp4":
        pytest.importorskip("av", reason="needs the extra video")
    saved = tmp_path / "fork.slabviz"
    slabviz("run", "fork", "--ticks", 60, "-o", saved)
    said = slabviz("render", saved, "-o", tmp_path / name, "--size", "320x180", "--fps", 10, "--speed", "8x")
    assert said.code == 0, said.err
    assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize("tick", ["-1", "1e9", "nan"])
def test_a_tick_outside_the_run_is_2_and_says_the_range(slabviz: Command, tmp_path: Path, tick: str) -> None:
    said = slabviz("render", "fork", "-o", tmp_path / "x.png", "--at", tick)
    assert said.code == 2
    assert "take one from 0 to " in said.err
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_there_is_3_before_anything_runs(slabviz: Command, tmp_path: Path) -> None:
    out = tmp_path / "fork.png"
    out.write_bytes(b"dear")
    said = slabviz("render", "no-such-source", "-o", out)
    assert said.code == 3
    assert "exists already" in said.err
    assert out.read_bytes() == b"dear"


def test_play_without_a_display_writes_new_files_and_says_where(
    slabviz: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from slabviz.app import no_display

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(no_display, "TICKS", 8)
    (tmp_path / "fork.png").write_bytes(b"dear")
    said = slabviz()
    assert said.code == 0
    assert "no display" in said.err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[:-1] in (["fork-2.mp4", "fork-2.png"], ["fork-2.gif", "fork-2.png"])
    assert all(str(tmp_path / name) in said.err for name in names[:-1])
    assert (tmp_path / "fork.png").read_bytes() == b"dear"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send this signal to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_render_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "slabviz", "render", "fork", "-o", str(tmp_path / "film.gif"), "--fps", "50"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8") as process:
        for _ in range(600):  # until it writes: at most 30 s
            if any(path.stat().st_size for path in tmp_path.iterdir()):
                break
            time.sleep(0.05)
        process.send_signal(number)
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait(30) == code
    assert said.strip() == "slabviz: stopped; nothing unfinished is left behind"
    assert list(tmp_path.iterdir()) == []


def test_captions_are_written_beside_a_film_in_its_language(slabviz: Command, tmp_path: Path) -> None:
    track = tmp_path / "driver.vtt"
    film = ["--size", "320x180", "--fps", "2", "--from", "60", "--to", "66", "--lang", "zh_CN"]
    said = slabviz("render", "driver", "-o", tmp_path / "film", *film, "--captions", track)
    assert (said.code, said.err.splitlines()[-1]) == (0, f"{track}: captions written")
    text = track.read_text(encoding="utf-8")
    assert text.startswith("WEBVTT\nKind: captions\nLanguage: zh-CN\n")
    assert text.count("-->") >= 1
    assert "时刻 6" in text
    again = slabviz("render", "driver", "-o", tmp_path / "other", *film, "--captions", track)
    assert again.code == 3
    assert not (tmp_path / "other").exists(), "what is there is not written over, and nothing is begun"


def test_captions_of_two_runs_are_refused_before_anything_is_written(slabviz: Command, tmp_path: Path) -> None:
    film = ["--size", "320x180", "--fps", "2", "--from", "60", "--to", "66", "--compare", "driver", "fork"]
    said = slabviz("render", "-o", tmp_path / "film", *film, "--captions", tmp_path / "both.vtt")
    assert said.code == 2
    assert "--captions tells one run" in said.err
    assert list(tmp_path.iterdir()) == []
