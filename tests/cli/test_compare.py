"""``--compare``: two runs side by side by the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import slabviz as library
from slabviz.library import load

Command = Callable[..., Any]

SMALL = """\
slabviz: 1
title: {en: Two ways, zh: 两种方式}
run: {for: 30 ticks, at_most: 60 ticks}
machine: {cpus: 1, memory: 4 MiB}
caches:
  dentry: {size: 192 B}
tasks:
  ls: {cpu: 0, program: [{alloc: {cache: dentry, as: name}}, {free: name}]}
variants:
  short: {caches: {dentry: {cpu_partial: 0}}}
  long: {run: {for: 40 ticks}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_still_is_the_frame_that_python_gives(slabviz: Command, tmp_path: Path, small: Path) -> None:
    """At a tick that only the longer of the two has."""
    out = tmp_path / "both.png"
    said = slabviz("render", small, "--compare", "short", "long", "-o", out, "--at", 36, "--size", "640x360")
    assert said.code == 0, said.err
    a, b = (load(small, variant).run() for variant in ("short", "long"))
    assert a.last_tick < 36 < b.last_tick
    both = library.frame(a, 36, (640, 360), other=b)
    with Image.open(out) as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), both)
    assert not np.array_equal(both, library.frame(b, 36, (640, 360)))


def test_two_files_are_compared_without_a_source(slabviz: Command, tmp_path: Path, small: Path) -> None:
    film = tmp_path / "film"
    said = slabviz("render", "--compare", small, small, "-o", film, "--size", "320x180", "--fps", 1, "--from", 20)
    assert said.code == 0, said.err
    assert len(list(film.iterdir())) == 3  # ticks 20, 24, 28


def test_the_clock_ends_with_the_later_run(slabviz: Command, tmp_path: Path, small: Path) -> None:
    last = load(small, "long").run().last_tick
    said = slabviz("render", small, "--compare", "short", "long", "-o", tmp_path / "x.png", "--at", last + 1)
    assert (said.code, f"take one from 0 to {last}" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bursts", "--compare", "none", "most"), "there are none, parked"),
        (("bursts", "--compare", "none", "parked", "--variant", "none"), "cannot be used together"),
        (("fork", "--compare", "a", "b"), "it has none"),
        ((), "give a SOURCE"),
    ],
)
def test_wrong_usage_is_told(slabviz: Command, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    said = slabviz("render", *arguments, "-o", tmp_path / "x.png")
    assert said.code == 2
    assert message in said.err
