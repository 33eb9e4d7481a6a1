"""Pictures and counters of thermal cameras: numbers rise and have gaps where pictures were lost, whatever comes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.thermal_picture import Layout, OwnCount, Rising, counts_of, pick_mode
from drivers.cameras.v4l2_formats import Mode


@given(start=st.integers(0, 2**32 - 1), steps=st.lists(st.integers(0, 2**31 - 1), max_size=20))
def test_a_counter_that_wraps_rises_by_its_steps(start: int, steps: list[int]) -> None:
    counter = Rising()
    seen = [counter.see(start)]
    value = start
    for step in steps:
        value = (value + step) % 2**32
        seen.append(counter.see(value))
    assert [b - a for a, b in itertools.pairwise(seen)] == steps


@given(start=st.integers(2**31, 2**32 - 1), back=st.integers(1, 2**31 - 1))
def test_a_counter_that_falls_is_told_from_one_that_wraps(start: int, back: int) -> None:
    counter = Rising()
    counter.see(start)
    assert counter.see(start - back) is None


@given(repeats=st.integers(1, 7), count=st.integers(1, 30), start=st.integers(0, 2**32 - 1))
def test_without_losses_pictures_are_numbered_one_after_the_other(repeats: int, count: int, start: int) -> None:
    own = OwnCount()
    numbers = [own.see((start + n) % 2**32, n % repeats != 0) for n in range(repeats * count)]
    assert numbers[::repeats] == list(range(count))
    assert numbers == [n // repeats for n in range(repeats * count)]


@given(repeats=st.integers(1, 5), lost=st.lists(st.integers(0, 12), min_size=4, max_size=25))
def test_numbers_of_pictures_always_rise_and_whole_lost_pictures_are_gaps(repeats: int, lost: list[int]) -> None:
    own = OwnCount()
    at, given_numbers, last_picture = 0, list[int](), -1
    for n in range(2 * repeats):  # what is usual is learned first
        if n % repeats == 0:
            given_numbers.append(own.see(n, False))
        else:
            own.see(n, True)
        at, last_picture = n, n // repeats
    for gap in lost:
        at += 1 + gap
        picture = at // repeats
        number = own.see(at, picture == last_picture)
        if picture != last_picture:
            given_numbers.append(number)
        last_picture = picture
    assert all(b > a for a, b in itertools.pairwise(given_numbers))
    assert abs(given_numbers[-1] - last_picture) <= len(lost), "each loss may be told wrong by one picture"
    if repeats == 1:
        assert given_numbers[-1] == last_picture


def test_a_driver_that_counts_anew_makes_no_gap() -> None:
    own = OwnCount()
    assert [own.see(n, False) for n in (100, 101, 0, 1)] == [0, 1, 2, 3]


@given(
    width=st.integers(1, 40),
    height=st.integers(1, 30),
    gap=st.integers(0, 6),
    short=st.booleans(),
    code=st.sampled_from(["Y16 ", "GREY"]),
)
def test_a_buffer_is_read_by_its_lines_and_a_short_one_is_none(
    width: int, height: int, gap: int, short: bool, code: str
) -> None:
    dtype = "<u2" if code == "Y16 " else "u1"
    size = np.dtype(dtype).itemsize
    lines = np.arange(height * (width + gap)).reshape(height, width + gap).astype(dtype)
    data = lines.tobytes()
    whole = data[: len(data) - gap * size]  # the last line may end where its pixels do
    mode, line = Mode(code, width, height), (width + gap) * size
    assert counts_of(memoryview(whole[:-1]), mode, line) is None
    got = counts_of(memoryview(data if not short else whole), mode, line)
    assert got is not None
    assert np.array_equal(got, lines[:, :width])


@pytest.mark.parametrize(("telemetry", "chosen"), [(None, (160, 122)), (True, (160, 122)), (False, (160, 120))])
def test_a_leptons_telemetry_is_taken_where_it_is_not_refused(telemetry: bool | None, chosen: tuple[int, int]) -> None:
    modes = [Mode("GREY", 160, 120), Mode("Y16 ", 160, 120), Mode("Y16 ", 160, 122)]
    mode = pick_mode(modes, telemetry)
    assert (mode.code, mode.width, mode.height) == ("Y16 ", *chosen)
    assert Layout.of(mode).height == 120


def test_a_bosons_telemetry_is_left_out_unless_asked_for() -> None:
    modes = [Mode("Y16 ", 640, 514), Mode("Y16 ", 640, 512), Mode("Y16 ", 320, 256)]
    assert pick_mode(modes, None).height == 512
    assert pick_mode(modes, True).height == 514
    assert pick_mode(modes[:1], None).height == 514
