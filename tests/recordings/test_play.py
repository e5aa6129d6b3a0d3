"""A recording on the stage: step by step, and yet everything ends where it ended in the real kernel."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from slabviz.errors import DifferenceFound, SlabvizError
from slabviz.model.events import Kind
from slabviz.recordings.conformance import load
from slabviz.recordings.dump import StateDump
from slabviz.recordings.play import play
from slabviz.recordings.record import End

SCRIPTS = ["bulk_o4096_c2", "shrink_mid_o512_c2", "min_partial_o16384_c2", "parked_o4096_c2", "min_partial_o256_c2"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_played_tick_by_tick_a_recording_ends_in_the_recorded_state(data: Path, script: str) -> None:
    (path,) = data.rglob(f"{script}.jsonl.gz")
    header, lines = load(path)
    *_, end = lines
    assert isinstance(end, End)
    run = play(path)
    machine = run.machine_at(run.last_tick)
    dump = StateDump(machine, machine.caches[0])
    assert {**dump.state(whole=True), "freelists": dump.freelists()} == end.state
    assert (run.about.source, run.about.id) == (path.name, script)
    assert run.about.kernel == run.config.kernel == header.kernel


def test_the_same_recording_gives_the_same_log_and_objects_are_held_by_who_allocated_them(data: Path) -> None:
    path = data / "conformance" / "min_partial_o16384_c2.jsonl.gz"
    first, second = play(path), play(path)
    assert list(first.log.events()) == list(second.log.events())
    holders = {(event[1], first.cast[event[4]].name) for event in first.log.events() if event[0] == Kind.BULK_POP}
    assert holders
    assert all(name == f"kworker/{cpu}:0" for cpu, name in holders)


def test_it_stops_after_so_many_ticks_and_tells_how_far_it_is(data: Path) -> None:
    path = data / "conformance" / "shrink_mid_o512_c2.jsonl.gz"
    told: list[tuple[int, int]] = []
    assert play(path, ticks=50).last_tick == 50
    play(path, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(100, 1101, 100))
    assert {of for _, of in told} == {1110}


def test_an_object_that_lay_elsewhere_is_refused(copy_of: Any) -> None:
    copy = copy_of("shrink_mid_o512_c2")
    copy.operation(7)["obj"][0][1] ^= 1
    copy.verify()
    with pytest.raises(DifferenceFound, match=r"op 7: obj: expected \[\[0, \d+\]\], got \[\[0, \d+\]\]"):
        play(copy.place)


def test_changed_recordings_never_crash_the_player(copy_of: Any) -> None:
    rng = random.Random("play")
    wrong: list[Any] = [None, -1, 1, 7, [], {}, [0], {"0": [0]}, "alloc", "shrink", "free"]
    for _ in range(40):
        copy = copy_of("min_partial_o16384_c2")
        line = copy.line(rng.randrange(len(copy.texts)))
        line = line.get("header", line)
        key = rng.choice(sorted(line))
        line[key] = rng.choice(wrong)
        copy.verify()
        with suppress(SlabvizError):
            play(copy.place)
