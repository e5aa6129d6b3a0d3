"""What the comparison says of two runs: the machines' own numbers, where they part, and why."""

from __future__ import annotations

import pytest

from slabviz.i18n import Catalogue
from slabviz.library import load
from slabviz.model.events import Kind
from slabviz.scene.compare.figures import figures, stretched
from slabviz.scene.compare.first import first_difference
from slabviz.scene.compare.teller import CompareTeller
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.story.outcome import Outcome
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

STILL: tuple[tuple[()], tuple[()]] = ((), ())


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair(load("bursts", "none").run(), load("bursts", "parked").run())


def teller(pair: Pair, language: str = "en") -> CompareTeller:
    return CompareTeller(pair, 0, Catalogue(language).tr, language, Tier.REGULAR)


@pytest.fixture(scope="module")
def told(pair: Pair) -> CompareTeller:
    return teller(pair)


def test_the_figures_are_the_machines_own(pair: Pair, told: CompareTeller) -> None:
    for tick in (200, 900, pair.last_tick):
        state = told.state(tick, STILL)
        for side, run, at in zip(state.sides, pair.runs, pair.ticks(tick), strict=True):
            machine = run.machine_at(at)
            cache = machine.caches[0]
            found = side.figures
            assert found.slabs == cache.node.nr_slabs
            assert found.held == sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache is cache)
            first, behind = run.log.span(1)[0], run.log.span(at)[1]
            kinds = [(event[0], event[2]) for event in run.log.events(first, behind)]
            assert found.taken == kinds.count((Kind.LOCK, 0))
            assert found.waits == kinds.count((Kind.LOCK_WAIT, 0))
            pages = sum(4096 << slab.order for slab in machine.slabs.values() if slab.cache is cache)
            assert found.unused == pages - found.held * cache.geometry.object_size


def test_a_run_beside_itself_has_no_difference(pair: Pair) -> None:
    same = teller(Pair(pair.a, pair.a))
    for tick in (0, 611, pair.a.last_tick):
        state = same.state(tick, STILL)
        assert (state.first, state.turn, state.settings) == (None, None, ())
        assert state.sides[0].figures == state.sides[1].figures
        assert state.caption.pill in ("A = B", "OVERVIEW")


def parting(pair: Pair) -> int:
    """The first tick whose events differ, by looking at one after the other."""
    both = min(run.last_tick for run in pair.runs) + 1
    apart = (tick for tick in range(both) if len({tuple(run.log.events(*run.log.span(tick))) for run in pair.runs}) > 1)
    return next(apart, both)


def test_nothing_differs_before_they_part(pair: Pair, told: CompareTeller) -> None:
    first = told.first
    assert first is not None
    assert first.kinds == ("CPU_PARTIAL_DRAIN", "PUT_CPU_PARTIAL")
    assert first.tick == parting(pair)


def test_one_story_told_for_a_shorter_and_a_longer_time_parts_where_the_shorter_ends() -> None:
    two = Pair(run_of(400), run_of(200))
    first = first_difference((two.a.log, two.b.log))
    assert first is not None
    assert first.tick == parting(two)
    assert first_difference((two.a.log, two.a.log)) is None


def test_only_what_was_set_differently_is_named(pair: Pair, told: CompareTeller) -> None:
    state = told.state(700, STILL)
    assert [(each.name, each.values) for each in state.settings] == [("cpu_partial", ("0", "120"))]
    assert [side.title for side in state.sides] == ["cpu_partial = 0", "cpu_partial = 120"]
    other = teller(Pair(pair.a, load("bursts", "none").run(seed=12))).state(700, STILL)
    assert [each.name for each in other.settings] == ["seed"]
    assert "other seeds" in other.subtitle


def test_the_caption_names_the_call_that_goes_two_ways(told: CompareTeller) -> None:
    state = told.state(573, STILL)
    turn = state.turn
    assert turn is not None
    assert turn.ways == (Outcome.DRAIN, Outcome.PARK)
    assert state.caption.pill == "A ≠ B"
    assert state.caption.who == f"CPU{turn.cpus[0]}"
    both = "A parks slab 07, must push 02 out; B parks slab 07, has room"
    assert state.caption.sentence == f"tar 3 frees a dentry: {both}"
    assert [side.hot for side in state.sides] == list(turn.cpus)


