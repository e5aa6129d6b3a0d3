"""The playback position: time passes, chapters pause, steps go where they say."""

from collections.abc import Callable

import pytest

from slabviz.model.cast import Cast
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.slub.atomic import Atomic
from slabviz.slub.world import World
from slabviz.timeline.playback import Playback, event_ticks
from slabviz.timeline.run import About, Chapter, Run

CONFIG = MachineConfig(1, 1024, (CacheConfig("a", 64), CacheConfig("b", 96)))


@pytest.fixture
def playback() -> Playback:
    """100 ticks; cache 0 is used in every tenth, cache 1 in tick 5 only; a chapter at 40 pauses, one at 60 does not."""
    machine, log = Machine.boot(CONFIG), EventLog()
    atomic = Atomic(World(machine, lambda cache: 0), log)
    for tick in range(101):
        log.begin_tick()
        if tick % 10 == 0:
            atomic.alloc(machine.caches[0], 0)
        if tick == 5:
            atomic.alloc(machine.caches[1], 0)
    chapters = (Chapter(40, {"en": "x"}, {}, pause=True), Chapter(60, {"en": "y"}, {}))
    return Playback(Run(CONFIG, log, Cast(), About({"en": "t"}), chapters))


def test_a_second_is_four_ticks_at_speed_one(playback: Playback) -> None:
    playback.play(backward=False)
    playback.advance(2.5)
    assert playback.position == 10.0
    playback.speed = 0.25
    playback.advance(1.0)
    assert playback.position == 11.0


def test_paused_time_does_not_pass(playback: Playback) -> None:
    playback.advance(100.0)
    assert playback.position == 0.0


def test_a_chapter_that_pauses_stops_the_playing_once(playback: Playback) -> None:
    playback.play(backward=False)
    playback.advance(50.0)
    assert (playback.position, playback.playing) == (40.0, False)
    playback.play(backward=False)
    playback.advance(50.0)
    assert (playback.position, playback.playing, playback.at_end) == (100.0, False, True)


def test_it_plays_backwards_to_the_beginning(playback: Playback) -> None:
    playback.seek(70)
    playback.play(backward=True)
    playback.advance(10.0)
    assert playback.position == 30.0
    playback.advance(10.0)
    assert (playback.position, playback.playing) == (0.0, False)


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [
        (12.4, lambda p: p.step_ticks(1), 13.0),
        (12.4, lambda p: p.step_ticks(-1), 12.0),
        (12.0, lambda p: p.step_ticks(-1), 11.0),
        (0.0, lambda p: p.step_ticks(-1), 0.0),
        (100.0, lambda p: p.step_ticks(1), 100.0),
        (10.0, lambda p: p.step_events(1, 0), 20.0),
        (10.5, lambda p: p.step_events(-1, 0), 10.0),
        (10.0, lambda p: p.step_events(-1, 0), 0.0),
        (0.0, lambda p: p.step_events(1, 1), 5.0),
        (6.0, lambda p: p.step_events(1, 1), 6.0),
        (0.0, lambda p: p.step_chapters(1), 40.0),
        (40.0, lambda p: p.step_chapters(1), 60.0),
        (60.0, lambda p: p.step_chapters(1), 100.0),
        (70.0, lambda p: p.step_chapters(-1), 60.0),
        (60.0, lambda p: p.step_chapters(-1), 40.0),
        (40.0, lambda p: p.step_chapters(-1), 0.0),
    ],
)
def test_steps(playback: Playback, start: float, step: Callable[[Playback], None], end: float) -> None:
    playback.seek(start)
    step(playback)
    assert playback.position == end


def test_events_are_found_by_cache(playback: Playback) -> None:
    assert event_ticks(playback.run, 0).tolist() == list(range(0, 101, 10))
    assert event_ticks(playback.run, 1).tolist() == [5]


def test_a_range_is_played_over_and_over_in_both_directions(playback: Playback) -> None:
    playback.loop = (38.0, 44.0)  # the chapter at 40 pauses nobody here
    playback.seek(43.0)
    playback.play(backward=False)
    playback.advance(0.5)
    assert (playback.position, playback.playing) == (39.0, True)
    playback.play(backward=True)
    playback.advance(0.5)
    assert (playback.position, playback.playing) == (43.0, True)


def test_playing_goes_into_the_range_from_outside_of_it(playback: Playback) -> None:
    playback.loop = (38.0, 44.0)
    playback.seek(playback.last)
    playback.play(backward=False)
    assert playback.playing
    playback.advance(0.1)
    assert playback.position == 38.0
    playback.loop = None
    playback.advance(0.1)
    assert playback.position == 38.4


def test_it_stops_where_the_reader_is_asked(playback: Playback) -> None:
    playback.stops = (20.0,)
    playback.play(backward=False)
    playback.advance(100.0)
    assert (playback.position, playback.playing) == (20.0, False)
    playback.play(backward=False)
    playback.advance(100.0)
    assert playback.position == 40.0
