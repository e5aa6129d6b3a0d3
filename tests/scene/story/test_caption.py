"""Hand-made little stories: the caption is true of the instant, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.engine.interrupts import scripted
from slabviz.engine.waits import Work
from slabviz.i18n import Catalogue
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.machine import CacheConfig
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.state import SlabCard, StageState
from slabviz.slub.bulk import kmem_cache_alloc_bulk
from slabviz.timeline.run import Chapter, Run
from tests.scene.story.worlds import CHINESE, ENGLISH, PER_SLAB, SIZE, World, idle, tick_of, told


def sentence(run: Run, tick: int, catalogue: Catalogue = ENGLISH) -> str:
    return told(run, [tick], catalogue)[0].caption.sentence


def sentences(states: list[StageState]) -> list[str]:
    """The sentences in order, each once while it stays."""
    found: list[str] = []
    for state in states:
        if state.caption.sentence not in found[-1:]:
            found.append(state.caption.sentence)
    return found


def first_alloc(*, chapters: tuple[Chapter, ...] = ()) -> Run:
    world = World(chapters=chapters)
    make, child = world.who("make", "16"), world.who("cc1", "52")
    world.task(0, make, idle(2), lambda: world.alloc(0, "a", child))
    return world.run(60)


def allocs(world: World, cpu: int, count: int) -> list[Callable[[], Work[None]]]:
    owner = world.who("cc1", "52")
    return [lambda name=f"{cpu}-{number}": world.alloc(cpu, name, owner) for number in range(count)]  # type: ignore[misc]  # a default only binds the loop's value


def test_the_first_allocation_goes_all_the_way_to_a_new_slab() -> None:
    run = first_alloc()
    told_in_order = sentences(told(run, range(run.last_tick)))
    assert told_in_order == [
        "task_struct has no slab yet: the first request will have to make one",
        "make 16 wants a task_struct: the freelist of CPU0 is empty",
        "make 16 wants a task_struct: freelist empty, and CPU0 has no active slab",
        "make 16 wants a task_struct: CPU0 has none, and the node's partial list is empty",
        "make 16 wants a task_struct: none here or on the node's partial list → 8 pages",
        "make 16 wants a task_struct: none here or on the node's partial list → new slab 00",
        "make 16 asked for a task_struct: object 0 of slab 00 goes to cc1 52",
        "cc1 52 has object 0 of slab 00; CPU0's freelist has 2 more to give",
        "task_struct: 1 of its 3 objects are held; slabs: 1",
    ]


def test_the_same_story_is_told_in_chinese() -> None:
    run = first_alloc()
    tick = tick_of(run, Kind.ALLOC_SLAB)
    state = told(run, [tick], CHINESE)[0]
    assert state.caption.sentence.startswith("make 16 要一个 task_struct：")
    assert state.caption.sentence.endswith("节点的 partial 链表都没有空闲对象 → 新 slab 00")
    assert state.caption.pill == "慢速路径"
    assert state.title == "测试"


def test_steps_counted_in_the_order_in_which_they_are_tried() -> None:
    run = first_alloc()
    counters = [
        (state.caption.step, state.caption.steps) for state in told(run, range(run.last_tick)) if state.caption.steps
    ]
    assert sorted(set(counters)) == [(step, 7) for step in (1, 2, 4, 5, 6, 7)]
    assert counters == sorted(counters)


def test_what_comes_next_is_what_really_comes() -> None:
    run = first_alloc()
    state = told(run, [tick_of(run, Kind.SLAB_PAGES) - 1])[0]
    assert state.caption.next == "slab 00 becomes active; its first object goes to cc1 52"
    assert state.caption.step_text == "step 5 of 7 · buddy system"


def test_a_fast_allocation_needs_no_steps() -> None:
    world = World()
    owner = world.who("cc1", "52")
    world.task(0, owner, *allocs(world, 0, 1), idle(20), lambda: world.alloc(0, "b", owner))
    run = world.run(80)
    tick = tick_of(run, Kind.ALLOC_FASTPATH)
    flying, later = told(run, [tick, tick + 3])
    assert (flying.caption.path, flying.caption.steps) == ("fast", 0)
    assert flying.caption.sentence.endswith("goes to cc1 52, no lock")
    assert later.caption.sentence.endswith("went to cc1 52, no lock")


def test_a_free_from_elsewhere_leaves_the_slab_where_it_is() -> None:
    world = World()
    owner, other = world.who("cc1", "52"), world.who("make", "16")
    world.task(0, owner, *allocs(world, 0, 1))
    world.task(1, other, idle(40), lambda: world.free(1, "0-0"))
    run = world.run(80)
    tick = tick_of(run, Kind.FREE_FROZEN)
    assert sentence(run, tick) == "make 16 frees a task_struct of cc1 52: object 0 goes back into slab 00"
    assert "slab 00 is CPU0's" in sentence(run, tick + 3)


def test_a_full_slab_is_parked_by_whoever_frees_into_it() -> None:
    world = World()
    owner, other = world.who("cc1", "52"), world.who("make", "16")
    world.task(0, owner, *allocs(world, 0, PER_SLAB + 1))
    world.task(1, other, idle(90), lambda: world.free(1, "0-0"))
    run = world.run(160)
    tick = tick_of(run, Kind.PUT_CPU_PARTIAL)
    assert sentence(run, tick + 1) == "make 16 freed a task_struct of cc1 52: slab 00 was full, now CPU1 parks it"
    landed = told(run, [tick + 4])[0]
    assert "it is parked on CPU1" in landed.caption.sentence
    assert [card.slab for card in landed.lanes[1].parked] == [0]


def parked_and_freed_into(kernel: str) -> Run:
    """make parks a full slab of cc1's on CPU1; ld frees the two objects that are left in it on CPU 0."""
    world = World(kernel=kernel)
    owner, other, third = world.who("cc1", "52"), world.who("make", "16"), world.who("ld", "60")
    world.task(0, owner, *allocs(world, 0, PER_SLAB + 1))
    world.task(1, other, idle(90), lambda: world.free(1, "0-0"))
    world.task(0, third, idle(130), lambda: world.free(0, "0-1"), idle(30), lambda: world.free(0, "0-2"))
    return world.run(240)


