"""The same code on the other pygame: frames drawn by pygame 2.6 are those of pygame-ce.

pygame and pygame-ce are imported by the same name, so the other one is installed into a folder of its own and a second
process is pointed there.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import slabviz

OTHER = "pygame==2.6.1"
DRAW = """
import sys, numpy, pygame
import slabviz
assert not getattr(pygame, "IS_CE", False), pygame.version.ver
run = slabviz.load("driver").run()
numpy.save(sys.argv[1], slabviz.frame(run, tick=200.5, size=(1280, 720)))
"""


@pytest.fixture(scope="module")
def other_pygame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pygame")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--target"]
    done = subprocess.run([*command, folder, OTHER], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip(f"the test with {OTHER} did not run: it cannot be installed here for this Python")
    return folder


def test_pygame_2_6_draws_the_same_frame(other_pygame: Path, tmp_path: Path) -> None:
    root = Path(slabviz.__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(other_pygame), str(root)))}
    subprocess.run([sys.executable, "-c", DRAW, tmp_path / "frame.npy"], env=environment, check=True, timeout=120)
    theirs = np.load(tmp_path / "frame.npy").astype(int)
    ours = slabviz.frame(slabviz.load("driver").run(), tick=200.5, size=(1280, 720)).astype(int)
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() <= 2
