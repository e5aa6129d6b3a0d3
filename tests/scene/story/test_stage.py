"""What the places of the stage show while things move, wait and stand."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import CacheConfig
from slabviz.model.slab import Slab
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.state import Place, Signpost, SlabCard, SlabState
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.timeline.run import Run
from tests.scene.story.worlds import CHINESE, PER_SLAB, SIZE, World, idle, teller, tick_of, told


def one_alloc() -> Run:
    world = World()
    child = world.who("cc1", "52")
    world.task(0, world.who("make", "16"), idle(2), lambda: world.alloc(0, "a", child))
    return world.run(60)


def test_a_new_slab_is_counted_before_it_is_installed() -> None:
    run = one_alloc()
    state = told(run, [tick_of(run, Kind.ALLOC_SLAB)])[0]
    node, lane = state.node, state.lanes[0]
    assert (node.nr_slabs, node.nr_slabs_changes, node.total_objects) == ("0 → 1", True, "0 → 3")
    assert node.sum_long == "= 0 active + 0 parked + 0 partial + 0 full + 1 moving"
    assert node.sum_short == "= CPU 0 + 0, node 0 + 0, moving 1"
    assert lane.active == Place("slab 00 is coming", "c→slab = NULL", 0)


def test_an_object_in_flight_is_neither_used_nor_free() -> None:
    run = one_alloc()
    state = told(run, [tick_of(run, Kind.LOAD_FREELIST) + 1])[0]
    landed = told(run, [tick_of(run, Kind.LOAD_FREELIST) + 3])[0]
    assert state.holders.summary == "0 held · 1 arriving"
    assert landed.holders.summary == "1 held"
    card = landed.lanes[0].active
    assert isinstance(card, SlabCard)
    assert (card.used, card.moving, card.objects) == (1, 0, PER_SLAB)
    assert [(holder.mark, holder.name, holder.held) for holder in landed.holders.cards] == [("52", "cc1", 1)]


def test_signposts_stand_where_the_path_has_been_is_and_will_be() -> None:
    run = one_alloc()
    state = told(run, [tick_of(run, Kind.SLAB_PAGES)])[0]
    assert state.signposts == (
        Signpost(1, "done", ("chip", 0), "upper"),
        Signpost(2, "done", ("active", 0), "upper"),
        Signpost(3, "done", ("parked", 0), "upper"),
        Signpost(4, "done", ("partial",), "upper"),
        Signpost(5, "done", ("order", 10), "upper"),
        Signpost(6, "now", ("active", 0), "lower"),
        Signpost(7, "next", ("holder", 2), "lower"),
    )


def test_the_buddy_row_shows_the_split_that_happens() -> None:
    run = one_alloc()
    state = told(run, [tick_of(run, Kind.BUDDY_SPLIT)])[0]
    buddy = state.buddy
    assert (buddy.lit, buddy.arrow, buddy.moment) == ((10, 9), (10, 9), "free blocks, after this split")
    line = buddy.log[0]
    assert (line.icon, line.text, line.now) == ("split", "order 9 empty: split 10 → 9 + 9", True)
    assert buddy.step == 5


def test_a_slab_in_the_hand_of_a_path_stands_where_it_will_be_used() -> None:
    run = one_alloc()
    tick = tick_of(run, Kind.ALLOC_SLAB)
    state = teller(run).state(run.machine_at(tick), tick, ())  # nothing flies at high speeds
    card = state.lanes[0].active
    assert isinstance(card, SlabCard)
    assert card.state is SlabState.MOVING
    assert state.node.sum_long.endswith("+ 1 moving")


def test_the_lock_says_who_has_it_and_who_waits() -> None:
    world = World(cpus=2)
    world.engine.tick()
    tick = world.engine.now
    world.engine.commit((Kind.LOCK, 0, 0, 0, 0))
    world.engine.commit((Kind.LOCK_WAIT, 1, 0, 0, 0))
    run = world.run(0)
    state, chinese = told(run, [tick])[0], told(run, [tick], CHINESE)[0]
    assert (state.node.locked, state.node.lock) == (True, "held by CPU0 · CPU1 waits")
    assert state.lanes[1].waits == "waits for list_lock"
    assert (chinese.node.lock, chinese.lanes[1].waits) == ("CPU0 持有 · CPU1 在等待", "等待 list_lock")


def test_slabs_that_wait_for_rcu_have_left_the_count_and_are_named_beside_it() -> None:
    world = World(caches=(CacheConfig("anon", SIZE, 64, SlabFlags.TYPESAFE_BY_RCU),))
    who = world.who("make", "16")
    allocs = [lambda n=n: world.alloc(0, str(n), who) for n in range(PER_SLAB)]
    frees = [lambda n=n: world.free(0, str(n)) for n in range(PER_SLAB)]
    world.task(0, who, *allocs, *frees, lambda: kmem_cache_shrink(world.engine.world, 0, world.cache))
    run = world.run(300)
    tick = tick_of(run, Kind.DISCARD_SLAB_RCU) + 4
    waiting: list[Slab] = list(run.machine_at(tick).rcu_slabs.values())
    state = told(run, [tick])[0]
    assert [slab.id for slab in waiting] == [0]
    assert state.node.sum_long.startswith("= 0 active + 0 parked + 0 partial + 0 full + 0 moving")
    assert state.node.sum_long.endswith(" · not counted: 1 waiting for RCU")
    assert told(run, [tick], CHINESE)[0].node.sum_long.endswith("未计入：1 个在等 RCU")


def test_the_limit_of_parked_slabs_is_arithmetic_that_a_reader_can_follow() -> None:
    run = one_alloc()
    for tier, note in (
        (Tier.REGULAR, "a CPU parks 6 objects, slabs half full: 6 × 2 / 3 = 4 slabs"),
        (Tier.COMPACT, "half full: 6 × 2 / 3 = 4"),
    ):
        assert told(run, [0], tier=tier)[0].strip.note == note
    assert dict(told(run, [0])[0].strip.fields) == {
        "object_size": "8\u2009392 B", "size": "8\u2009448 B", "order": "3 = 32K", "objs/slab": "3", "min_partial": "6",
        "cpu_partial": "6 obj",
    }  # fmt: skip
