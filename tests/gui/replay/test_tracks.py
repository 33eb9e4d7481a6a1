"""Signals over time: nothing is lost by binning, invalid stretches are gaps, faces keep their lanes."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.replay.time_view import TimeView
from gui.replay.track_values import FACES, scale, value_words, values_of, values_of_json, with_limits
from gui.replay.tracks import LANES, Tracks
from recordings.observation import Observation
from tests.gui.conftest import made_up_face

S = 1_000_000_000

VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6, width=32))


def one(value: float | None) -> dict[int, dict[str, tuple[float | None, str]]]:
    return {1: {"yaw": (value, "deg")}}


@given(
    values=st.lists(VALUES, min_size=1, max_size=200),
    bins=st.integers(1, 64),
    width=st.integers(1, 90),
    part=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
@settings(max_examples=150, deadline=None)
def test_no_lowest_or_highest_value_is_ever_lost(
    values: list[float | None], bins: int, width: int, part: tuple[float, float]
) -> None:
    times = np.arange(len(values), dtype=np.int64) * S // 30
    tracks = Tracks(times, bins)
    for position, value in enumerate(values):
        tracks.add(position, one(value))
    known = [v for v in values if v is not None]
    whole = tracks.columns("yaw", 0, 0, int(times[-1]) + 1, width)
    assert whole is not None
    if known:
        assert (np.nanmin(whole.low), np.nanmax(whole.high)) == (min(known), max(known))
        assert tracks.range_of("yaw") == (min(known), max(known))
    else:
        assert np.isnan(whole.low).all()
        assert tracks.range_of("yaw") is None
    # The values of a part are within what is drawn of it, too.
    begin, end = sorted(round(p * int(times[-1])) for p in part)
    inside = [v for v, t in zip(values, times.tolist(), strict=True) if v is not None and begin <= t < end]
    drawn = tracks.columns("yaw", 0, begin, end, width)
    if inside:
        assert drawn is not None
        assert np.nanmin(drawn.low) <= min(inside)
        assert np.nanmax(drawn.high) >= max(inside)


@given(values=st.lists(VALUES, min_size=2, max_size=100))
@settings(max_examples=80, deadline=None)
def test_a_line_never_leads_to_or_from_what_is_not_known(values: list[float | None]) -> None:
    times = np.arange(len(values), dtype=np.int64) * S // 30
    tracks = Tracks(times)
    for position, value in enumerate(values):
        tracks.add(position, one(value))
    columns = tracks.columns("yaw", 0, 0, int(times[-1]) + 1, 10_000)
    assert columns is not None
    for n, joined in enumerate(columns.joined[:-1].tolist()):
        assert joined == (values[n] is not None and values[n + 1] is not None)


def test_what_was_not_looked_at_is_no_gap_but_a_long_pause_is() -> None:
    times = np.concatenate([np.arange(30), np.arange(30) + 3600]).astype(np.int64) * S // 10
    tracks = Tracks(times)
    for position in range(0, 60, 3):  # as a live run that processes every third
        tracks.add(position, one(1.0))
    columns = tracks.columns("yaw", 0, 0, int(times[-1]), 1000)
    assert columns is not None
    assert columns.joined.tolist() == [True] * 9 + [False] + [True] * 9 + [False]


def test_a_position_that_is_computed_again_has_its_newest_value() -> None:
    tracks = Tracks(np.arange(10, dtype=np.int64) * S)
    tracks.add(3, {1: {"yaw": (5.0, "deg")}, 2: {"yaw": (9.0, "deg")}})
    tracks.add(3, one(-2.0))
    assert tracks.at("yaw", 0, 3) == (-2.0, -2.0, 1)
    assert tracks.at("yaw", 1, 3) is None
    assert tracks.at(FACES, 0, 3) == (1.0, 1.0, -1)
    assert tracks.at("yaw", 0, 4) is None
    assert not tracks.looked_at(4)


def test_faces_keep_their_lane_while_others_come_and_go() -> None:
    tracks = Tracks(np.arange(10, dtype=np.int64) * S)
    for position, faces in enumerate(([1], [1, 2], [2], [2, 3], [1, 2, 3])):
        tracks.add(position, {f: {"yaw": (float(f), "deg")} for f in faces})
    assert tracks.at("yaw", 1, 3) == (2.0, 2.0, 2)
    assert tracks.at("yaw", 0, 3) == (3.0, 3.0, 3), "a free lane is given to whoever comes"
    assert {tracks.at("yaw", lane, 4)[2] for lane in range(3)} == {1, 2, 3}  # type: ignore[index]  # all three are there


def test_fifty_faces_take_no_more_memory_and_are_counted() -> None:
    tracks = Tracks(np.arange(10, dtype=np.int64) * S)
    tracks.add(0, {f: {"yaw": (1.0, "deg")} for f in range(50)})
    assert tracks.lanes("yaw") == tuple(range(LANES))
    assert tracks.not_drawn == 50 - LANES
    assert tracks.at(FACES, 0, 0) == (50.0, 50.0, -1)


def test_very_many_names_and_positions_have_an_end() -> None:
    tracks = Tracks(np.arange(1_000_000, dtype=np.int64) * S // 120)
    for n in range(100):
        tracks.add(n * 10_000, {1: {f"signal {n}": (1.0, "Hz")}})
    kept = (*tracks._low.values(), *tracks._high.values())
    # 64 quantities, since there are some fifty signals, measured and smoothed: with 24 most were never drawn.
    assert sum(a.nbytes for a in kept) < 36 << 20
    assert len(tracks.names()) <= 64


def test_stored_values_are_those_of_the_face() -> None:
    face = made_up_face(3)
    observation = Observation(0, 0, 0, 0, {}, (face,))
    assert values_of_json(json.loads(observation.to_bytes())) == values_of(observation)
    assert values_of(observation)[3]["yaw"] == (12.0, "deg")


@pytest.mark.parametrize("found", [None, (0.7, 0.7), (-3.0, 41.5), (0.0, 1e-9), (-1e6, 1e6)])
@pytest.mark.parametrize(("name", "unit"), [("yaw", "deg"), ("distance", "m"), ("eye_left", "openness"), (FACES, "")])
def test_scales_are_round_and_hold_what_was_found(name: str, unit: str, found: tuple[float, float] | None) -> None:
    low, high = scale(name, unit, found)
    assert math.isfinite(low)
    assert low < high
    if found is not None and name in ("yaw", "distance"):
        assert low <= found[0]
        assert high >= found[1]


@pytest.mark.parametrize("unit", ["s", "1/min", "", "degC", "m/s", "m", "deg"])
@pytest.mark.parametrize("value", [0.0, 0.0015755, 0.7, 34.2, -0.2])
def test_the_scale_of_what_stays_as_it_is_can_be_read(unit: str, value: float) -> None:
    low, high = scale("eyes_closed_s", unit, (value, value + 1e-6))
    assert low <= value <= value + 1e-6 <= high
    assert high - low >= 0.09, "no scale from -1e-06 to 1e-06"
    assert low >= 0 or value < 0
    assert all(len(f"{end:.6g}") <= 6 for end in (round(low, 6), round(high, 6)))


def test_a_limit_is_drawn_where_nothing_came_near_it() -> None:
    reach = with_limits((0.0, 0.0), [0.5], "s")
    assert reach == (0.0, 0.5)
    low, high = scale("eyes_closed_s", "s", reach)
    assert low <= 0.5 <= high


def test_there_is_no_minus_before_nothing() -> None:
    assert value_words(-0.2, "deg") == "0°"


@given(
    st.lists(st.tuples(st.floats(0.05, 20), st.integers(-S, 400 * S), st.integers(-100 * S, 100 * S)), max_size=30),
    st.integers(0, 300 * S),
)
def test_however_it_is_zoomed_and_moved_what_is_seen_is_a_part_of_the_recording(
    steps: list[tuple[float, int, int]], duration: int
) -> None:
    view = TimeView.whole(duration)
    for factor, around, by in steps:
        view = view.zoomed(factor, around).moved(by)
        assert 0 <= view.begin_ns <= view.end_ns <= duration
        assert view.span_ns >= min(100_000_000, duration)
    shown = view.showing(duration // 2)
    assert shown.begin_ns <= duration // 2 <= shown.end_ns
    assert shown.span_ns == view.span_ns


def more(value: float | None, confidence: float | None, word: str) -> dict[int, dict[str, tuple[object, ...]]]:
    return {1: {"perclos": (value, "", confidence, word)}}


def test_how_sure_a_value_is_and_why_there_is_none_is_kept() -> None:
    tracks = Tracks(np.arange(10, dtype=np.int64) * S // 10)
    tracks.add(0, more(0.4, 0.9, ""))
    tracks.add(1, more(0.5, 0.1, "left mirror"))
    tracks.add(2, more(None, 0.0, "no eyes are seen: the head is turned 62.5 degrees"))
    tracks.add(3, more(None, 0.0, "no eyes are seen: the head is turned 71 degrees"))
    assert [tracks.confidence("perclos", 0, p) for p in range(4)] == [0.9, 0.1, None, None]
    assert tracks.text("perclos", 0, 1) == "left mirror"
    assert tracks.text("perclos", 0, 2) == tracks.text("perclos", 0, 3)
    assert tracks.text("perclos", 0, 3) == "no eyes are seen: the head is turned … degrees"
    assert tracks.reason("perclos") == tracks.text("perclos", 0, 3)
    columns = tracks.columns("perclos", 0, 0, S, 100)
    assert columns is not None
    assert columns.unsure.tolist() == [False, True, False, False]
    doubtful = columns.only(columns.unsure)
    assert doubtful.joined.tolist() == [False] * 4
    assert columns.only(~columns.unsure).joined.tolist() == [True, False, False, False]
    tracks.add(1, more(0.6, 1.0, ""))
    assert (tracks.confidence("perclos", 0, 1), tracks.text("perclos", 0, 1)) == (1.0, "")


def test_what_is_never_known_is_offered_with_its_reason_and_takes_little_room() -> None:
    tracks = Tracks(np.arange(5, dtype=np.int64) * S)
    tracks.add(0, {1: {"breathing_rate": (None, "1/min", 0.0, "no thermal camera"), "yaw": (1.0, "deg")}})
    assert set(tracks.names()) == {FACES, "breathing_rate", "yaw"}
    assert not tracks.was_known("breathing_rate")
    assert tracks.was_known("yaw")
    assert tracks.reason("breathing_rate") == "no thermal camera"
    assert [key for key in tracks._low if key[0] == "breathing_rate"] == []


def test_very_many_reasons_have_an_end() -> None:
    tracks = Tracks(np.arange(2000, dtype=np.int64) * S)
    for n in range(2000):
        word = "".join(chr(97 + int(digit)) for digit in str(n))
        tracks.add(n, {1: {"perclos": (None, "", 0.0, word)}})
    assert len(tracks._texts) <= 255
    assert tracks.text("perclos", 0, 1999) == "another reason"
    assert tracks.text("perclos", 0, 0) == "a"


def test_a_limit_near_enough_is_in_sight_and_a_far_one_presses_nothing_flat() -> None:
    assert with_limits(None, [1.0]) is None
    assert with_limits((0.0, 1.0), [1.5, 3.0, -0.5]) == (-0.5, 1.5)
    assert with_limits((0.0, 1.0), []) == (0.0, 1.0)
