"""Any tick, in any order: seeking is playing, backwards is forwards, and checkpoints stay bounded."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from slabviz.model.events import Event, Kind
from slabviz.model.image import MachineImage, image_of, machine_of
from slabviz.model.log import EventLog
from slabviz.model.machine import MachineConfig
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline import checkpoints
from slabviz.timeline.checkpoints import Checkpoints
from slabviz.timeline.timeline import Timeline


class Played:
    """A short run, and the engine's machine after each of its ticks."""

    def __init__(self) -> None:
        mixture = Mixture(Recipe(cpus=3, sizes=(1536, 256), typesafe_by_rcu=True, gap=14, ticks=300, seed=11))
        self.images: list[MachineImage] = [image_of(mixture.machine)]
        for _ in mixture.play():
            self.images.append(image_of(mixture.machine))
        self.config: MachineConfig = mixture.engine.config
        self.log: EventLog = mixture.engine.log

    def timeline(self, interval: int = 200) -> Timeline:
        return Timeline(self.config, self.log, Checkpoints(interval))

    @property
    def ticks(self) -> list[int]:
        return list(range(len(self.images)))


@pytest.fixture(scope="module")
def played() -> Played:
    return Played()


def test_playing_gives_the_engines_machine_at_every_tick(played: Played) -> None:
    timeline = played.timeline()
    assert all(image_of(timeline.machine_at(tick)) == played.images[tick] for tick in played.ticks)
    assert len(timeline.checkpoints.kept) > 5


def test_playing_backwards_gives_the_same(played: Played) -> None:
    timeline = played.timeline()
    assert all(image_of(timeline.machine_at(tick)) == played.images[tick] for tick in reversed(played.ticks))


def test_seeking_gives_the_same_with_and_without_checkpoints(played: Played) -> None:
    order = played.ticks * 2
    Random(3).shuffle(order)
    for timeline in (played.timeline(), played.timeline(interval=1 << 30), played.timeline(interval=1)):
        for tick in order[:150]:
            assert image_of(timeline.machine_at(tick)) == played.images[tick], tick


def test_before_the_first_event_the_machine_is_empty(played: Played) -> None:
    timeline = played.timeline()
    timeline.machine_at(len(played.images) - 1)
    machine = timeline.machine_at(-1)
    assert (machine.slabs, machine.parked, machine.zone.nr_free) == ({}, {}, machine.zone.managed)


@pytest.mark.parametrize("tick", [-2, 10**6])
def test_other_ticks_are_refused(played: Played, tick: int) -> None:
    with pytest.raises(IndexError, match="is not in this run"):
        played.timeline().machine_at(tick)


def test_a_growing_log_is_followed() -> None:
    mixture = Mixture(Recipe(cpus=2, ticks=60, seed=1))
    timeline = Timeline(mixture.engine.config, mixture.engine.log, Checkpoints(50))
    for tick in mixture.play():
        if tick % 7 == 0:
            assert image_of(timeline.machine_at(tick)) == image_of(mixture.machine)
            timeline.machine_at(tick // 2)


def test_a_machine_can_be_made_again_from_its_image(played: Played) -> None:
    for image in played.images[::40]:
        again = machine_of(played.config, image)
        assert image_of(again) == image
        assert again.zone.frames == played.timeline().machine_at(played.images.index(image)).zone.frames


def test_images_share_the_slabs_that_have_not_changed(played: Played) -> None:
    timeline = played.timeline()
    timeline.machine_at(played.ticks[-1])
    first, second = timeline.checkpoints.kept[3:5]
    same = [id for id in first.image.slabs if second.image.slabs.get(id) is first.image.slabs[id]]
    assert same
    assert len(same) < len(first.image.slabs)


def test_checkpoints_are_thinned_and_stay_right(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MOST_BYTES", 150_000)
    timeline = played.timeline(interval=20)
    most = 0
    for tick in played.ticks:
        assert image_of(timeline.machine_at(tick)) == played.images[tick]
        most = max(most, timeline.checkpoints.nbytes)
    kept = timeline.checkpoints.kept
    assert most <= 150_000
    assert timeline.checkpoints.interval > 20
    gaps = np.diff([checkpoint.event for checkpoint in kept])
    assert gaps.max() < 4 * timeline.checkpoints.interval
    assert all(image_of(timeline.machine_at(tick)) == played.images[tick] for tick in played.ticks[::17])


CHANGES: dict[str, Callable[[Event], Event]] = {
    "another object": lambda event: (event[0], event[1], event[2], event[3] + 1536, event[4]),
    "another holder": lambda event: (*event[:4], event[4] + 1),
    "another CPU": lambda event: (event[0], (event[1] + 1) % 3, *event[2:]),
    "another kind": lambda event: (Kind.MARK, *event[1:]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_tampered_event_is_noticed(played: Played, change: str) -> None:
    """The comparison can fail: one allocation of the log is changed."""
    matrix = played.log.matrix().copy()
    number = int(np.flatnonzero(matrix[:, 0] == Kind.ALLOC_FASTPATH)[40])
    kind, cpu, slab, obj, who = matrix[number].tolist()
    matrix[number] = CHANGES[change]((kind, cpu, slab, obj, who))
    log = EventLog.of(matrix, np.frombuffer(played.log.starts, dtype=np.int32))
    tick = log.tick_of(number)
    timeline = Timeline(played.config, log)
    assert image_of(timeline.machine_at(tick - 1)) == played.images[tick - 1]
    try:
        noticed = image_of(timeline.machine_at(tick)) != played.images[tick]
    except (KeyError, IndexError, AssertionError):
        noticed = True
    assert noticed
