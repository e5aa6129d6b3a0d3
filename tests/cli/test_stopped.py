"""Ctrl-C and kill in the middle of an export: nothing half-written, nothing left behind, the right exit code."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ENDLESS_EXPORT = """
import sys
import numpy as np
sys.path.insert(0, {root!r})
from pathlib import Path
from slabviz.cli.exit import exit_code
from slabviz.export import Clip, write

def frames():
    for number in range(10**9):
        picture = np.zeros((120, 160, 4), np.uint8)
        picture[:, number % 160] = 200
        if number == 20:
            print("under way", flush=True)
        yield picture

sys.exit(exit_code(lambda: write(Clip(frames(), (160, 120), 25, 10**9), Path({name!r}))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send these signals to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("name", ["film.gif", "film.mp4", "frames"])
def test_a_stopped_export_leaves_nothing(tmp_path: Path, name: str, number: signal.Signals, code: int) -> None:
    if name == "film.mp4":
        pytest.importorskip("av", reason="needs the extra video")
    script = ENDLESS_EXPORT.format(root=str(ROOT), name=name)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "under way\n"
        unfinished = [path.name for path in tmp_path.iterdir()]
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(30) == code
    assert len(unfinished) == 1
    assert unfinished[0].endswith(".part")
    assert said.strip() == "slabviz: stopped; nothing unfinished is left behind"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_sigkill_leaves_never_has_the_final_name_and_does_not_disturb(tmp_path: Path) -> None:
    script = ENDLESS_EXPORT.format(root=str(ROOT), name="film.gif")
    with subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert [path.name for path in tmp_path.iterdir()] == [f".film.gif.{process.pid}-0.part"]
