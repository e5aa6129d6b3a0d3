"""Which moves are under way, told from the log alone."""

from __future__ import annotations

from itertools import pairwise
from math import floor

import pytest

from slabviz.model.events import Kind
from slabviz.scene.motion.causes import ALLOCS, FREES, SLABS
from slabviz.scene.motion.clock import Clock
from slabviz.scene.motion.pace import pace_of
from slabviz.scene.moves import Move, MoveKind
from slabviz.timeline.run import Run


def kinds(run: Run) -> dict[int, Kind]:
    return {number: Kind(event[0]) for number, event in enumerate(run.log.events())}


def all_moves(run: Run, speed: float = 1.0) -> dict[tuple[int, MoveKind], Move]:
    """Every move of the run, by event and kind, as it is told at its first tick."""
    clock, found = Clock(run), dict[tuple[int, MoveKind], Move]()
    for tick in range(run.log.ticks):
        for move in clock.under_way(tick, speed, run.about.stage_cache):
            found.setdefault((move.event, move.kind), move)
    return found


def test_every_event_that_moves_something_of_the_cache_on_stage_starts_a_move(fork: Run) -> None:
    told, clock = all_moves(fork), Clock(fork)
    rows = clock.index(fork.about.stage_cache).between(0, fork.last_tick)
    expected = {row.number for row in rows if row.kind in ALLOCS | FREES | SLABS.keys()}
    assert expected <= {event for event, _ in told}
    assert {fork.log.tick_of(event) <= move.start for (event, _), move in told.items()} == {True}


def test_a_move_does_not_change_while_it_is_under_way(fork: Run) -> None:
    clock, known = Clock(fork), dict[tuple[int, MoveKind], Move]()
    for step in range(800 * 4, 1100 * 4):
        for move in clock.under_way(step / 4, 1, fork.about.stage_cache):
            assert known.setdefault((move.event, move.kind), move) == move


@pytest.mark.parametrize("speed", [0.25, 1, 4, 8])
def test_seeking_tells_the_same_as_playing_forwards_or_backwards(fork: Run, speed: float) -> None:
    cache, ticks = fork.about.stage_cache, range(350, 470)
    playing, back = Clock(fork), Clock(fork)
    forwards = {tick: playing.under_way(tick + 0.3, speed, cache) for tick in ticks}
    backwards = {tick: back.under_way(tick + 0.3, speed, cache) for tick in reversed(ticks)}
    assert forwards == backwards
    assert forwards[401] == Clock(fork).under_way(401.3, speed, cache)
    assert any(forwards.values())


def test_the_same_moves_are_the_same_tuple(fork: Run) -> None:
    clock, cache = Clock(fork), fork.about.stage_cache
    assert clock.under_way(208.5, 1, cache) is clock.under_way(208.6, 1, cache)


def test_from_16x_on_nothing_flies(fork: Run) -> None:
    clock = Clock(fork)
    assert not any(clock.under_way(tick, 16, fork.about.stage_cache) for tick in range(200, 300))


def test_a_new_slab_goes_by_the_nodes_count_and_stops_there_when_it_is_counted(fork: Run) -> None:
    kind, pace = kinds(fork), pace_of(1)
    told = [move for move in all_moves(fork).values() if move.kind is MoveKind.PAGES]
    first = [move for move in told if kind[move.event] is Kind.SLAB_PAGES]
    second = {move.slab: move for move in told if kind[move.event] is Kind.ALLOC_SLAB}
    assert first
    for move in first:
        after = second[move.slab]
        counted = fork.log.tick_of(after.event)
        assert move.target == after.source == ("nr_slabs",)
        assert after.start == pytest.approx(move.end)
        assert after.start >= counted
        assert move.hold >= pace.stop - 1e-9
        assert move.source[0] in ("pcp", "order")
        assert after.origin == move.source


def test_a_thing_is_on_one_way_at_a_time(fork: Run) -> None:
    by_thing: dict[tuple[int, int], list[Move]] = {}
    for move in all_moves(fork).values():
        if move.kind not in (MoveKind.SPLIT, MoveKind.MERGE) and move.start < float("inf"):
            by_thing.setdefault((move.slab, move.obj), []).append(move)
    for moves in by_thing.values():
        moves.sort(key=lambda move: move.start)
        assert all(a.end <= b.start + 1e-9 for a, b in pairwise(moves))


def test_nothing_leaves_a_slab_that_is_coming_and_no_slab_leaves_what_flies_to_it(fork: Run) -> None:
    told = list(all_moves(fork).values())
    slabs = [move for move in told if move.kind in (MoveKind.SLAB, MoveKind.PAGES) and move.start < float("inf")]
    for move in told:
        if move.kind in (MoveKind.ALLOC, MoveKind.FREE):
            for slab in slabs:
                if slab.slab != move.slab:
                    continue
                if slab.event < move.event:
                    assert slab.end <= move.start + 1e-9
                elif move.kind is MoveKind.FREE:
                    assert move.start + move.duration <= slab.start + 1e-9


def test_starts_in_one_tick_are_spread_over_at_most_120_ms(fork: Run) -> None:
    told = [move for move in all_moves(fork).values() if move.kind is MoveKind.ALLOC]
    late = [move.start - fork.log.tick_of(move.event) for move in told]
    assert min(late) == 0
    assert sorted(late)[len(late) * 9 // 10] <= 0.48 + 1e-9


def test_extra_slabs_follow_160_ms_apart(fork: Run) -> None:
    kind = kinds(fork)
    visits = [move for move in all_moves(fork).values() if kind[move.event] is Kind.CPU_PARTIAL_NODE]
    assert visits
    firsts = {move.cpu: move for move in all_moves(fork).values() if kind[move.event] is Kind.ALLOC_FROM_PARTIAL}
    for a, b in pairwise(visits):
        if a.cpu == b.cpu and b.event - a.event < 30:
            assert b.start - a.start >= 0.64 - 1e-9
    assert all(move.cpu in firsts for move in visits)


def test_a_path_that_is_interrupted_keeps_its_slab_beside_the_count(fork: Run) -> None:
    """However long that takes: the longest wait in the run is longer than the part of the log that is looked at."""
    clock, cache = Clock(fork), fork.about.stage_cache
    waits = [move for move in all_moves(fork).values() if move.target == ("nr_slabs",) and move.hold > 4]
    assert waits
    longest = max(waits, key=lambda move: move.hold)
    for tick in range(floor(longest.start) + 1, floor(longest.end)):
        assert longest in clock.under_way(tick + 0.5, 1, cache)


def test_progress_is_0_before_the_start_and_1_from_the_arrival_on() -> None:
    move = Move(MoveKind.ALLOC, 0, 10.25, 2.0, 0, 0, 0, 0, 0, ("cell", 0, 0), ("holder", 0), 0.5)
    assert [move.progress(at) for at in (9, 10.25, 11.25, 12.25, 20)] == [0, 0, 0.5, 1, 1]
    assert move.end == 12.75
