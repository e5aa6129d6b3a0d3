"""Runs to look into."""

from __future__ import annotations

import pytest

from slabviz.library import load
from slabviz.timeline.run import Run


@pytest.fixture(scope="session")
def fork() -> Run:
    return load("fork").run()


@pytest.fixture(scope="session")
def debugged() -> Run:
    return load("slub_debug").run()


@pytest.fixture(scope="session")
def devices() -> Run:
    return load("c01_layout").run()


@pytest.fixture(scope="session")
def corrupted() -> Run:
    return load("c10_corruption").run()
