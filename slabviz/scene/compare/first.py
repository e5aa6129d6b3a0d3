"""Where two logs part: the first event that is not the same in both."""

from __future__ import annotations

import numpy as np

from slabviz.model.events.kinds import Kind
from slabviz.model.log import EventLog
from slabviz.scene.compare.state import First


def first_difference(logs: tuple[EventLog, EventLog]) -> First | None:
    """Compare event by event, with the ticks they happen at; None if the logs are the same."""
    rows = [log.matrix() for log in logs]
    same = min(len(each) for each in rows)
    apart = (rows[0][:same] != rows[1][:same]).any(axis=1)
    apart |= _ticks(logs[0], same) != _ticks(logs[1], same)
    number = int(np.argmax(apart)) if apart.any() else same
    if number == len(rows[0]) == len(rows[1]):
        return _longer(logs)
    tick = min(log.tick_of(number) for log, each in zip(logs, rows, strict=True) if number < len(each))
    kinds = tuple(Kind(int(each[number, 0])).name if number < len(each) else "" for each in rows)
    return First(tick, (kinds[0], kinds[1]))


def _ticks(log: EventLog, events: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The tick of each of the first events."""
    starts = np.frombuffer(log.starts, np.int32)
    return np.searchsorted(starts, np.arange(events), side="right") - 1


def _longer(logs: tuple[EventLog, EventLog]) -> First | None:
    """Where nothing happens any more, but one of them goes on."""
    if logs[0].ticks == logs[1].ticks:
        return None
    return First(min(log.ticks for log in logs), ("", ""))
