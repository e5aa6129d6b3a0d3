"""The course: every lesson of the syllabus is there, keeps its promises, and each promise could have been broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import pytest

from slabviz.cli import main
from slabviz.resources import scenario_folder
from slabviz.scenario.expect import judge
from slabviz.scenario.loader import load_scenarios
from slabviz.scenario.play import play
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.story import ExpectAt, ExpectEver, ExpectSpec, ExpectText
from slabviz.timeline.run import Run
from slabviz.timeline.showing import LEVELS, PANELS, REPORTS

SYLLABUS = (
    "A1", "A2", "A3", "A4", "A5", "A6",
    "B1", "B2", "B3", "B4", "B5",
    "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12",
    "D1", "D2", "D3", "D4", "D5",
    "E1", "E2",
    "F1", "F2", "F3", "F4", "F5",
    "G1", "G2", "G3",
)  # fmt: skip
"""The lessons, as the course numbers them."""

FOLDERS = {
    "A": "concepts", "B": "kmalloc", "C": "driver", "D": "workloads", "E": "life", "F": "speed", "G": "looking",
}  # fmt: skip

NEGATED = {"==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<="}
OPPOSITE = {"always": "never", "never": "sometime", "sometime": "never"}

Command = Callable[..., tuple[int, str]]

LESSONS = sorted(path for folder in FOLDERS.values() for path in (scenario_folder() / folder).glob("*.yaml"))

each = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@dataclass(frozen=True, slots=True)
class Told:
    """One variant of a lesson, and its run."""

    scenario: Scenario
    run: Run


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``slabviz ARGUMENTS…`` and give exit code and output."""

    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        return int(end.value.code or 0), capsys.readouterr().out

    return run


@cache
def told(path: Path) -> tuple[Told, ...]:
    """All variants of a lesson, each run once for all tests of this file."""
    return tuple(Told(scenario, play(scenario)) for scenario in load_scenarios(path).values())


def negations(spec: ExpectSpec) -> Iterator[ExpectSpec]:
    """The expectation turned round, one part of it at a time."""
    if isinstance(spec, ExpectEver):
        yield replace(spec, mode=OPPOSITE[spec.mode])
    elif isinstance(spec, ExpectAt):
        for number, test in enumerate(spec.tests):
            other = replace(test, comparison=replace(test.comparison, operator=NEGATED[test.comparison.operator]))
            yield replace(spec, tests=(*spec.tests[:number], other, *spec.tests[number + 1 :]))
    elif isinstance(spec, ExpectText):
        yield from _texts(spec)
    else:
        yield replace(spec, comparison=replace(spec.comparison, operator=NEGATED[spec.comparison.operator]))


def _texts(spec: ExpectText) -> Iterator[ExpectText]:
    for text in spec.contains:
        yield replace(spec, lacks=(*spec.lacks, text))
    for text in spec.lacks:
        yield replace(spec, contains=(*spec.contains, text))
    for line in spec.lines:  # the same words, and then one that no kernel prints
        yield replace(spec, lines=(*spec.lines, f"{line} negated"))


def test_the_list_shows_every_lesson_of_the_syllabus(command: Command) -> None:
    code, output = command("list")
    assert code == 0
    shown = [line.split()[0] for line in output.splitlines() if line.strip()]
    assert set(SYLLABUS) <= set(shown)
    assert len(shown) == len(set(shown))


def test_lessons_lie_where_the_syllabus_has_them() -> None:
    ids = {load.id: path for path in LESSONS for load in load_scenarios(path).values()}
    assert sorted(ids) == sorted(SYLLABUS)
    assert [FOLDERS[id[0]] for id in ids] == [path.parent.name for path in ids.values()]


@each
def test_every_promise_is_kept(path: Path) -> None:
    for variant in told(path):
        assert len(variant.run.verdicts) >= 3
        assert [verdict for verdict in variant.run.verdicts if not verdict.held] == []


@each
def test_every_promise_turned_round_is_broken_and_names_its_line(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for variant in told(path):
        assert isinstance(variant.run.judge, partial)
        _, run, counters, *rest = variant.run.judge.args
        turned = tuple(other for spec in variant.scenario.expect for other in negations(spec))
        assert len(turned) >= len(variant.scenario.expect)
        wrong = replace(variant.scenario, expect=turned)
        for verdict, spec in zip(judge(wrong, run, counters, *rest), turned, strict=True):
            assert not verdict.held, verdict
            assert verdict.detail
            assert verdict.where == f"{path}:{spec.place.line}:{spec.place.column}"
            assert lines[spec.place.line - 1].lstrip().startswith("- {")


@each
def test_every_chapter_begins_and_is_told_in_both_languages(path: Path) -> None:
    for variant in told(path):
        said = [chapter for chapter in variant.run.chapters if chapter.title]
        assert len(said) == len(variant.scenario.chapters) >= 3, [chapter.title["en"] for chapter in said]
        assert len({chapter.tick for chapter in said}) == len(said)
        for chapter in said:
            assert set(chapter.say) == set(chapter.title) == {"en", "zh"}
            assert chapter.say["en"] != chapter.say["zh"]
            assert all(text.strip() for text in (*chapter.say.values(), *chapter.title.values()))
        assert any(chapter.pause for chapter in said), "a teacher stops somewhere"


@each
def test_it_opens_the_view_that_it_needs(path: Path) -> None:
    for variant in told(path):
        shows = [variant.run.about.show, *(chapter.show for chapter in variant.run.chapters)]
        assert not all(show.is_empty for show in shows)
        for show in shows:
            assert show.level in (None, *LEVELS)
            assert show.panel in (None, *PANELS)
            assert show.report in (None, *REPORTS)
            assert show.cache is None or 0 <= show.cache < len(variant.run.config.caches)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("driver/c01_layout", "{counter: base_plus_64, value: 1}", "{counter: base_plus_64, value: 0}"),
        ("speed/f03_colouring", "coloured_sets: 12}", 'coloured_sets: "!= 12"}'),
        ("driver/c09_leak", "{at: end, bad_headers: 0}", '{at: end, bad_headers: "> 0"}'),
    ],
)
def test_the_command_fails_and_points_at_the_line(
    name: str, right: str, wrong: str, tmp_path: Path, command: Command
) -> None:
    text = (scenario_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.count(right) == 1
    changed = tmp_path / "lesson.yaml"
    changed.write_text(text.replace(right, wrong), encoding="utf-8")
    line = next(number for number, row in enumerate(changed.read_text("utf-8").splitlines(), 1) if wrong in row)
    code, output = command("run", changed)
    assert code == 1
    (failed,) = [row for row in output.splitlines() if row.startswith("FAILED")]
    assert f"lesson.yaml:{line}:" in failed
    assert command("run", scenario_folder() / f"{name}.yaml")[0] == 0


def test_a_lesson_becomes_a_film(tmp_path: Path, command: Command) -> None:
    """All of them, by hand: ``scripts/render_lessons.py``."""
    pytest.importorskip("av", reason="needs the extra video")
    film, looks = tmp_path / "lesson.mp4", ("--size", "320x180", "--fps", 5, "--speed", "100")
    assert command("render", scenario_folder() / "driver/c10_corruption.yaml", "-o", film, *looks)[0] == 0
    assert film.stat().st_size > 1000
