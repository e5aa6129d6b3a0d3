"""`show` and chapters: what the story turns to is carried in the run, also in a saved one, and obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.app.player import Player
from slabviz.errors import ScenarioError
from slabviz.library.drawing import frame
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.scene import commands as c
from slabviz.scene.lessons.report_text import TEXTS
from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.shown import as_told
from slabviz.scene.view import ViewState
from slabviz.timeline import runfile
from slabviz.timeline.run import Run
from slabviz.timeline.showing import ERROR, LEVELS, PANELS, REPORTS, Show
from slabviz.window.null import NullWindow

STORY = """
slabviz: 1
title: {en: Shown}
show: {level: kernel, cache: small}
run: {for: 60 ticks, at_most: 120 ticks}
machine: {cpus: 1}
caches: {large: {size: 1000 B}, small: {size: 100 B}}
tasks:
  a: {program: [{alloc: {cache: large, as: x}}, {sleep: 40 ticks}, {free: x}]}
chapters:
  - {at: 16 ticks, title: {en: One}, say: {en: One.}, show: {level: slab, cache: large, select: {slab: newest}}}
  - {at: 20 ticks, title: {en: Two}, say: {en: Two.}, show: {panel: structs, speed: 0.5}}
  - {at: 30 ticks, title: {en: Three}, say: {en: Three.}, show: {report: slabtop, select: {holder: a}}}