def test_a_free_into_a_parked_slab_is_told_as_the_era_has_it() -> None:
    older, newer = parked_and_freed_into("6.1"), parked_and_freed_into("6.12")
    assert tick_of(older, Kind.FREE_FROZEN)
    tick = tick_of(newer, Kind.FREE_TO_PARTIAL)
    assert sentence(older, tick + 3) == "ld 60 freed a task_struct of cc1 52: slab 00 stays parked on CPU1, no lock"
    assert sentence(newer, tick + 3) == "ld 60 freed a task_struct of cc1 52: slab 00 is parked on CPU1, no lock"
    for run, kernel in ((older, "6.1"), (newer, "6.12")):
        (state,) = told(run, [tick + 3])
        assert state.subtitle.endswith(f"Linux {kernel}")
        (card,) = state.lanes[1].parked
        assert isinstance(card, SlabCard)
        assert (card.slab, card.frozen) == (0, kernel == "6.1")
        frozen = {
            "6.1": "owned by a CPU: only it allocates from it",
            "6.12": "a CPU's active slab: only it allocates from it",
        }
        assert ("frozen", frozen[kernel]) in state.caption.glossary


def test_the_last_object_of_a_parked_slab_takes_the_lock_for_nothing() -> None:
    run = parked_and_freed_into("6.12")
    tick = max(
        tick for tick in range(run.last_tick) for event in run.log.of_tick(tick) if event[0] == Kind.FREE_TO_PARTIAL
    )
    assert sentence(run, tick + 3) == "slab 00 is empty now, but parked on CPU1: list_lock was taken for nothing"
    assert sentence(run, tick + 3, CHINESE) == "slab 00 已空，但停放在 CPU1 上：list_lock 白拿了一次"


