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
MILLI = 1e3


def figures() -> Iterator[Figure]:
    """The ratio of both, wall time from start to end of the process."""
    with TemporaryDirectory() as bytecode:
        environment = _environment(bytecode)
        for script in (FIRST_FRAME, IMPORTS):  # compiles what both import, as installing does
            _process(script, environment)
        ours, limit = side_by_side(lambda: _process(FIRST_FRAME, environment), lambda: _process(IMPORTS, environment))
    measured = {"ms": ours * MILLI, "imports ms": limit * MILLI}
    yield Figure("first frame from process start", ours / limit, 3, "x imports", at_most=True, measured=measured)


def _environment(bytecode: str) -> Mapping[str, str]:
    environment = dict(os.environ, SDL_VIDEODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    environment["PYTHONPYCACHEPREFIX"] = bytecode
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _process(script: str, environment: Mapping[str, str]) -> float:
    command = [sys.executable, "-c", script]
    return wall_seconds(lambda: subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL))
