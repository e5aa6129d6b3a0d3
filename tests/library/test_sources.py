"""What SOURCE may be, and what is said of everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

import slabviz
from slabviz.errors import SourceError, UsageError
from slabviz.library import shipped
from slabviz.library.sources import RecordingSource, SavedRun, ScenarioSource, load


def test_the_four_workloads_are_shipped_in_a_learners_order() -> None:
    workloads = [(item.id, item.name) for item in shipped() if item.path.parent.name == "workloads"]
    assert workloads[:4] == [
        ("D1", "fork"),
        ("D2", "inode"),
        ("D3", "skb"),
        ("D4", "driver"),
    ]


@pytest.mark.parametrize("text", ["fork", "Fork", "D1", "d1"])
def test_a_shipped_scenario_is_found_by_name_and_id(text: str) -> None:
    source = load(text)
    assert isinstance(source, ScenarioSource)
    assert source.path.name == "fork.yaml"
    assert source.name == "fork"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("my.yaml", b"", ScenarioSource),
        ("noname", b"slabviz: 1\n", ScenarioSource),
        ("x.jsonl.gz", b"", RecordingSource),
        ("renamed", b"\x1f\x8b\x08", RecordingSource),
        ("x.slabviz", b"", SavedRun),
        ("renamed", b"SLABVIZ\n", SavedRun),
        ("wrong.yaml", b"SLABVIZ\n", SavedRun),
    ],
)
def test_a_file_is_known_by_its_first_bytes_or_its_name(
    tmp_path: Path, name: str, head: bytes, kind: type[object]
) -> None:
    path = tmp_path / name
    path.write_bytes(head)
    assert type(load(path)) is kind
    assert load(path).name == name.partition(".")[0]


def test_a_file_comes_before_a_shipped_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fork").write_bytes(b"slabviz: 1\n")
    source = load("fork")
    assert isinstance(source, ScenarioSource)
    assert source.path == Path("fork")


@pytest.mark.parametrize(
    ("text", "words"),
    [("frok", "did you mean fork"), ("nothing/at-all.yaml", "shipped scenarios are"), (".", "is a folder")],
)
def test_what_is_not_there_is_said_with_the_nearest_name(text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        slabviz.load(text)


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(SourceError, match="no source that slabviz knows"):
        load(path)


def test_what_is_over_takes_no_seed(tmp_path: Path) -> None:
    for name in ("x.jsonl.gz", "x.slabviz"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(UsageError, match="--seed"):
            load(tmp_path / name).run(seed=1)
    with pytest.raises(UsageError, match="--ticks"):
        load(tmp_path / "x.slabviz").run(ticks=5)