def test_a_parked_slab_that_takes_over_is_loaded_in_both_eras() -> None:
    stories = []
    for kernel in ("6.1", "6.12"):
        world = World(kernel=kernel)
        owner, other = world.who("cc1", "52"), world.who("make", "16")
        world.task(0, owner, *allocs(world, 0, PER_SLAB + 1))
        world.task(1, other, idle(90), lambda world=world: world.free(1, "0-0"), idle(30), *allocs(world, 1, 1))  # type: ignore[misc]  # a default only binds the loop's value
        run = world.run(180)
        told_in_order = sentences(told(run, range(tick_of(run, Kind.PUT_CPU_PARTIAL) + 20, run.last_tick)))
        stories.append([text for text in told_in_order if "wants" in text or "has object" in text])
    assert stories[0] == stories[1]
    assert any("parked slab 00 takes over" in text for text in stories[1])


def test_an_interrupt_inside_a_path_is_told_and_the_work_below_stays_in_the_lane() -> None:
    world = World(cpus=1, caches=(CacheConfig("task_struct", SIZE, 64), CacheConfig("skb", 256)))
    make = world.who("make", "16")
    eth = world.engine.cast.enter("irq", "7", "eth0")
    world.task(0, make, idle(2), lambda: world.alloc(0, "a", make))
    world.engine.interrupt(eth, (0,), scripted((8,)), lambda cpu: world.alloc(cpu, "b", eth, 1, GFP_ATOMIC))
    run = world.run(80)
    tick = tick_of(run, Kind.IRQ_ENTER) + 2
    state = told(run, [tick])[0]
    lane = state.lanes[0]
    assert state.caption.sentence.startswith("eth0 has interrupted make 16 inside its task_struct call")
    assert lane.call == "kmem_cache_alloc(skb) → 7"
    assert (lane.badge.kind, lane.badge.text) == ("hardirq", "interrupt · GFP_ATOMIC")
    assert lane.interrupted == "interrupted: make 16 in kmem_cache_alloc(task_struct) → 16"
    assert told(run, [tick], CHINESE)[0].lanes[0].badge.text == "中断 · GFP_ATOMIC"


def test_a_bulk_call_is_one_story_without_steps() -> None:
    world = World()
    make = world.who("make", "16")

    def take() -> Work[None]:
        yield from kmem_cache_alloc_bulk(world.engine.world, 0, world.cache, GFP_KERNEL, [make] * 5)

    world.task(0, make, take)
    run = world.run(120)
    state, done = told(run, [tick_of(run, Kind.ALLOC_SLAB), tick_of(run, Kind.BULK_POP, 2) + 3])
    assert state.caption.sentence == "make 16 asks for 5 objects of task_struct in one call"
    assert (state.caption.steps, state.signposts) == (0, ())
    assert done.caption.sentence == "make 16 has asked for 5 objects of task_struct at once and got them"


def test_when_there_is_no_memory_it_is_an_error_and_the_caller_gets_null() -> None:
    world = World(cpus=1, pages=32)
    make = world.who("make", "16")
    world.task(0, make, *allocs(world, 0, 15))
    run = world.run(500)
    state = told(run, [tick_of(run, Kind.ALLOC_FAILED) + 1])[0]
    assert (state.caption.path, state.caption.pill) == ("error", "ERROR")
    assert state.caption.sentence.startswith("make 16 wanted a task_struct: no free block of 8 pages")
    assert state.caption.next == "make 16 gets NULL"


def test_a_chapter_is_read_before_the_story_goes_on_under_it() -> None:
    chapter = Chapter(4, {"en": "First", "zh": "首次"}, {"en": "One two three four five six.", "zh": "一二三四。"})
    run = first_alloc(chapters=(chapter,))
    states = told(run, range(4, 20))
    spoken = [state for state in states if state.caption.path == "overview"]
    assert [state.tick for state in spoken] == list(range(4, 14))
    assert (spoken[0].caption.who, spoken[0].caption.sentence) == ("First", "One two three four five six.")
    assert spoken[-1].caption.steps == 7  # the lit path keeps its counter meanwhile
    assert states[10].caption.path == "slow"
    assert told(run, [4], CHINESE)[0].caption.sentence == "一二三四。"


def test_small_windows_have_short_sentences() -> None:
    run = first_alloc()
    ticks = range(run.last_tick)
    for catalogue in (ENGLISH, CHINESE):
        short = told(run, ticks, catalogue, Tier.COMPACT)
        assert max(len(state.caption.sentence) for state in short) <= 62
    assert sentence(run, tick_of(run, Kind.ALLOC_SLAB)) not in {state.caption.sentence for state in short}
