"""The overview's numbers: at every tick, in whichever order they are looked at, they are the machine's."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slabviz.i18n import Catalogue
from slabviz.library import load
from slabviz.model.machine import Machine
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.layout.memo import Memo
from slabviz.scene.story.atlas import FREE, NOTHING, USED
from slabviz.scene.story.cache_groups import GROUPS, group_of
from slabviz.scene.story.field import Field
from slabviz.scene.story.kernel import (
    LEVELS,
    Overview,
    amount,
    frame,
    kernel_caption,
    largest_remainder,
    level,
    memory_texts,
    round_rate,
)
from slabviz.scene.story.population import TAKES
from slabviz.testing.server import server_run
from slabviz.timeline.run import Run


@pytest.fixture(scope="module", params=["fork", "server"])
def run(request: pytest.FixtureRequest) -> Run:
    return load("fork").run() if request.param == "fork" else server_run(30, objects=4000, changes=200)


@pytest.fixture(scope="module")
def overview(run: Run) -> Overview:
    return Overview(run, Memo(TextMeasure(Fonts())))


def held(machine: Machine, cache: int) -> int:
    return sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id == cache)


def ticks(run: Run) -> list[int]:
    """Some ticks, forwards and backwards, near and far."""
    chance = random.Random(3)
    return [chance.randint(0, run.last_tick) for _ in range(25)] + [run.last_tick, run.last_tick - 1, 0, 1]


def test_the_numbers_are_the_machines(run: Run, overview: Overview) -> None:
    for tick in ticks(run):
        machine, state = run.machine_at(tick), overview.state(tick)
        for cache, line in zip(machine.caches, state.lines, strict=True):
            assert (line.objects, line.slabs) == (cache.node.total_objects, cache.node.nr_slabs), (tick, cache.name)
            assert line.used == held(machine, cache.id), (tick, cache.name)
        assert state.objects == sum(cache.node.total_objects for cache in machine.caches)


def test_a_field_is_the_same_whatever_was_looked_at_before(run: Run, overview: Overview) -> None:
    wandering = Field(overview.atlas)
    for tick in ticks(run):
        wandering.at(tick)
        fresh = Field(overview.atlas)
        fresh.at(tick)
        assert wandering.contents == fresh.contents, tick
        assert (wandering.used, wandering.free) == (fresh.used, fresh.free), tick


def test_rates_are_the_objects_handed_out_in_the_window(run: Run, overview: Overview) -> None:
    tick, window = run.last_tick * 2 // 3, overview.window
    events = [event for each in range(max(tick - window, 0) + 1, tick + 1) for event in run.log.of_tick(each)]
    counts = [0] * len(run.config.caches)
    made = {event[2]: event[3] for event in run.log.events() if event[0] == 10}  # SLAB_PAGES
    for event in events:
        if event[0] in TAKES:
            counts[made[event[2]]] += 1
    assert [line.rate for line in overview.state(tick).lines] == [count * 1000 // window for count in counts]
    assert sum(counts) > 0


def test_an_object_stays_where_it_is_as_long_as_its_slab_lives(run: Run, overview: Overview) -> None:
    """A place goes from nothing to free, and from free to nothing: never is a used one given away."""
    was, mark = overview.atlas.was, overview.atlas.mark
    assert set(was[mark == NOTHING].tolist()) <= {FREE}
    assert not (mark[was == NOTHING] == USED).any()


def test_names_tell_the_group() -> None:
    found = [group_of(name) for name in ("dentry", "xfs_inode_cache", "task_struct", "kmalloc-cg-2k", "dma-kmalloc-8",
                                         "TCPv6", "skbuff_head_cache", "vmap_area", "bio-256", "my_own")]  # fmt: skip
    assert found == [
        "vfs",
        "vfs",
        "processes",
        "kmalloc",
        "kmalloc",
        "network",
        "network",
        "memory",
        "drivers",
        "other",
    ]
    assert set(found) == set(GROUPS)


@given(st.lists(st.integers(0, 1 << 28), max_size=9))
def test_rounded_memories_sum_to_the_rounded_total(sizes: list[int]) -> None:
    total, *parts = memory_texts(sizes)
    numbers = [float(text.split(" ")[0].replace("\u2009", "")) for text in (total, *parts)]
    assert len({text.split(" ")[1] for text in (total, *parts)}) == 1
    assert sum(round(number * 10) for number in numbers[1:]) == round(numbers[0] * 10)


def test_the_largest_remainders_are_rounded_up() -> None:
    assert largest_remainder([1.5, 1.4, 1.1]) == (4, [2, 1, 1])
    assert largest_remainder([]) == (0, [])


def test_brightness_and_frames() -> None:
    top = 50_000
    assert [level(rate, top) for rate in (0, 6_250, 50_000, 90_000)] == [0, 6, LEVELS - 1, LEVELS - 1]  # cube root
    assert [frame(rate, top) for rate in (7_999, 8_000, 20_000, 35_000)] == [0, 1, 2, 3]
    assert [round_rate(rate) for rate in (0, 9, 48, 52_500, 70_001)] == [10, 10, 50, 70_000, 100_000]


def test_a_rate_has_one_format() -> None:
    assert [amount(rate) for rate in (0, 640, 29_249, 1_300_000)] == ["0", "640", "29.2k", "1.3M"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_caption_says_what_the_map_shows(language: str, run: Run, overview: Overview) -> None:
    state = overview.state(run.last_tick // 2)
    told = kernel_caption(state, "dentry", Catalogue(language).tr, short=False)
    assert state.busiest is not None
    for part in (str(state.caches), state.memory, state.busiest.name):
        assert part in told.sentence
    assert len(told.sentence) <= 90
    assert "dentry" in told.next