"""


@pytest.fixture(scope="module")
def run() -> Run:
    return story(STORY)


def story(text: str) -> Run:
    return play(read_scenario(decode(text.encode(), "s.yaml")))


def test_the_words_are_those_of_the_window() -> None:
    assert (*(level.name.lower() for level in Level), ERROR) == LEVELS
    assert tuple(panel.value for panel in Panel) == PANELS
    assert TEXTS == REPORTS


def test_the_run_says_what_is_shown_when(run: Run) -> None:
    assert run.about.show == Show(level="kernel", cache=1)
    assert run.chapters[0].show == Show(level="slab", cache=0, slab=0)
    assert run.shown_at(25) == Show(level="slab", cache=0, slab=0, panel="structs", speed=0.5)
    assert run.chapters[2].show == Show(panel="text", report="slabtop", cache=0, slab=0, index=_taken(run))


def _taken(run: Run) -> int:
    (offset,) = run.machine_at(30).slabs[0].owners
    return run.machine_at(30).slabs[0].index_of(offset)


def test_a_saved_run_shows_the_same(run: Run, tmp_path: Path) -> None:
    runfile.write(run, tmp_path / "s.slabviz")
    again = runfile.load(tmp_path / "s.slabviz")
    assert (again.about, again.chapters) == (run.about, run.chapters)


def test_a_view_follows_the_story_but_for_what_it_keeps(run: Run) -> None:
    assert as_told(run, 0, ViewState()).level is Level.KERNEL
    late = as_told(run, 40, ViewState())
    assert (late.level, late.panel, late.report) == (Level.SLAB, Panel.TEXT, "slabtop")
    kept = as_told(run, 40, ViewState(level=Level.BYTES, kept=frozenset({"level"})))
    assert (kept.level, kept.panel) == (Level.BYTES, Panel.TEXT)


def test_a_still_shows_it_too(run: Run) -> None:
    kept = ViewState(level=Level.CACHE, kept=frozenset({"level"}))
    size = (640, 360)
    assert (frame(run, 17, size) != frame(run, 17, size, view=kept)).any()
    asked = ViewState(level=Level.SLAB, cache=0, selected=Selected(0), kept=frozenset({"level", "cache", "selected"}))
    assert (frame(run, 17, size) == frame(run, 17, size, view=asked)).all()


def test_playing_and_seeking_turn_the_view_until_it_is_turned_by_hand(run: Run) -> None:
    player = Player(run, NullWindow([]), sleep=lambda seconds: None)

    def at(tick: int) -> ViewState:
        player.obey(c.Seek(tick))
        player._show(0.0)
        return player.view

    assert (at(0).level, at(0).cache) == (Level.KERNEL, 1)
    assert (at(17).level, at(17).cache, at(17).selected) == (Level.SLAB, 0, Selected(0))
    assert at(22).panel is Panel.STRUCTS
    assert player.playback.speed == 0.5
    assert at(5).level is Level.KERNEL
    assert player.playback.speed == 1.0
    at(17)
    player.obey(c.SetLevel(Level.BYTES))
    player.obey(c.SetSpeed(4.0))
    assert (at(18).level, player.playback.speed) == (Level.BYTES, 4.0)
    assert (at(25).level, player.playback.speed) == (Level.BYTES, 0.5)
    assert at(5).level is Level.KERNEL


@pytest.mark.parametrize(
    ("show", "problem"),
    [
        ("{level: slabs}", "error[unknown-word]: `slabs` is not a word for this place"),
        ("{panel: path, levle: slab}", "error[unknown-key]: unknown key `levle` in `show`"),
        ("{cache: smal}", "error[unknown-name]: there is no cache `smal`"),
        ("{speed: 3}", "error[unknown-word]: `3` is no speed of the window"),
        ("{report: slabtp}", "error[unknown-word]: `slabtp` is not a word for this place"),
        ("{select: {slab: nwest}}", "error[unknown-word]: `nwest` is not a word for this place"),
        ("{select: {object: 3}}", "error[missing-key]: `select` needs one of `slab` or `holder`"),
        ("{compare: [a, b]}", "error[unknown-name]: there is no variant `a`"),
    ],
)
def test_what_cannot_be_shown_is_said(show: str, problem: str) -> None:
    text = STORY.replace("{level: kernel, cache: small}", show)
    with pytest.raises(ScenarioError) as found:
        story(text)
    assert problem in str(found.value)


def test_two_variants_can_be_opened_side_by_side(tmp_path: Path) -> None:
    from slabviz.library import load
    from slabviz.library.pairs import opening_pair

    path = tmp_path / "two.yaml"
    variants = "variants: {right: {}, wrong: {seed: 2}}\n"
    path.write_text(STORY.lstrip().replace("cache: small}", "compare: [wrong, right]}", 1) + variants, "utf-8")
    pair = opening_pair(load(path))
    assert pair is not None
    assert [each.variant for each in pair] == ["wrong", "right"]  # type: ignore[attr-defined]
    assert opening_pair(load(path, "right")) is None


def test_what_a_run_never_shows_is_said() -> None:
    lines = """  - {at: 5 ticks, title: {en: A}, say: {en: A.}, show: {select: {slab: newest}}}
  - {when: {event: oom}, title: {en: B}, say: {en: B.}}
  - {at: 9 ticks, title: {en: C}, say: {en: C.}, ask: {question: {en: Q}, answer: {state: {slab: full}}}}
"""
    run = story(STORY.partition("chapters:")[0] + "chapters:\n" + lines)
    assert [what.partition(": ")[2] for what in run.about.missed] == [
        "this chapter never begins",
        "there is no such slab or object to select at tick 5",
        "this question has no answer at tick 9",
    ]
    assert all(what.startswith("s.yaml:1") for what in run.about.missed)
    assert story(STORY).about.missed == ()


def test_the_error_screen_stands_until_another_level_is_asked_for() -> None:
    shown = "say: {en: Two.}, show: {level: error}}"
    run = story(STORY.replace("say: {en: Two.}, show: {panel: structs, speed: 0.5}}", shown))
    assert [as_told(run, tick, ViewState()).error_open for tick in (0, 19, 20, 40)] == [False, False, True, True]
    assert as_told(run, 20, ViewState()).level is Level.SLAB
    back = story(STORY.replace("show: {panel: structs, speed: 0.5}", "show: {level: error}").replace(
        "show: {report: slabtop", "show: {level: bytes, report: slabtop"
    ))  # fmt: skip
    assert not as_told(back, 30, ViewState()).error_open
    assert as_told(back, 30, ViewState()).level is Level.BYTES
