"""A scenario file that changes while it plays is read again; the last good one outlives mistakes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from slabviz.app.player import Player
from slabviz.app.watch import Watch
from slabviz.window import Input, Key
from tests.app.quiz_file import ASKS, Clock, find, session


def frames(*keys: str) -> Iterator[list[Input]]:
    """Nothing at first, which is when the source is read; then one key a frame."""
    yield []
    for key in keys:
        yield [Key(key)]
    yield []


def rounds(count: int = 150) -> Iterator[list[Input]]:
    """So many frames that the watch has looked; each gives the thread that reads a moment."""
    for _ in range(count):
        time.sleep(0.005)
        yield []


def test_a_change_is_shown_at_the_same_tick_with_the_same_view(tmp_path: Path, players: list[Player]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(ASKS, encoding="utf-8")

    def script() -> Iterator[list[Input]]:
        yield from frames("right", "right", "3")
        path.write_text(ASKS.replace("Seventeen", "Eighteen"), encoding="utf-8")
        yield from rounds()

    session(script(), tmp_path / "user")[0].go(find(str(path)))
    it = players[0]
    assert (it.tick, int(it.view.level)) == (2, 3)
    assert it.run.chapters[0].title["en"] == "Eighteen"
    assert it.beside.faults is None


def test_a_mistake_keeps_the_last_good_version_beside_it(tmp_path: Path, players: list[Player]) -> None:
    path, seen = tmp_path / "x.yaml", []
    path.write_text(ASKS, encoding="utf-8")

    def script() -> Iterator[list[Input]]:
        yield from frames("right")
        path.write_text(ASKS.replace("{cache: thing", "{cache: thnig"), encoding="utf-8")
        yield from rounds()
        it = players[0]
        assert it.beside.faults is not None
        assert it.beside.faults.problems[0].place.endswith("x.yaml:8:43")
        assert it.picture.scene is not None
        texts = [getattr(node, "text", "") for node in it.picture.scene.overlay]
        assert any("x.yaml:8:43" in text for text in texts)
        yield from frames("right")
        assert it.tick == 2  # it can be played on
        seen.append(it.run)
        path.write_text(ASKS + "\n# mended\n", encoding="utf-8")
        yield from rounds()
        seen.append(it.run)

    session(script(), tmp_path / "user")[0].go(find(str(path)))
    assert players[0].beside.faults is None
    assert seen[0] is not seen[1]
    assert players[0].tick == 2


def test_an_included_file_is_watched_as_well(tmp_path: Path, players: list[Player]) -> None:
    path, part = tmp_path / "x.yaml", tmp_path / "part.yaml"
    path.write_text(ASKS.replace("caches: {thing: {size: 1 KiB}}", "include: part.yaml"), encoding="utf-8")
    part.write_text("slabviz: 1\ncaches: {thing: {size: 1 KiB}}\n", encoding="utf-8")

    def script() -> Iterator[list[Input]]:
        yield []
        part.write_text("slabviz: 1\ncaches: {thing: {size: 2 KiB}}\n", encoding="utf-8")
        yield from rounds()

    session(script(), tmp_path / "user")[0].go(find(str(path)))
    assert players[0].run.config.caches[0].object_size == 2048


def test_the_watch_looks_twice_a_second_and_tells_a_change_once(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a", encoding="utf-8")
    watch = Watch(lambda: [path])
    assert not watch.has_changed(1.0)
    path.write_text("ab", encoding="utf-8")
    assert not watch.has_changed(1.2)
    assert watch.has_changed(1.6)
    assert not watch.has_changed(3.0)
    path.unlink()
    assert watch.has_changed(4.0)


def test_a_file_that_is_broken_when_it_is_opened_is_played_once_it_is_mended(
    tmp_path: Path, players: list[Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(ASKS.replace("{cache: thing", "{cache: thnig"), encoding="utf-8")
    monkeypatch.setattr(time, "perf_counter", Clock(4))

    def script() -> Iterator[list[Input]]:
        yield from rounds(6)
        path.write_text(ASKS, encoding="utf-8")
        yield from rounds(12)

    session(script(), tmp_path / "user")[0].go(find(str(path)))
    assert [player.name for player in players] == ["x"]
