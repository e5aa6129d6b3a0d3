"""How soon the first frame is there: a new process that draws one, against one that only imports pygame and numpy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from tempfile import TemporaryDirectory

from slabviz.cli.bench.figure import Figure, side_by_side, wall_seconds

IMPORTS = "import pygame, numpy"
FIRST_FRAME = "import slabviz; slabviz.frame(slabviz.load('fork').run(), tick=0, size=(1280, 720))"
ROUNDS = 5
MILLI = 1e3


def figures() -> Iterator[Figure]:
    """The ratio of both, wall time from start to end of the process."""
    with TemporaryDirectory() as folder:
        environment = _installed(folder)
        for script in (IMPORTS, FIRST_FRAME):
            _process(script, environment)  # compiles what an installation has compiled
        ours, limit = side_by_side(
            lambda: _process(FIRST_FRAME, environment), lambda: _process(IMPORTS, environment), ROUNDS
        )
    measured = {"ms": ours * MILLI, "imports ms": limit * MILLI}
    yield Figure("first frame from process start", ours / limit, 3, "x imports", at_most=True, measured=measured)


def _installed(folder: str) -> Mapping[str, str]:
    """An environment like an installed slabviz's: its modules are compiled (to ``folder``), also in a checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": folder, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return environment | {"SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}


def _process(script: str, environment: Mapping[str, str]) -> float:
    command = [sys.executable, "-c", script]
    return wall_seconds(lambda: subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL))
