"""The frame comparison: what it forgives, what it does not, and what it leaves for the eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from slabviz.testing import assert_frame, frame_difference
from slabviz.testing.frames import Picture


@pytest.fixture
def picture() -> Picture:
    """A grey page of 200x100 pixels: the tiles at the right and lower edge are cut."""
    return np.full((100, 200, 3), 90, np.uint8)


@pytest.fixture
def kept(tmp_path: Path, picture: Picture) -> Path:
    path = tmp_path / "golden" / "page.png"
    assert_frame(picture, path, refresh=True)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_same_picture_passes_and_writes_nothing(kept: Path, picture: Picture) -> None:
    assert_frame(picture, kept, mean=0, tile=0)
    assert names(kept.parent) == ["page.png"]


def test_a_faint_difference_everywhere_is_forgiven_up_to_the_mean(kept: Path, picture: Picture) -> None:
    assert_frame(picture + np.uint8(1), kept, mean=1, tile=1)
    with pytest.raises(AssertionError, match=r"differs by 1\.000 in the mean, 0\.9 allowed"):
        assert_frame(picture + np.uint8(1), kept, mean=0.9, tile=255)


def test_a_changed_tile_fails_though_the_mean_passes(kept: Path, picture: Picture) -> None:
    picture[40:48, 70:78] = 255
    assert frame_difference(picture, np.full_like(picture, 90)).mean < 1
    with pytest.raises(AssertionError, match=r"the tile at \(64, 32\) differs by 10\.312, 4 allowed"):
        assert_frame(picture, kept, mean=1, tile=4)
    assert_frame(picture, kept, mean=1, tile=11)


def test_a_cut_tile_at_the_edge_counts_only_its_own_pixels(picture: Picture) -> None:
    other = picture.copy()
    other[96:, 192:] += 7
    found = frame_difference(picture, other)
    assert (found.worst_tile, found.x, found.y) == (7, 192, 96)


def test_darker_and_brighter_count_alike(picture: Picture) -> None:
    dark, bright = picture - np.uint8(60), picture + np.uint8(60)
    assert frame_difference(dark, bright).mean == frame_difference(bright, dark).mean == 120


def test_a_failure_leaves_three_pictures(tmp_path: Path, kept: Path, picture: Picture) -> None:
    changed = picture.copy()
    changed[10:20, 10:20, 0] = 100
    with pytest.raises(AssertionError, match=r"page\.difference\.png"):
        assert_frame(changed, kept, tile=0.2, output=tmp_path / "out")
    assert names(tmp_path / "out") == ["page.actual.png", "page.difference.png", "page.expected.png"]
    with Image.open(tmp_path / "out" / "page.difference.png") as shown:
        difference = np.asarray(shown)
    assert difference[15, 15].tolist() == [80, 0, 0]
    assert difference[50, 50].tolist() == [0, 0, 0]


def test_another_size_is_a_difference(kept: Path, picture: Picture) -> None:
    with pytest.raises(AssertionError, match="the picture is 200x90 pixels, expected 200x100"):
        assert_frame(picture[:90], kept)
    with pytest.raises(ValueError, match="cannot be compared"):
        frame_difference(picture, picture[:90])


def test_a_missing_picture_says_how_to_keep_the_new_one(tmp_path: Path, picture: Picture) -> None:
    with pytest.raises(AssertionError, match="--slabviz-refresh"):
        assert_frame(picture, tmp_path / "new.png")
    assert names(tmp_path) == ["new.actual.png"], "nothing is kept unasked"
