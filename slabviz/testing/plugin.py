"""The pytest plugin: draw a frame of a run without a screen, and compare frames and states in tests.

pytest loads this module at every start, also of tests that have nothing to do with slabviz: it imports nothing but
pytest, and each fixture what it needs. See ``slabviz.testing`` for the same comparisons without pytest. ::

    def test_fork_looks_as_it_did(slabviz_frame, assert_frame):
        assert_frame(slabviz_frame("fork", tick=200, size=(1280, 720)), "fork_200", mean=0.5, tile=6)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from slabviz.testing.frames import Picture


class SlabvizFrame(Protocol):
    """What the fixture ``slabviz_frame`` gives."""

    def __call__(self, source: str, tick: float, size: tuple[int, int] = (1280, 720)) -> Picture:
        """Run ``source`` (as on the command line) and draw position ``tick``: (height, width, 3) uint8, RGB."""


class AssertFrame(Protocol):
    """What the fixture ``assert_frame`` gives."""

    def __call__(self, actual: Picture, name: str, *, mean: float = ..., tile: float = ...) -> None:
        """Hold ``actual`` against ``golden/NAME.png`` beside the test's file."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options of frame comparison."""
    group = parser.getgroup("slabviz", "comparing frames of slabviz")
    group.addoption("--slabviz-refresh", action="store_true", help="keep the frames as they are now as expected ones")
    group.addoption("--slabviz-output", metavar="FOLDER", type=Path, help="where pictures of a failure are written")


@pytest.fixture(scope="session")
def slabviz_frame() -> SlabvizFrame:
    """Run a source once for all tests and draw its frames: ``slabviz_frame("fork", tick=200, size=(1600, 900))``."""
    from functools import lru_cache

    import slabviz
    from slabviz.timeline.run import Run

    @lru_cache(maxsize=8)
    def run_of(source: str) -> Run:
        return slabviz.load(source).run()

    def draw(source: str, tick: float, size: tuple[int, int] = (1280, 720)) -> Picture:
        return slabviz.frame(run_of(source), tick=tick, size=size)

    return draw


@pytest.fixture
def assert_frame(request: pytest.FixtureRequest, tmp_path: Path) -> AssertFrame:
    """Compare a frame with ``golden/NAME.png`` beside the test, as ``slabviz.testing.assert_frame`` does.

    ``--slabviz-refresh`` writes that file; pictures of a failure go to ``--slabviz-output`` or the test's tmp_path.
    """
    from slabviz.testing import frames

    def compare(actual: Picture, name: str, *, mean: float = frames.MEAN, tile: float = frames.TILE) -> None:
        frames.assert_frame(
            actual,
            request.path.parent / "golden" / f"{name}.png",
            mean=mean,
            tile=tile,
            refresh=request.config.getoption("--slabviz-refresh"),
            output=request.config.getoption("--slabviz-output") or tmp_path,
        )

    return compare


@pytest.fixture
def assert_state() -> Callable[[object, object], None]:
    """Compare two machines (or any state): the first field that differs is named."""
    from slabviz.testing import states

    return states.assert_state
