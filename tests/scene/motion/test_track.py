from __future__ import annotations

import math
from itertools import pairwise

import pytest

from slabviz.scene.motion.track import RADIUS, STEP, track

CORNERS = ((10, 10), (10, 110), (210, 110))


def test_a_track_begins_and_ends_at_its_points() -> None:
    way = track(CORNERS)
    assert way.at(0) == (10, 10)
    assert way.at(1) == (210, 110)


def test_samples_are_a_step_apart_and_the_corner_is_round() -> None:
    way = track(CORNERS)
    gaps = [math.dist(a, b) for a, b in pairwise(way.samples)]
    assert max(gaps) <= STEP * 1.05
    assert way.length == pytest.approx(300 - 2 * RADIUS + RADIUS * math.pi / 2, rel=0.01)
    assert min(math.dist(spot, (10, 110)) for spot in way.samples) == pytest.approx(RADIUS * (math.sqrt(2) - 1), abs=1)


def test_equal_shares_are_equal_lengths() -> None:
    way = track(((0, 0), (400, 0)))
    assert [way.at(share / 4)[0] for share in range(5)] == [0, 100, 200, 300, 400]


def test_a_trail_looks_back_along_the_way_but_not_past_its_beginning() -> None:
    way = track(((0, 0), (400, 0)))
    assert way.behind(0.5, 50) == (150, 0)
    assert way.behind(0.1, 50) is None


def test_heading_is_one_of_four_directions() -> None:
    way = track(CORNERS)
    assert way.heading(0.1) == (0, 1)
    assert way.heading(0.9) == (1, 0)


def test_a_part_of_a_track_ends_where_its_length_ends() -> None:
    assert track(CORNERS).until(150) == ((10, 10), (10, 110), (60, 110))
    assert track(CORNERS).until(10_000) == CORNERS


def test_a_track_of_one_point_stays_there() -> None:
    assert track(((5, 5),)).at(0.5) == (5, 5)
    assert track(((5, 5), (5, 5))).at(1) == (5, 5)
