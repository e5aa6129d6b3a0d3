"""The plugin, used as a project that tests with slabviz would use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

STORY = """
    import numpy as np

    def test_page(assert_frame):
        page = np.full((64, 64, 3), {shade}, np.uint8)
        page[:8, :8] = {corner}
        assert_frame(page, "page", mean=3, tile=5)
"""


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    plugin = () if pytester_has_entry_point() else ("-p", "slabviz.testing.plugin")
    return pytester.runpytest_inprocess(*plugin, *options)


def pytester_has_entry_point() -> bool:
    from importlib.metadata import entry_points

    return any(point.name == "slabviz" for point in entry_points(group="pytest11"))


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
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, encoding="utf-8", check=True)
    assert set(done.stdout.split()) == {"slabviz", "slabviz.testing", "slabviz.testing.plugin"}