def test_what_is_told_has_happened_on_both_sides_and_went_two_ways(pair: Pair, told: CompareTeller) -> None:
    seen = 0
    for tick in range(560, pair.last_tick, 7):
        now = told.told_at(tick)
        if now is not None:
            seen += 1
            assert now.ways[0] is not now.ways[1]
            assert now.start <= tick < now.until
            assert max(now.ticks) <= tick + 4
            names = [run.cast[call.actor].name for run, call in zip(pair.runs, now.calls, strict=True)]
            assert names[0] == names[1]
    assert seen > 20


def test_the_shorter_run_stays_at_its_end(pair: Pair, told: CompareTeller) -> None:
    assert pair.a.last_tick != pair.b.last_tick
    short = int(pair.b.last_tick < pair.a.last_tick)
    end = pair.runs[short].last_tick
    over = told.state(pair.last_tick, STILL)
    assert [side.ended for side in over.sides] == [number == short for number in (0, 1)]
    assert over.sides[short].figures == told.state(end, STILL).sides[short].figures
    curves = told.series()
    assert len(curves[0].slabs) == len(curves[1].slabs) == pair.last_tick + 1
    assert set(curves[short].slabs[end:].tolist()) == {float(over.sides[short].figures.slabs)}
    assert stretched(curves[short], 10) is curves[short]


def test_what_is_told_of_a_tick_does_not_depend_on_what_was_told_before(pair: Pair, told: CompareTeller) -> None:
    fresh = teller(pair).state(1204, STILL)
    told.state(1700, STILL)
    assert told.state(1204, STILL) == fresh


def test_two_stories_are_compared_by_their_numbers_alone() -> None:
    two = Pair(load("skb").run(ticks=120), load("fork").run(ticks=120))
    state = teller(two).state(110, STILL)
    assert [side.cache for side in state.sides] == ["skbuff_head_cache", "task_struct"]
    assert [side.title for side in state.sides] == ["skb.yaml", "fork.yaml"]
    assert "slower call" not in str(state.caption.glossary), "the two do not do the same work"


def test_why_they_do_not_hold_the_same_is_said_truly(told: CompareTeller) -> None:
    """Until somebody makes another call only the times differ; the last loop of some task ends it."""
    held = [side.figures.held for side in told.state(588, STILL).sides]
    assert held[0] != held[1]
    assert "slower call" in str(told.state(588, STILL).caption.glossary)
    assert "not make the same calls" in str(told.state(1600, STILL).caption.glossary)


def test_every_way_has_words_in_both_languages() -> None:
    for language in ("en", "zh_CN"):
        texts = Catalogue(language).texts
        for outcome in Outcome:
            assert {f"compare.deed.{outcome.value}.long", f"compare.deed.{outcome.value}.short"} <= set(texts)


def run_of(ticks: int) -> Run:
    return load("bursts", "none").run(ticks=ticks)


def test_before_the_first_call_there_is_no_share() -> None:
    run = run_of(20)
    told = teller(Pair(run, run))
    assert told.state(0, STILL).sides[0].figures.fast_share is None
    assert figures(told.series()[0], run.machine_at(0), 0, 0).calls == 0


def test_a_run_that_panics_is_said_to_have_stopped() -> None:
    pair = Pair(load("c11_compare", "right").run(), load("c11_compare", "wrong").run())
    told = teller(pair)
    assert pair.b.last_tick < pair.a.last_tick
    (panicked,) = [text for word, text in told.state(pair.b.last_tick + 1, STILL).caption.glossary if word == "B"]
    assert panicked == f"kernel panic at tick {pair.b.last_tick}: the machine has stopped"
    (why,) = [text for word, text in told.state(140, STILL).caption.glossary if "the same calls" in text]
    assert why == "A 2, B 3: the two do not make the same calls"
