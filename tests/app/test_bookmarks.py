"""What the reader has seen is kept whole or not at all; a broken file is set aside; nothing stops the window."""

import json
import os
from pathlib import Path

import pytest

from slabviz.app.bookmarks import FILE, FOLDER, Bookmarks, user_folder
from slabviz.scene.start.course import Standing

HALF = Standing(False, 320, 1, 2)


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    kept = Bookmarks(tmp_path / "new" / "folder")
    kept.keep("A1", HALF)
    kept.keep("D1", Standing(True))
    again = Bookmarks(tmp_path / "new" / "folder")
    assert again.standings == {"A1": HALF, "D1": Standing(True)}
    assert again.last == "D1"
    assert kept.told() is again.told() is None
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [FILE]  # nothing half written beside it


def test_two_windows_keep_each_others_lessons(tmp_path: Path) -> None:
    one, other = Bookmarks(tmp_path), Bookmarks(tmp_path)
    one.keep("A1", HALF)
    other.keep("B1", Standing(True))
    assert Bookmarks(tmp_path).standings == {"A1": HALF, "B1": Standing(True)}


BROKEN = [
    b"", b"{", b"\xff\xfe\x00", b"[]", b'{"version": 2, "last": "", "lessons": {}}', b"[" * 100_000,
    b'{"version": 1, "last": 5, "lessons": {}}', b'{"version": 1, "last": "", "lessons": {"A1": {"done": 1}}}',
    b'{"version": 1, "last": "", "lessons": {"A1": {"done": true, "tick": -1, "right": 0, "asked": 0}}}',
    b'{"version": 1, "last": "", "lessons": {"A1": {"done": true, "tick": true, "right": 0, "asked": 0}}}',
]  # fmt: skip


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_file_is_set_aside_and_told_once(data: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(data)
    kept = Bookmarks(tmp_path)
    trouble = kept.told()
    assert trouble is not None
    assert trouble[0] == "course.keep.broken"
    assert kept.told() is None
    assert (tmp_path / "progress-broken.json").read_bytes() == data
    kept.keep("A1", HALF)
    assert Bookmarks(tmp_path).standings == {"A1": HALF}


def test_what_was_set_aside_before_is_not_overwritten(tmp_path: Path) -> None:
    for data in (b"one", b"two"):
        (tmp_path / FILE).write_bytes(data)
        Bookmarks(tmp_path)
    assert (tmp_path / "progress-broken.json").read_bytes() == b"one"
    assert (tmp_path / "progress-broken-2.json").read_bytes() == b"two"


def test_a_folder_that_cannot_be_written_is_told_once_and_the_window_remembers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = Bookmarks(tmp_path / "file" / "folder")  # below a file there can be no folder, also for root
    kept.told()
    kept.keep("A1", HALF)
    trouble = kept.told()
    assert trouble is not None
    assert trouble[0] == "course.keep.unwritten"
    kept.keep("A2", HALF)
    assert kept.told() is None
    assert kept.standings == {"A1": HALF, "A2": HALF}


def test_the_file_has_a_version_and_plain_words(tmp_path: Path) -> None:
    Bookmarks(tmp_path).keep("A1", HALF)
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8")) == {
        "version": 1, "last": "A1", "lessons": {"A1": {"done": False, "tick": 320, "right": 1, "asked": 2}},
    }  # fmt: skip


def test_the_platform_says_where_unless_somebody_names_a_folder() -> None:
    assert user_folder({FOLDER: "/there"}) == Path("/there")
    assert user_folder({}).name == "slabviz"
    assert user_folder() == Path(os.environ[FOLDER])  # tests never touch the user's own
