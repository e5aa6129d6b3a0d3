"""The code path of what no cache serves: whole pages and NULL; and the chapter that begins with a failure."""

from __future__ import annotations

from itertools import pairwise

import pytest

from slabviz.library import load
from slabviz.model.events import Kind
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.lessons.atlas import WAYS, route
from slabviz.scene.panels.flow import flow_of, is_over, passed
from slabviz.scene.state import PathState, StageState
from slabviz.scene.story import Storyteller
from slabviz.timeline.run import Run
from tests.scene.story.worlds import ENGLISH, tick_of


def told(run: Run, tick: int, cache: str) -> StageState:
    number = next(number for number, each in enumerate(run.config.caches) if each.name == cache)
    teller = Storyteller(run, cache=number, tr=ENGLISH.tr, language="en", detail=Tier.REGULAR)
    return teller.state(run.machine_at(tick), tick, [])


def path(run: Run, tick: int) -> PathState:
    found = told(run, tick, "kmalloc-8k").path
    assert found is not None
    return found


@pytest.fixture(scope="module")
def frees() -> Run:
    return load("b02_kfree").run()


def test_a_large_kmalloc_goes_from_the_size_to_the_pages() -> None:
    run = load("b01_kmalloc").run()
    begun, done = tick_of(run, Kind.KMALLOC_LARGE_ENTER), tick_of(run, Kind.KMALLOC_LARGE)
    under_way, over = path(run, begun), path(run, done)
    assert begun < done
    assert not is_over(under_way)
    assert is_over(over)
    assert passed(flow_of(over), over) == ("alloc_call", "size", "large")
    later = told(run, done + 30, "kmalloc-8k").path
    assert later is None


def test_kfree_of_null_and_of_pages_is_lit(frees: Run) -> None:
    null = path(frees, tick_of(frees, Kind.KFREE_NOTHING))
    assert (null.call, passed(flow_of(null), null)) == ("kfree(NULL)", ("free_call", "null", "nothing"))
    pages = path(frees, tick_of(frees, Kind.KFREE_LARGE))
    assert passed(flow_of(pages), pages) == ("free_call", "null", "slab_page", "free_pages")


def test_a_call_of_a_cache_takes_the_chart_over(frees: Run) -> None:
    fast = path(frees, tick_of(frees, Kind.FREE_FASTPATH))
    assert fast.outcome == "fast"


def test_a_chapter_that_begins_with_a_failure_tells_of_it() -> None:
    run = load("b05_gfp").run()
    tick = tick_of(run, Kind.ALLOC_FAILED)
    chapter = next(chapter for chapter in run.chapters if chapter.tick == tick)
    assert told(run, tick, "kmalloc-4k").caption.sentence == chapter.say["en"]


@pytest.mark.parametrize(
    ("cache", "devices", "begin"),
    [
        ("task_struct", False, "process"), ("inode_cache", True, "file"), ("skbuff_head_cache", False, "packet"),
        ("kmalloc-192", True, "driver"), ("kmalloc-192", False, "kmalloc"),
    ],
)  # fmt: skip
def test_the_map_knows_the_way_of_a_cache(cache: str, devices: bool, begin: str) -> None:
    way = route(cache, devices)
    assert way[0] == begin
    assert way[-1] == "object"
    assert set(pairwise(way)) <= set(WAYS)


def test_a_cache_that_is_not_on_the_map_has_no_way() -> None:
    assert route("session", True) == ()
