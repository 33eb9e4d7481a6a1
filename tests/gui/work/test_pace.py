"""How long work still takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.work.pace import Pace


@given(rate=st.floats(0.001, 0.05), seconds=st.integers(15, 19))
def test_a_steady_rate_gives_the_time_that_is_left(rate: float, seconds: int) -> None:
    pace = Pace()
    for now in range(seconds + 1):
        pace.add(now, rate * now)
    left = pace.left_s(seconds)
    assert left == pytest.approx((1 - rate * seconds) / rate)


def test_nothing_is_guessed_too_early_or_of_nothing() -> None:
    pace = Pace()
    assert pace.left_s(0) is None
    pace.add(0, 0.0)
    pace.add(1, 0.5)
    assert pace.left_s(1) is None
    pace = Pace()
    pace.add(0, 0.0)
    pace.add(30, 0.001)
    assert pace.left_s(60) is None


def test_what_stands_still_takes_longer_and_longer() -> None:
    pace = Pace()
    for now in range(11):
        pace.add(now, now / 100)
    assert pace.left_s(10) == pytest.approx(90)
    assert pace.left_s(30) == pytest.approx(270)


def test_a_share_that_falls_begins_anew() -> None:
    pace = Pace()
    for now in range(11):
        pace.add(now, now / 10)
    pace.add(11, 0.0)
    assert pace.left_s(20) is None
