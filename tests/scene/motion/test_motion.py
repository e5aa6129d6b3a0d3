"""What is drawn of the moves: where, how much of it, and that it is the same whichever way one comes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import dist

import pytest

from slabviz.scene.compose import Composer
from slabviz.scene.display import Box, Line, Node, Point, Rect, Scene, Text
from slabviz.scene.motion.flights import flights_of
from slabviz.scene.motion.objects import MOST, WITH_TRAILS, object_nodes, object_spot
from slabviz.scene.motion.pace import pace_of
from slabviz.scene.motion.paths import asked_nodes, path_nodes
from slabviz.scene.motion.roads import middle
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import SlabCard
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from tests.scene.motion.stages import composer, measure

SIZES = [(1280, 720), (1600, 900), (1920, 1080)]


def scenery_at(stage: Composer, position: float) -> tuple[Scene, Scenery, tuple[Move, ...]]:
    scene = stage.scene(position)
    scenery = stage._motion._scenery
    assert scenery is not None
    return scene, scenery, stage._motion.under_way(position, stage.speed, stage.run.about.stage_cache)


def first_moves(run: Run, kind: MoveKind, count: int = 12) -> list[Move]:
    stage, found = composer(run), dict[int, Move]()
    for tick in range(100, run.last_tick):
        for move in stage._motion.under_way(tick, 1, run.about.stage_cache):
            if move.kind is kind:
                found.setdefault(move.event, move)
        if len(found) >= count:
            break
    return list(found.values())


def test_an_object_begins_in_its_cell_and_ends_on_its_holders_mark(fork: Run) -> None:
    stage = composer(fork)
    for move in first_moves(fork, MoveKind.ALLOC):
        _, scenery, _ = scenery_at(stage, move.start)
        assert object_spot(move, move.start, scenery) == middle(scenery.anchors["cell", move.slab, move.obj])
        end = object_spot(move, move.start + move.duration, scenery)
        x, y, w, h = scenery.anchors["holder", move.actor]
        assert x - 8 <= end[0] < x + w
        assert y <= end[1] < y + h


def test_an_object_that_is_freed_takes_the_same_way_back_to_its_cell(fork: Run) -> None:
    stage = composer(fork)
    for move in first_moves(fork, MoveKind.FREE):
        _, scenery, _ = scenery_at(stage, move.start + move.duration - 0.01)
        end = object_spot(move, move.start + move.duration, scenery)
        assert end == middle(scenery.anchors["cell", move.slab, move.obj])


@pytest.mark.parametrize("ticks", [range(200, 300, 3), range(700, 830, 2), range(1008, 1030)], ids=str)
def test_every_slab_is_in_exactly_one_place(fork: Run, ticks: range) -> None:
    """Each stands as a card, or is behind a "+N slabs", or is drawn on its way; never two of these."""
    stage, cache = composer(fork, (1920, 1080)), fork.about.stage_cache
    for tick in ticks:
        scene, scenery, moves = scenery_at(stage, tick + 0.37)
        flying = [move.slab for move in flights_of(moves, tick + 0.37).slabs if move.kind is not MoveKind.GIVE_BACK]
        standing = [block.key[1] for block in scene.blocks if isinstance(block.key, tuple) and block.key[0] == "slab"]
        assert len(set(flying)) == len(flying)
        assert len(set(standing)) == len(standing)
        assert not set(flying) & set(standing)
        machine = fork.machine_at(tick)
        alive = {slab.id for slab in machine.slabs.values() if slab.cache.id == cache} - set(machine.rcu_slabs)
        hidden = alive - set(flying) - set(standing)
        assert set(flying) | set(standing) <= alive
        assert hidden <= listed(scenery)


def listed(scenery: Scenery) -> set[int]:
    """The cards of all lists, those without room too."""
    state = scenery.state
    entries = [
        *state.node.partial,
        *state.node.full,
        *(entry for lane in state.lanes for entry in (lane.active, *lane.parked)),
    ]
    return {entry.slab for entry in entries if isinstance(entry, SlabCard)}


def test_objects_in_a_slab_that_is_coming_are_not_drawn_beside_it(fork: Run) -> None:
    waiting = Move(MoveKind.ALLOC, 5, 14.0, 2.0, 0, 0, 7, 1, 3, ("cell", 7, 1), ("holder", 3))
    slab = Move(MoveKind.SLAB, 4, 11.0, 3.0, 0, 0, 7, -1, 0, ("parked", 0), ("active", 0))
    coming = flights_of((slab, waiting), 12.5)
    assert (coming.slabs, coming.objects, coming.aboard) == ((slab,), (), (waiting,))
    assert flights_of((waiting,), 14.5).objects == (waiting,)


def test_a_slab_that_starts_in_a_later_tick_still_stands() -> None:
    slab = Move(MoveKind.SLAB, 4, 14.0, 3.0, 0, 0, 7, -1, 0, ("full",), ("parked", 0))
    assert not flights_of((slab,), 12.9).slabs
    assert flights_of((slab,), 14.0).slabs == (slab,)


def text_boxes(scene: Scene) -> list[tuple[Rect, str]]:
    """Where the letters of the static layer are, a little less than the line's height."""
    found = []
    for block in scene.blocks:
        for node in block.nodes:
            if isinstance(node, Text):
                wide, tall = measure()(node.text, node.style), node.style.size * 7 // 10
                left = node.x - {"l": 0, "m": wide // 2, "r": wide}[node.anchor]
                found.append(((left, node.y - tall // 2, wide, tall), node.text))
    return found


def crosses(a: Point, b: Point, rect: Rect) -> bool:
    x, y, w, h = rect
    return max(a[0], b[0]) >= x and min(a[0], b[0]) < x + w and max(a[1], b[1]) >= y and min(a[1], b[1]) < y + h


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_routes_cross_no_text(fork: Run, size: tuple[int, int]) -> None:
    stage, roads = composer(fork, size), 0
    for tick in range(120, fork.last_tick, 9):
        scene, scenery, moves = scenery_at(stage, tick + 0.4)
        lines = [scenery.route(move).road for move in moves]
        lines += [node.points for node in asked_nodes(scenery) if isinstance(node, Line)] if scenery.hot >= 0 else []
        letters = text_boxes(scene) if lines else []
        for road in lines:
            roads += 1
            for a, b in pairwise(road):
                assert not [(tick, text, a, b) for rect, text in letters if crosses(a, b, rect)]
    assert roads > 100


def test_the_test_above_would_see_a_line_through_a_word() -> None:
    assert crosses((0, 10), (100, 10), (40, 5, 20, 10))
    assert not crosses((0, 20), (100, 20), (40, 5, 20, 10))


def test_a_frame_is_the_same_whichever_way_one_comes(fork: Run) -> None:
    positions = [205.2, 206.9, 208.4, 209.7, 380.1, 760.7, 819.6, 936.5, 1016.5]
    there, back = composer(fork), composer(fork)
    forwards = {at: there.scene(at) for at in positions}
    for at in reversed(positions):
        scene = back.scene(at)
        assert scene.movers == forwards[at].movers
        assert [block.nodes for block in scene.blocks] == [block.nodes for block in forwards[at].blocks]
        assert scene.movers == composer(fork).scene(at).movers


@pytest.mark.parametrize("speed", [16.0, 100.0])
def test_fast_motion_is_a_function_of_the_position_too(driver: Run, speed: float) -> None:
    first, second = composer(driver, speed=speed), composer(driver, speed=speed)
    second.scene(900.0)
    assert first.scene(410.3).movers == second.scene(410.3).movers
    assert first.scene(410.3).movers != first.scene(430.3).movers


def many(count: int) -> list[Move]:
    return [
        Move(MoveKind.ALLOC, number, 200.0, 2.0, number % 4, 0, 13, number, 30, ("cell", 13, number), ("holder", 30))
        for number in range(count)
    ]


@pytest.fixture(name="scenery")
def _scenery(fork: Run) -> Scenery:
    return scenery_at(composer(fork), 208.4)[1]


def test_24_flights_have_trails_64_are_drawn_alone_more_are_counted(scenery: Scenery) -> None:
    few, more, most = (object_nodes(many(count), 201.0, scenery) for count in (WITH_TRAILS, MOST, MOST + 16))
    assert _chips(few) == WITH_TRAILS
    assert _chips(more) == MOST
    assert _trails(more) == _trails(few) > 0
    assert _chips(most) == 4
    assert "alloc ×20" in [node.text for node in most if isinstance(node, Text)]


def _chips(nodes: Sequence[Node]) -> int:
    return sum(isinstance(node, Box) and node.stroke == "focus" for node in nodes)


def _trails(nodes: Sequence[Node]) -> int:
    return sum(isinstance(node, Box) and node.alpha < 255 for node in nodes)


def test_at_8x_there_are_no_trails(fork: Run, scenery: Scenery) -> None:
    quick = Scenery(scenery.state, scenery.anchors, measure(), pace_of(8))
    assert not _trails(object_nodes(many(3), 201.0, quick))
    assert not [node for node in path_nodes([], 201.0, quick) if isinstance(node, Line) and node.dash == (9, 4)]


def test_a_paused_picture_is_a_still_one(fork: Run) -> None:
    stage = composer(fork)
    view = ViewState(playing=False)
    assert stage.scene(208.4, view).movers == stage.scene(208.4, view).movers


def test_things_move_steadily_between_two_pictures(fork: Run) -> None:
    """No thing jumps while the picture under it stays the same: at most its speed, which cubic easing triples."""
    stage, last = composer(fork), dict[tuple[int, int], tuple[object, Point]]()
    for step in range(200 * 20, 230 * 20):
        _, scenery, moves = scenery_at(stage, step / 20)
        now = dict[tuple[int, int], tuple[object, Point]]()
        for move in flights_of(moves, step / 20).objects:
            spot = object_spot(move, step / 20, scenery)
            known = last.get((move.event, move.obj))
            if known is not None and known[0] is scenery:
                most = scenery.route(move).track.length * 3 / (move.duration * 20) + 3
                assert dist(known[1], spot) <= most
            now[move.event, move.obj] = scenery, spot
        last = now
