"""The event log: rows of five numbers, packed without losing one."""

from __future__ import annotations

import numpy as np
import pytest

from slabviz.model.events import Event
from slabviz.model.log import CHUNK, EventLog


def event(number: int) -> Event:
    return (number % 100, number % 7, number, -number, number // 3)


def log_of(count: int, per_tick: int = 10) -> EventLog:
    log = EventLog()
    for number in range(count):
        if number % per_tick == 0:
            log.begin_tick()
        log.tail.extend(event(number))
    return log


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_what_goes_in_comes_out(count: int) -> None:
    log = log_of(count)
    expected = [event(number) for number in range(count)]
    assert (len(log), list(log.events())) == (count, expected)
    assert [tuple(row) for row in log.matrix().tolist()] == expected
    assert [one for tick in range(log.ticks) for one in log.of_tick(tick)] == expected


@pytest.mark.parametrize(("first", "behind"), [(0, 0), (5, 6), (CHUNK - 3, CHUNK + 3), (CHUNK, 2 * CHUNK), (17, None)])
def test_a_part_of_it(first: int, behind: int | None) -> None:
    log = log_of(2 * CHUNK + 50)
    stop = len(log) if behind is None else behind
    assert list(log.events(first, behind)) == [event(number) for number in range(first, stop)]


def test_every_event_has_its_tick() -> None:
    log = log_of(CHUNK + 100, per_tick=7)
    log.begin_tick()
    assert [log.tick_of(number) for number in (0, 6, 7, CHUNK, len(log) - 1)] == [
        0,
        0,
        1,
        CHUNK // 7,
        (CHUNK + 99) // 7,
    ]
    assert log.span(log.ticks - 1) == (len(log), len(log))
    assert log.span(2) == (14, 21)


def test_it_takes_20_bytes_an_event_and_4_a_tick() -> None:
    log = log_of(3 * CHUNK)
    assert log.nbytes == 20 * len(log) + 4 * log.ticks
    assert sum(chunk.itemsize * len(chunk) for chunk in log.chunks) == 20 * CHUNK * len(log.chunks)


def test_a_log_can_be_made_from_its_columns_and_go_on() -> None:
    log = log_of(CHUNK + 12)
    again = EventLog.of(log.matrix(), np.frombuffer(log.starts, dtype=np.int32))
    assert list(again.events()) == list(log.events())
    assert again.starts == log.starts
    again.begin_tick()
    again.tail.extend(event(5))
    assert (len(again), again.of_tick(again.ticks - 1)) == (len(log) + 1, [event(5)])
    assert len(again.matrix()) == len(log) + 1
