"""The survey of frames: few frames of a run take turns through every view, and what it is given it looks at."""

from __future__ import annotations

from slabviz.library import load
from slabviz.scene.levels import LESSONS, Level, Panel
from slabviz.scene.looks import Looks
from slabviz.scene.screens import levels
from slabviz.testing.survey import Look, all_views, survey

LOOKS = [Look((1280, 720), Looks(theme, "en")) for theme in ("dark", "light")]


def test_every_level_panel_and_view_of_a_lesson_is_looked_at() -> None:
    views = all_views()
    assert {view.level for view in views} == set(levels()) == set(Level)
    assert {view.panel for view in views} == set(Panel)
    assert {view.panel for view in views} >= set(LESSONS)
    assert any(view.error_open for view in views)
    assert any(view.help_open for view in views)
    assert all(any(getattr(view, name) for view in views) for name in ("tip", "menu", "entry", "cards", "controls"))


def test_the_views_take_turns_from_look_to_look() -> None:
    """With 4 moments in 2 looks there are 4 turns of others than the stage: all different, and seeds go on."""
    run = load("a01_layers").run()
    seen = [[frame.view for frame in survey(run, 4, seed, LOOKS)] for seed in (0, 4)]
    assert all(view == all_views()[0] for views in seen for view in views[::2])
    others = [view for views in seen for view in views[1::2]]
    assert others == all_views()[1:9]
