"""Sizes and speeds as people write them."""

from __future__ import annotations

import click
import pytest

from slabviz.cli.values import read_size, read_speed

OPTION = click.Option(["--x"])
CONTEXT = click.Context(click.Command("x"))


@pytest.mark.parametrize(("written", "size"), [("1280x720", (1280, 720)), ("64X48", (64, 48)), ("9×8", (9, 8))])
def test_a_size_is_width_and_height(written: str, size: tuple[int, int]) -> None:
    assert read_size(CONTEXT, OPTION, written) == size


@pytest.mark.parametrize(
    ("written", "speed"), [("2", 2), ("0.5", 0.5), ("1/4", 0.25), ("¼", 0.25), ("½x", 0.5), ("100×", 100)]
)
def test_a_speed_is_a_number_or_a_fraction(written: str, speed: float) -> None:
    assert read_speed(CONTEXT, OPTION, written) == speed


@pytest.mark.parametrize("written", ["", "720", "1280x", "x720", "-1x5", "1280 x 720", "1280x720px"])
def test_no_size_is_refused(written: str) -> None:
    with pytest.raises(click.BadParameter, match="1280x720"):
        read_size(CONTEXT, OPTION, written)


@pytest.mark.parametrize("written", ["", "fast", "1/0", "0", "-1", "1001", "nan", "inf", "1e9", "9" * 5000])
def test_no_speed_is_refused(written: str) -> None:
    with pytest.raises(click.BadParameter, match=r"no speed|out of range"):
        read_speed(CONTEXT, OPTION, written)
