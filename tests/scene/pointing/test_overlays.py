"""What lies over the page stays on it, in every size and language; nothing in it is written over something else."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from slabviz.scene import commands as c
from slabviz.scene.display import Box, Measure, Node, Polygon, Scene, Text
from slabviz.scene.layout.regions import WIDEST_PANEL, panel_room, regions
from slabviz.scene.levels import Selected
from slabviz.scene.view import Asked, Card, Entry, Loop, Menu, Tip, ViewState
from slabviz.timeline.playback import event_ticks
from slabviz.timeline.run import Run
from tests.scene.layout.page import inside, outside, overlap, overlapping_texts, text_rect
from tests.scene.pointing.conftest import MakeComposer

SIZES = ((1280, 720), (1920, 1080))
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.97))


def on_page(scene: Scene, measure: Measure) -> bool:
    page = (0, 0, *scene.size)
    boxes = all(inside((node.x, node.y, node.w, node.h), page) for node in scene.overlay if isinstance(node, Box))
    return boxes and all(inside(text_rect(node, measure), page) for node in scene.overlay if isinstance(node, Text))


def crossed(nodes: list[Node], measure: Measure) -> list[str]:
    words = [(node.text, text_rect(node, measure)) for node in nodes if isinstance(node, Text)]
    return [f"{a[0]} / {b[0]}" for a, b in combinations(words, 2) if overlap(a[1], b[1])]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_cards_and_menus_stay_on_the_page_wherever_the_pointer_is(
    size: tuple[int, int], language: str, composer_of: MakeComposer, measure: Measure
) -> None:
    composer = composer_of(size, language)
    composer.scene(300)
    for across, down in CORNERS:
        x, y = int(across * (size[0] - 1)), int(down * (size[1] - 1))
        for key, _ in composer.things[::5]:
            for view in (ViewState(tip=Tip(x, y, "", key)), ViewState(menu=Menu(x, y, key))):
                scene = composer.scene(300, view)
                assert scene.overlay
                assert on_page(scene, measure), (key, x, y)
                assert crossed(scene.overlay, measure) == []
        scene = composer.scene(300, ViewState(cards=(Card(("slab", 3), x, y),)))
        assert on_page(scene, measure)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("text", ["", "a", "1", "nothing like it", "W" * 80])
def test_entries_are_whole(
    size: tuple[int, int], language: str, text: str, composer_of: MakeComposer, measure: Measure
) -> None:
    composer = composer_of(size, language)
    for asked in Asked:
        scene = composer.scene(300, ViewState(entry=Entry(asked, text)))
        assert on_page(scene, measure)
        assert crossed(scene.overlay, measure) == []
        assert isinstance(scene.targets[-1].command, c.Close | c.TakeHit)


def test_a_press_beside_a_menu_closes_it(composer_of: MakeComposer) -> None:
    composer = composer_of()
    composer.scene(300)
    scene = composer.scene(300, ViewState(menu=Menu(200, 200, ("slab", 3))))
    whole = [target for target in scene.targets if target.rect == (0, 0, 1280, 720)]
    assert [target.command for target in whole] == [c.Close()]


def test_the_range_is_marked_where_its_ticks_are(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of()
    plain = len(composer.scene(300, ViewState()).movers)
    strip = composer._strip(run.about.stage_cache)
    one = composer.scene(300, ViewState(loop=Loop(first=100.0)))
    assert len(one.movers) == plain + 3
    both = composer.scene(300, ViewState(loop=Loop(100.0, 200.0)))
    tint = next(node for node in both.movers if isinstance(node, Box) and node.alpha == 20)
    assert (tint.x, tint.w) == (strip.scale.x(100), strip.scale.x(200) - strip.scale.x(100))
    letters = [node.text for node in both.movers if isinstance(node, Text) and node.text in "AB"]
    assert letters == ["A", "B"]
    played = composer.scene(300, ViewState(loop=Loop(100.0, 200.0, on=True)))
    filled = [node for node in played.movers if isinstance(node, Polygon) and node.fill == "cache"]
    assert len(filled) == 4, "the handles are filled while the range is played over"


def test_a_range_without_events_says_so_and_leads_on(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of()
    cache = run.about.stage_cache
    ticks = event_ticks(run, cache).tolist()
    before, after = next((a, b) for a, b in pairwise(ticks) if b - a > 4)
    loop = Loop(before + 1.0, after - 1.0)
    scene = composer.scene(before + 2, ViewState(loop=loop))
    assert run.config.caches[cache].name in composer.caption.sentence
    assert str(before + 1) in composer.caption.sentence
    assert c.Seek(after) in [target.command for target in scene.targets]
    composer.scene(after, ViewState(loop=loop))
    assert "No event" not in composer.caption.sentence, "outside of the range things are told as ever"


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900), (1920, 1080), (3840, 2160)])
def test_the_right_column_takes_any_width_that_it_is_given(size: tuple[int, int]) -> None:
    least, most = panel_room(*size)
    assert least == 320
    assert most <= WIDEST_PANEL
    for width in (0, least, (least + most) // 2, most, 9999):
        at = regions(*size, tabs=True, panel_width=width)
        assert at.panel[2] == min(max(width, least), most)
        assert at.panel[0] + at.panel[2] == size[0] - at.metrics.margin
        assert min(at.lanes[2] - at.metrics.left, 0) == 0
        assert at.node[0] + at.node[2] + at.channel2[2] == at.panel[0]


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_a_page_with_a_wide_column_is_sound(size: tuple[int, int], composer_of: MakeComposer, measure: Measure) -> None:
    composer = composer_of(size)
    for width in panel_room(*size):
        blocks = composer.scene(300.4, ViewState(panel_width=width)).blocks
        assert overlapping_texts(blocks, measure) == []
        assert outside(blocks, measure) == []


def test_what_is_chosen_is_in_sight(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of()
    machine = run.machine_at(777)
    for slab in [slab for slab in machine.slabs.values() if slab.cache.id == run.about.stage_cache]:
        composer.scene(777, ViewState(selected=Selected(slab.id)))
        laid = composer._laid
        assert laid is not None
        flying = {card.slab for card in laid.state.travelling}
        assert slab.id in laid.anchors.grids.keys() | flying, slab.id
