"""When costly signals look."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pipeline.signals.pace import Pace
from tests.pipeline.signals.faces import sight_at


def looks(pace: Pace, times_s: list[float], face: int = 1) -> list[bool]:
    seen = []
    for time_s in times_s:
        sight = sight_at(time_s)
        seen.append(pace.is_due(replace(sight, face=replace(sight.face, id=face))))
    return seen


@pytest.mark.parametrize("rate_hz", [10, 30, 120])
def test_it_looks_as_often_whatever_the_cameras_rate(rate_hz: int) -> None:
    seen = looks(Pace(200), [i / rate_hz for i in range(6 * rate_hz)])
    assert seen[0]
    assert 29 <= sum(seen) <= 31
    apart = [i for i, is_due in enumerate(seen) if is_due]
    assert max(b - a for a, b in pairwise(apart[1:])) / rate_hz <= 0.3


def test_a_camera_that_is_slower_is_looked_at_always() -> None:
    assert all(looks(Pace(200), [0.25 * i for i in range(20)]))


def test_signals_and_faces_take_turns() -> None:
    times = [i / 30 for i in range(1, 60)]
    begins = {tuple(looks(Pace(300, after), times, face)[1:]) for after in (0, 100, 200) for face in (1, 2, 3)}
    assert len(begins) == 9
    assert max(sum(column) for column in zip(*begins, strict=True)) <= 3


def test_a_clock_that_leaps_is_looked_at() -> None:
    assert looks(Pace(200), [100.0, 50.0, 1000.0]) == [True, True, True]
