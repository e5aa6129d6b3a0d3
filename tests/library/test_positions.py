"""Which moments a film shows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from slabviz.errors import UsageError
from slabviz.library.positions import check_position, film_positions
from slabviz.timeline.run import Run

RUN = cast(Run, SimpleNamespace(last_tick=100))


def test_at_1x_a_second_shows_four_ticks() -> None:
    assert film_positions(RUN, fps=4, speed=1, first=0, last=3) == [0, 1, 2, 3]
    assert film_positions(RUN, fps=8, speed=1, first=10, last=11) == [10, 10.5, 11]
    assert len(film_positions(RUN, fps=30, speed=1, first=0, last=40)) == 301


def test_both_ends_are_shown_in_spite_of_rounding() -> None:
    for fps in (7, 24, 30, 50, 60):
        positions = film_positions(RUN, fps=fps, speed=1, first=3, last=99)
        assert positions[0] == 3
        assert positions[-1] == pytest.approx(99, abs=4 / fps)
        assert all(0 <= position <= 100 for position in positions)


def test_the_end_is_the_default() -> None:
    assert film_positions(RUN, fps=1, speed=25)[-1] == 100
    assert film_positions(RUN, fps=30, speed=1, first=100) == [100]


@pytest.mark.parametrize("position", [-1, -0.1, 100.5, 10**9, float("nan")])
def test_a_tick_outside_is_refused_with_the_range(position: float) -> None:
    with pytest.raises(UsageError, match="from 0 to 100"):
        check_position(RUN, position)
    with pytest.raises(UsageError, match="from 0 to 100"):
        film_positions(RUN, fps=30, speed=1, last=position)


def test_a_film_does_not_run_backwards() -> None:
    with pytest.raises(UsageError, match="backwards"):
        film_positions(RUN, fps=30, speed=1, first=50, last=20)
