"""Whole or not at all: nothing half-written under the final name, nothing of somebody else's replaced."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slabviz.errors import OutputError
from slabviz.export import Clip, Frame, check, write

SIZE = (64, 48)
NAMES = ["film.gif", "still.png", "frames", "film.mp4"]
MakeClip = Callable[..., Clip]
FrameOf = Callable[[int], Frame]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """An output of each format."""
    if request.param == "film.mp4":
        pytest.importorskip("av", reason="needs the extra video")
    return str(request.param)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_ends_early_leaves_nothing(tmp_path: Path, frame: FrameOf, name: str, stop: type[BaseException]) -> None:
    seen: list[list[str]] = []

    def frames() -> Iterator[Frame]:
        for number in range(0 if name == "still.png" else 8):
            yield frame(number)
        seen.append(names(tmp_path))
        raise stop("in the middle")

    with pytest.raises(stop):
        write(Clip(frames(), SIZE, 25, 99), tmp_path / name)
    assert seen[0] != [], "the work was under way beside the target"
    assert name not in seen[0]
    assert names(tmp_path) == []


def test_an_existing_target_stays_unless_asked(tmp_path: Path, make_clip: MakeClip, name: str) -> None:
    target = tmp_path / name
    write(make_clip(count=2), target)
    before = target.stat().st_mtime_ns, names(tmp_path)
    with pytest.raises(OutputError, match="exists already"):
        write(make_clip(count=4), target)
    with pytest.raises(OutputError, match="exists already"):
        check(target, SIZE, 25)
    assert (target.stat().st_mtime_ns, names(tmp_path)) == before
    write(make_clip(count=4), target, overwrite=True)
    assert names(tmp_path) == [name]
    if target.is_dir():
        assert len(names(target)) == 4, "no frame of the older and shorter film is left"


def test_a_target_that_came_meanwhile_stays(tmp_path: Path, frame: FrameOf) -> None:
    def frames() -> Iterator[Frame]:
        (tmp_path / "film.gif").write_bytes(b"somebody else's")
        yield frame(0)

    with pytest.raises(OutputError, match="exists already"):
        write(Clip(frames(), SIZE, 25, 1), tmp_path / "film.gif")
    assert (tmp_path / "film.gif").read_bytes() == b"somebody else's"
    assert names(tmp_path) == ["film.gif"]


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path, make_clip: MakeClip) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "beach.png").write_bytes(b"dear")
    with pytest.raises(OutputError, match=r"holds beach\.png too"):
        write(make_clip(), folder, overwrite=True)
    assert names(tmp_path) == ["holiday"]
    assert names(folder) == ["beach.png"]


def test_an_empty_folder_is_filled(tmp_path: Path, make_clip: MakeClip) -> None:
    (tmp_path / "frames").mkdir()
    write(make_clip(count=3), tmp_path / "frames")
    assert len(names(tmp_path / "frames")) == 3
    assert names(tmp_path) == ["frames"]


def test_a_file_is_not_a_folder_and_the_other_way_round(tmp_path: Path, make_clip: MakeClip) -> None:
    (tmp_path / "frames").write_bytes(b"")
    (tmp_path / "film.gif").mkdir()
    with pytest.raises(OutputError, match="is a file"):
        write(make_clip(), tmp_path / "frames", overwrite=True)
    with pytest.raises(OutputError, match="is a folder"):
        write(make_clip(), tmp_path / "film.gif", overwrite=True)


def test_no_such_folder_is_said_with_what_to_do(tmp_path: Path, make_clip: MakeClip, name: str) -> None:
    with pytest.raises(OutputError, match="make the folder first"):
        write(make_clip(), tmp_path / "nowhere" / name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_what_the_system_refuses_is_said_with_what_to_do(
    tmp_path: Path, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, data: bytes) -> int:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    for name in ("still.png", "frames"):
        with pytest.raises(OutputError, match=f"{os.strerror(number)}; (free some space|choose a folder)"):
            write(make_clip(), tmp_path / name)
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_file_that_may_not_grow_leaves_nothing(tmp_path: Path, name: str) -> None:
    """The kernel itself refuses the write, in the middle of it."""
    script = f"""
import resource, numpy as np
from pathlib import Path
from slabviz.errors import OutputError
from slabviz.export import Clip, write
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
rng = np.random.default_rng(1)
noise = (rng.integers(0, 255, (120, 160, 4), np.uint8) for _ in range(30))
try:
    write(Clip(noise, (160, 120), 25, 30), Path({name!r}))
except OutputError as error:
    print(error)
"""
    said = run_python(script, tmp_path)
    assert "cannot write" in said
    assert "allows no larger file" in said
    assert names(tmp_path) == []


def run_python(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return done.stdout
