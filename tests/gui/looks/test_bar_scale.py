"""Values on a colour bar: there and back, round ticks, and drags that do what the hand does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.looks.bar_scale import BarScale, dragged, round_step

scales = st.builds(
    lambda low, span, inverse: BarScale(low, low + span, inverse),
    st.floats(0.02, 50),
    st.floats(0.05, 100),
    st.booleans(),
)


@given(scales, st.floats(0, 1))
def test_a_place_and_its_value_are_there_and_back(scale: BarScale, place: float) -> None:
    assert scale.place(scale.value(place)) == pytest.approx(place, abs=1e-6)


@given(scales, st.integers(0, 8))
def test_ticks_lie_between_the_ends_and_are_not_too_many(scale: BarScale, most: int) -> None:
    ticks = scale.ticks(most)
    assert len(ticks) <= most
    assert all(scale.low < t < scale.high for t in ticks)
    assert ticks == sorted(ticks)


def test_ticks_are_round() -> None:
    assert BarScale(20.3, 37.1).ticks(4) == [25.0, 30.0, 35.0]
    assert round_step(0.3) == 0.5
    assert round_step(2.0) == 2.0


@given(scales, st.floats(0.05, 0.9))
def test_a_dragged_end_takes_the_value_that_lay_under_the_mouse(scale: BarScale, by: float) -> None:
    low, high = dragged(scale, "low", 0.0, by)
    assert low == pytest.approx(scale.value(by))
    assert high == scale.high
    low, high = dragged(scale, "high", 1.0, 1.0 - by)
    assert high == pytest.approx(scale.value(1.0 - by))
    assert low == scale.low


@given(scales, st.floats(0.05, 3))
def test_an_end_that_is_pulled_outward_makes_the_range_wider(scale: BarScale, by: float) -> None:
    low, _ = dragged(scale, "low", 0.0, -by)
    _, high = dragged(scale, "high", 1.0, 1.0 + by)
    assert scale.low - 8 * (scale.high - scale.low) <= low < scale.low or scale.is_inverse
    assert scale.high < high <= scale.high + 8 * (scale.high - scale.low)


@given(scales, st.floats(-1, 1))
def test_dragging_between_the_ends_moves_both(scale: BarScale, by: float) -> None:
    low, high = dragged(scale, "level", 0.5, 0.5 + by)
    assert high - low == pytest.approx(scale.high - scale.low)
