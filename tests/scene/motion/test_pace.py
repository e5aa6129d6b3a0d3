"""The tables of the visual specification, section 7, in ticks: at 1× a tick is 250 ms."""

from __future__ import annotations

import pytest

from slabviz.scene import easing
from slabviz.scene.motion.pace import Show, pace_of


def test_durations_at_1x_are_those_of_the_table() -> None:
    pace = pace_of(1)
    in_ms = [ticks * 250 for ticks in (pace.flight, pace.slab, 2 * pace.leg + pace.stop, pace.level, pace.cut)]
    assert in_ms == pytest.approx([520, 800, 1100, 400, 280])
    assert (pace.extra * 250, pace.stagger * 250, pace.spread * 250, pace.trail) == pytest.approx((160, 40, 120, 120))


@pytest.mark.parametrize("speed", [0.25, 0.5])
def test_slower_than_1x_everything_takes_the_same_ticks(speed: float) -> None:
    assert pace_of(speed).flight == pace_of(1).flight
    assert pace_of(speed).slab == pace_of(1).slab


@pytest.mark.parametrize("speed", [2.0, 4.0])
def test_at_2x_and_4x_durations_shrink_less_than_time_and_not_under_160_ms(speed: float) -> None:
    pace, tick_ms = pace_of(speed), 250 / speed
    assert pace.flight * tick_ms == pytest.approx(max(520 / speed**0.6, 160))
    assert pace.slab * tick_ms == pytest.approx(800 / speed**0.6)
    assert pace.level * tick_ms == pytest.approx(max(400 / speed**0.6, 160))
    assert pace.trail == 60


def test_at_8x_flights_take_120_ms_slabs_160_and_there_are_no_trails() -> None:
    pace = pace_of(8)
    assert (pace.flight * 250 / 8, pace.slab * 250 / 8, pace.trail) == pytest.approx((120, 160, 0))


@pytest.mark.parametrize(
    ("speed", "show"), [(8, Show.FLIGHTS), (16, Show.FLASHES), (32, Show.FLASHES), (100, Show.HEAT)]
)
def test_what_is_shown_degrades_with_speed(speed: float, show: Show) -> None:
    pace = pace_of(speed)
    assert pace.show is show
    if show is not Show.FLIGHTS:
        assert (pace.flash * 250 / speed, pace.half_life * 250 / speed) == pytest.approx((120, 400))


@pytest.mark.parametrize("ease", [easing.linear, easing.quad_out, easing.cubic_out, easing.cubic_in_out])
def test_easings_begin_at_0_end_at_1_and_never_go_back(ease: object) -> None:
    assert callable(ease)
    values = [ease(step / 50) for step in range(51)]
    assert (values[0], values[-1]) == pytest.approx((0, 1))
    assert values == sorted(values)


def test_cubic_in_out_is_slow_at_both_ends() -> None:
    assert easing.cubic_in_out(0.25) == pytest.approx(0.0625)
    assert easing.cubic_in_out(0.5) == pytest.approx(0.5)
    assert easing.cubic_in_out(0.75) == pytest.approx(0.9375)
