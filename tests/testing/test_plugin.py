"""The plugin, used as a project that tests with slabviz would use it."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import numpy
import pytest

LOADED_ONCE = numpy
"""A pytest inside this one forgets the modules that it has imported, but numpy can be loaded only once in a process."""

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]

STORY = """
    import numpy as np

    def test_page(assert_frame):
        page = np.full((64, 64, 3), {shade}, np.uint8)
        page[:8, :8] = {corner}
        assert_frame(page, "page", mean=3, tile=5)
"""


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*plugin_options(), *options)


def run_apart(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """For tests that draw: pygame and yaml cannot be forgotten and loaded again."""
    return pytester.runpytest_subprocess(*plugin_options(), *options)


def plugin_options() -> tuple[str, ...]:
    """Installed, slabviz brings its plugin along; in a bare checkout it is named."""
    installed = any(point.name == "slabviz" for point in entry_points(group="pytest11"))
    others = ("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:cacheprovider")  # slow to load, not needed
    return others if installed else (*others, "-p", "slabviz.testing.plugin")


def keep(pytester: pytest.Pytester, shade: int, corner: int) -> None:
    pytester.makepyfile(test_page=STORY.format(shade=shade, corner=corner))


def test_refresh_keeps_then_the_same_page_passes(pytester: pytest.Pytester) -> None:
    keep(pytester, 90, 90)
    run(pytester).assert_outcomes(failed=1)
    run(pytester, "--slabviz-refresh").assert_outcomes(passed=1)
    assert (pytester.path / "golden" / "page.png").exists()
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.parametrize(("shade", "corner", "words"), [(95, 95, "in the mean"), (90, 250, "the tile at (0, 0)")])
def test_a_changed_page_fails_with_pictures(pytester: pytest.Pytester, shade: int, corner: int, words: str) -> None:
    keep(pytester, 90, 90)
    run(pytester, "--slabviz-refresh")
    keep(pytester, shade, corner)
    result = run(pytester, "--slabviz-output", "shown")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*AssertionError: page: *{words}*"])
    names = sorted(path.name for path in (pytester.path / "shown").iterdir())
    assert names == ["page.actual.png", "page.difference.png", "page.expected.png"]


def test_states_are_compared_by_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_same(assert_state):
            assert_state({"inuse": 1}, {"inuse": 1})

        def test_other(assert_state):
            assert_state({"inuse": 1}, {"inuse": 2})
    """)
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*state differs at state*inuse*: 1, expected 2"])


def test_the_plugin_imports_nothing_heavy() -> None:
    script = (
        "import sys, pytest; before = set(sys.modules); import slabviz.testing.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert set(done.stdout.split()) == {"slabviz", "slabviz.testing", "slabviz.testing.plugin"}


def test_a_frame_of_a_run_is_drawn_and_held_against_the_kept_one(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(
        test_fork="""
        def test_frame(slabviz_frame, assert_frame):
            frame = slabviz_frame("fork", tick=40, size=(640, 360))
            assert frame.shape == (360, 640, 3)
            assert_frame(frame, "fork_40", mean=0, tile=0)

        def test_another_tick_is_another_picture(slabviz_frame, assert_frame):
            assert_frame(slabviz_frame("fork", tick=200, size=(640, 360)), "fork_40")
        """
    )
    run_apart(pytester, "--slabviz-refresh", "-k", "test_frame").assert_outcomes(passed=1, deselected=1)
    result = run_apart(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*AssertionError: fork_40: *"])
