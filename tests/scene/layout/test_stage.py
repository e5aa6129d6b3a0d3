"""The laws of the stage at every size and in extreme states: nothing overlaps, nothing is cut off, all keys differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slabviz.scene.commands import Command, TogglePlay
from slabviz.scene.display import Block, Measure, Text
from slabviz.scene.state import StageState
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.stage import signs
from tests.scene.layout.conftest import SIZES, MakeDesk
from tests.scene.layout.mock_stage import mock_stage, with_cpus, with_objects, with_slabs
from tests.scene.layout.page import inside, laid_out, outside, overlap, overlapping_texts, text_rect, texts

EXTREMES = {
    "mock": mock_stage(),
    "1 cpu": with_cpus(1),
    "6 cpus": with_cpus(6),
    "8 cpus": with_cpus(8),
    "16 cpus": with_cpus(16),
    "64 cpus": with_cpus(64),
    "1 object": with_objects(1),
    "16 objects": with_objects(16),
    "85 objects": with_objects(85),
    "512 objects": with_objects(512),
    "no slab": with_slabs(0),
    "5 slabs": with_slabs(5),
    "500 slabs": with_slabs(500),
}


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    assert isinstance(request.param, tuple)
    return request.param


@pytest.mark.parametrize("name", EXTREMES)
def test_nothing_overlaps_or_leaves_its_card(
    name: str, size: tuple[int, int], desk_of: MakeDesk, measure: Measure
) -> None:
    blocks, _ = laid_out(desk_of(size), EXTREMES[name])
    assert overlapping_texts(blocks, measure) == []
    assert outside(blocks, measure) == []
    assert all(inside(block.rect, (0, 0, *size)) for block in blocks)


@pytest.mark.parametrize("name", EXTREMES)
def test_keys_are_unique_and_text_is_large_enough(name: str, desk_of: MakeDesk, measure: Measure) -> None:
    blocks, _ = laid_out(desk_of((1600, 900)), EXTREMES[name])
    keys = [block.key for block in blocks]
    assert len(keys) == len(set(keys))
    assert min(node.style.size for _, node, _ in texts(blocks, measure)) >= 12


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_both_languages_fit(language: str, size: tuple[int, int], desk_of: MakeDesk, measure: Measure) -> None:
    blocks, _ = laid_out(desk_of(size, language), mock_stage())
    assert overlapping_texts(blocks, measure) == []


def test_an_unchanged_stage_is_the_same_objects(desk_of: MakeDesk) -> None:
    desk = desk_of((1600, 900))
    first, _ = laid_out(desk, mock_stage())
    again, _ = laid_out(desk, mock_stage())
    assert all(old is new for old, new in zip(first, again, strict=True))


def test_a_change_makes_only_its_own_blocks_new(desk_of: MakeDesk) -> None:
    desk, state = desk_of((1600, 900)), mock_stage()
    first, _ = laid_out(desk, state)
    lane = replace(state.lanes[3], chain=(4,))
    second, _ = laid_out(desk, replace(state, lanes=(*state.lanes[:3], lane)))
    assert [block.key for old, block in zip(first, second, strict=True) if old is not block] == [("chain", 3)]


def test_the_next_tick_moves_the_counter_and_the_timeline(desk_of: MakeDesk) -> None:
    desk, state = desk_of((1600, 900)), mock_stage()
    first, _ = laid_out(desk, state)
    second, _ = laid_out(desk, replace(state, tick=state.tick + 3))
    assert {block.key for block in second} - {block.key for block in first} == set()
    changed = {block.key for block in second if not any(block is old for old in first)}
    assert changed == {("tick",), ("played",)}


def test_every_place_of_a_move_has_an_anchor(size: tuple[int, int], desk_of: MakeDesk) -> None:
    state = mock_stage()
    _, anchors = laid_out(desk_of(size), state)
    slabs = (7, 12, 9, 3, 11, 5, 2, 10, 1, 4, 6, 8, 13)
    keys: list[tuple[object, ...]] = [("slab", slab) for slab in slabs]
    keys += [("cell", slab, index) for slab in slabs for index in range(5)]
    keys += [(name, cpu) for name in ("lane", "chip", "active", "parked", "pcp") for cpu in range(4)]
    keys += [("holder", card.actor) for card in state.holders.cards]
    keys += [("order", order) for order in range(11)]
    keys += [("partial",), ("full",), ("nr_slabs",), ("frames", 1968), ("expected", 14), ("cell", 14, 3)]
    page = (0, 0, *size)
    assert [key for key in keys if not inside(anchors[key], page)] == []


def test_cells_stand_inside_their_card(desk_of: MakeDesk) -> None:
    _, anchors = laid_out(desk_of((1600, 900)), with_objects(85))
    assert all(inside(anchors["cell", 7, index], anchors["slab", 7]) for index in range(85))


def test_a_hidden_slab_stands_where_the_rest_is_counted(desk_of: MakeDesk) -> None:
    blocks, anchors = laid_out(desk_of((1600, 900)), with_slabs(500))
    drawn = {block.key for block in blocks}
    assert ("slab", 1499) not in drawn
    assert anchors["slab", 1499] == anchors["cell", 1499, 2] == anchors["slab", 1003]
    assert "+497 slabs" in [node.text for block in blocks for node in block.nodes if isinstance(node, Text)]


def test_an_unknown_place_is_a_key_error(desk_of: MakeDesk) -> None:
    _, anchors = laid_out(desk_of((1600, 900)), mock_stage())
    assert anchors.get(("lane", 99)) is None
    with pytest.raises(KeyError):
        anchors["slab", 999]


def test_signposts_cover_no_text_of_the_lanes(size: tuple[int, int], desk_of: MakeDesk, measure: Measure) -> None:
    desk, state = desk_of(size), mock_stage()
    hot = replace(state.lanes[1], interrupted="interrupted: ld 139 in kmem_cache_alloc(task_struct) → 140")
    state = replace(state, lanes=(state.lanes[0], hot, *state.lanes[2:]))
    blocks, anchors = laid_out(desk, state)
    tags = [text_rect(node, measure) for node in signs(desk, state, anchors, blocks) if isinstance(node, Text)]
    covered = [node.text for tag in tags for _, node, rect in texts(blocks, measure) if overlap(tag, rect)]
    assert len(tags) == 6
    assert covered == []


def test_buttons_look_different_under_the_pointer(desk_of: MakeDesk) -> None:
    desk, state = desk_of((1600, 900)), mock_stage()
    play = _target(laid_out(desk, state)[0], "play (Space)")
    calm, _ = laid_out(desk, state)
    hovered, _ = laid_out(desk, state, ViewState(hover=play))
    changed = [new.key for old, new in zip(calm, hovered, strict=True) if old is not new]
    assert changed == [("buttons",)]


def _target(blocks: list[Block], tip: str) -> Command:
    command = next(target.command for block in blocks for target in block.targets if target.tip == tip)
    assert isinstance(command, TogglePlay)
    return command


def test_a_headless_picture_has_no_help_button(desk_of: MakeDesk) -> None:
    blocks, _ = laid_out(desk_of((1600, 900)), mock_stage(), ViewState(controls=False))
    assert ("help",) not in [block.key for block in blocks]


def test_targets_are_large_enough(size: tuple[int, int], desk_of: MakeDesk) -> None:
    blocks, _ = laid_out(desk_of(size), mock_stage())
    pressed = [target.rect for block in blocks for target in block.targets if target.command is not None]
    assert len(pressed) >= 17
    assert all(w >= 20 and h >= 20 for _, _, w, h in pressed)


def test_overlaps_are_found(desk_of: MakeDesk, measure: Measure) -> None:
    """The comparison itself can fail: a sentence without limits runs into the step counter."""
    desk = desk_of((1600, 900))
    blocks, _ = laid_out(desk, mock_stage())
    caption = next(block for block in blocks if block.key == ("caption",))
    doubled = Block("again", caption.rect, "bg", caption.nodes)
    assert overlapping_texts([*blocks, doubled], measure) != []


def _state_with_long_names(state: StageState) -> StageState:
    holder = replace(state.holders.cards[0], name="a-process-with-a-very-long-name-indeed", note="on the way back")
    lane = replace(
        state.lanes[0], agent="kworker/u8:2-events_unbound 4711", call="kmem_cache_alloc(a_long_cache_name) → 4711"
    )
    return replace(
        state,
        title="A scenario whose title is much longer than any title should be, and goes on and on and on and on",
        subtitle="and_so_does_its_file_name_which_nobody_can_remember.yaml · 4 CPUs · 16 MiB · 1 node · Linux 6.1",
        holders=replace(state.holders, cards=(holder, *state.holders.cards[1:])),
        lanes=(replace(lane, waits="waits for list_lock"), *state.lanes[1:]),
        strip=replace(state.strip, name="a_cache_with_a_name_of_fifty_characters_is_not_usual"),
        node=replace(state.node, locked=True, lock="held by CPU1 · CPU0, CPU2 and CPU3 wait in this order for it"),
        caption=replace(
            state.caption, sentence="long " * 60, next="longer " * 60, glossary=(("word", "meaning " * 30),) * 2
        ),
    )


def test_long_texts_are_shortened(size: tuple[int, int], desk_of: MakeDesk, measure: Measure) -> None:
    blocks, _ = laid_out(desk_of(size), _state_with_long_names(mock_stage()))
    assert overlapping_texts(blocks, measure) == []
    assert outside(blocks, measure) == []
    whole = [target.tip for block in blocks for target in block.targets]
    assert any(tip.startswith("long long") for tip in whole)
