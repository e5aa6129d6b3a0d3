from __future__ import annotations

from functools import cache

import pytest

from slabviz.library import load
from slabviz.timeline.run import Run


@cache
def _run(name: str) -> Run:
    return load(name).run()


@pytest.fixture(scope="session")
def fork() -> Run:
    """The shipped scenario whose slabs take every way there is."""
    return _run("fork")


@pytest.fixture(scope="session")
def driver() -> Run:
    return _run("driver")
