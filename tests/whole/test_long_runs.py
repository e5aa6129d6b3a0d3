"""Runs of 100,000 ticks: they play, seek and render, and their memory stays bounded."""

import numpy as np
import pytest

from slabviz.library import Studio, load
from slabviz.model.image import image_of
from slabviz.timeline.playback import Playback
from slabviz.timeline.timeline import Timeline

TICKS = 100_000


WORKLOADS = ("fork", "inode", "skb", "driver")
"""The scenarios that go on for as long as they are told to; lessons end by themselves."""


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_long_run_plays_seeks_and_renders(name: str) -> None:
    run = load(name).run(ticks=TICKS)
    assert run.last_tick >= TICKS
    assert run.log.nbytes / len(run.log) <= 32
    studio = Studio(run, (1280, 720))
    for tick in (TICKS, 17, TICKS // 2, TICKS - 1, 61_803):  # there and back again
        there = image_of(run.machine_at(tick))
        assert there == image_of(Timeline(run.config, run.log, run.timeline.checkpoints).machine_at(tick))
        assert studio.draw(tick + 0.5).any()
    assert run.timeline.checkpoints.nbytes <= 256 << 20
    again = Studio(run, (1280, 720)).draw(61_803.5)
    assert np.array_equal(again[..., :3], studio.draw(61_803.5)[..., :3])
    playback = Playback(run, position=99_000.0, speed=100.0)
    playback.play(backward=False)
    playback.advance(1.0)
    assert playback.position == 99_400.0
