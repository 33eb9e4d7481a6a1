"""Blinks and PERCLOS."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.signals.blinks import NAMES, Blinks, BlinksConfig
from pipeline.signals.sight import Sight, unknown
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import S, every, sight_at

Told = dict[str, SignalValue]


PLAIN = sight_at(0.0)
"""Of a sight, only the time matters here."""


def at(time_s: float) -> Sight:
    return replace(PLAIN, device_ns=round(time_s * S))


def said(openness: float | None, closed: bool | None = None, confidence: float = 0.9) -> Told:
    """What eyes.py says of such eyes."""
    if openness is None:
        return {name: unknown("", "no eyes are seen") for name in ("eye_openness", "eyes_closed")}
    shut = openness < 0.3 if closed is None else closed
    return {
        "eye_openness": SignalValue(openness, "", confidence),
        "eyes_closed": SignalValue(float(shut), "", confidence),
    }


def watch(blinks: Blinks, times_s: list[float], openness: Callable[[float], float | None]) -> list[Told]:
    return [dict(blinks.step(at(t), said(openness(t)))) for t in times_s]


def lids(begin_s: float, closed_s: float, closing_s: float = 0.08, opening_s: float = 0.14) -> Callable[[float], float]:
    """Openness around one blink."""
    knots = np.cumsum([begin_s, closing_s, closed_s, opening_s])
    return lambda t: float(np.interp(t, knots, (1.0, 0.0, 0.0, 1.0)))


def blinking(gap_s: float, closed_s: float = 0.06) -> Callable[[float], float]:
    one = lids(1.0, closed_s)
    return lambda t: one(t % gap_s)


def test_every_step_tells_every_name() -> None:
    blinks = Blinks()
    for known in ({}, said(None), said(1.0)):
        told = blinks.step(at(0.0), known)
        assert set(told) == set(NAMES)
        assert all(v.reason for v in told.values())


@pytest.mark.parametrize("fps", [15.0, 30.0, 120.0])
@pytest.mark.parametrize("gap_s", [2.73, 3.99])
def test_blinks_are_counted_at_every_speed(fps: float, gap_s: float) -> None:
    told = watch(Blinks(), every(90.0, fps), blinking(gap_s))[-1]
    assert told["blink_rate"].value == pytest.approx(60 / gap_s, rel=0.06)
    assert told["blink_rate"].confidence > (0.85 if fps >= 30 else 0.6)
    assert told["long_blink_rate"].value == 0


def test_at_ten_frames_a_second_blinks_are_counted_with_less_confidence() -> None:
    slow, quick = (watch(Blinks(), every(90.0, fps), blinking(3.33))[-1] for fps in (10.0, 30.0))
    assert slow["blink_rate"].value == pytest.approx(60 / 3.33, rel=0.12)
    assert slow["blink_rate"].confidence < 0.8 * quick["blink_rate"].confidence
    assert slow["blink_s"].confidence < 0.9 * quick["blink_s"].confidence


def test_four_frames_a_second_tell_no_blinks_but_perclos() -> None:
    told = watch(Blinks(), every(90.0, 4.0), blinking(3.3))[-1]
    assert "too few" in told["blink_rate"].reason
    assert told["perclos"].is_valid


@pytest.mark.parametrize("fps", [10.0, 30.0, 120.0])
@pytest.mark.parametrize(("closed_s", "is_long"), [(0.1, False), (0.35, False), (0.45, True), (0.7, True)])
def test_the_length_of_a_blink_is_told_and_a_long_one_counted(fps: float, closed_s: float, is_long: bool) -> None:
    """Between the moments at which the lids are half way."""
    told = watch(Blinks(), every(40.0, fps), lids(30.013, closed_s))[-1]
    true = closed_s + 0.45 * (0.08 + 0.14)
    assert told["blink_s"].value == pytest.approx(true, abs=0.55 / fps + 0.005)
    if abs(true - 0.5) > 0.55 / fps:
        assert (told["long_blink_rate"].value > 0) == is_long


def test_a_shallow_dip_is_no_blink() -> None:
    told = watch(Blinks(), every(40.0), lambda t: 0.42 if 30.0 < t < 30.2 else 1.0)[-1]
    assert told["blink_rate"].value == 0


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_a_single_picture_is_no_blink_where_many_are_taken(fps: float) -> None:
    blinks = Blinks()
    told = [dict(blinks.step(at(i / fps), said(0.1 if i % 37 == 0 else 1.0))) for i in range(round(40 * fps))]
    assert told[-1]["blink_rate"].value == 0
    assert told[-1]["blink_rate"].confidence < 0.3


def test_sleep_is_no_blink() -> None:
    told = watch(Blinks(), every(40.0), lids(30.0, 1.6))[-1]
    assert told["blink_rate"].value == 0
    assert "no blink" in told["blink_s"].reason


def test_a_blink_that_was_not_seen_whole_is_not_counted() -> None:
    blink = lids(30.0, 0.3)
    begun = watch(Blinks(), every(40.0), lambda t: None if 29.5 < t < 30.2 else blink(t))[-1]
    ended = watch(Blinks(), every(40.0), lambda t: None if 30.2 < t < 31.0 else blink(t))[-1]
    for told in (begun, ended):
        assert told["blink_rate"].value == 0
    gap = watch(Blinks(), [t for t in every(40.0) if not 30.2 < t < 31.0], blink)[-1]
    assert gap["blink_rate"].value == 0


def test_somebody_who_comes_with_closed_eyes_has_not_blinked() -> None:
    told = watch(Blinks(), every(30.0), lambda t: 0.0 if t < 0.3 else 1.0)[-1]
    assert told["blink_rate"].value == 0


@pytest.mark.parametrize("fps", [10.0, 120.0])
@pytest.mark.parametrize("share", [0.0, 0.08, 0.2, 1.0])
def test_perclos_is_the_share_of_closed_time(fps: float, share: float) -> None:
    told = watch(Blinks(), every(75.0, fps), lambda t: 0.0 if t % 10.0 < 10 * share else 1.0)[-1]
    assert told["perclos"].value == pytest.approx(share, abs=0.011)
    assert told["perclos"].confidence > 0.85


def test_perclos_follows_a_step_over_its_span() -> None:
    told = watch(Blinks(), every(130.0, 10.0), lambda t: 0.0 if t >= 60 else 1.0)
    for after_s, share in ((0.0, 0.0), (15.0, 0.25), (30.0, 0.5), (60.0, 1.0), (65.0, 1.0)):
        assert told[round((60 + after_s) * 10)]["perclos"].value == pytest.approx(share, abs=0.003)


@pytest.mark.parametrize(("seen_s", "is_told"), [(41.9, False), (42.2, True)])
def test_perclos_is_unknown_while_less_than_seven_tenths_of_its_span_were_seen(seen_s: float, is_told: bool) -> None:
    blinks = Blinks()
    told = watch(blinks, every(seen_s, 10.0), lambda t: 1.0)[-1]
    assert told["perclos"].is_valid == is_told
    if not is_told:
        assert "70 % are needed" in told["perclos"].reason


def test_only_time_in_which_the_eyes_were_seen_counts() -> None:
    """Closed a fifth of the time; half of the open time unseen would make it more."""
    told = watch(Blinks(), every(70.0, 30.0), lambda t: None if t % 10 > 8.0 else 0.0 if t % 10 < 2 else 1.0)[-1]
    assert told["perclos"].value == pytest.approx(0.25, abs=0.01)
    assert told["perclos"].confidence < 0.8


@pytest.mark.parametrize("leap_s", [-3600.0, -5.0, 30.0, 3600.0])
def test_a_leap_of_the_clock_makes_no_perclos_and_no_blinks(leap_s: float) -> None:
    blinks = Blinks()
    watch(blinks, every(70.0, 10.0, 5000.0), lambda t: 1.0)
    blinks.step(at(5070.1), said(0.0))
    told = blinks.step(at(5070.1 + leap_s), said(0.0))
    after = blinks.step(at(5070.2 + leap_s), said(1.0))
    for values in (told, after):
        assert not values["perclos"].is_valid or values["perclos"].value < 0.01
        assert not values["blink_rate"].is_valid or values["blink_rate"].value == 0


def test_blinks_of_before_a_clock_went_back_are_forgotten() -> None:
    blinks = Blinks()
    watch(blinks, every(60.0, 15.0, 5000.0), blinking(2.0))
    told = watch(blinks, every(40.0, 15.0, 4950.0), lambda t: 1.0)[-1]
    assert told["blink_rate"].value == 0
    assert told["blink_rate"].is_valid


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-400, 900), st.one_of(st.none(), st.floats(0, 1, width=32)), st.floats(0, 1, width=32)),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_comes_rates_and_shares_are_finite_and_repeat(
    steps: list[tuple[int, float | None, float]],
) -> None:
    config = BlinksConfig(rate_span_s=5, rate_least_s=0.5, perclos_span_s=5)
    blinks, again, now_ms = Blinks(config), Blinks(config), 10_000
    for ms, openness, confidence in steps:
        now_ms += ms
        sight = at(now_ms / 1000)
        told = blinks.step(sight, said(openness, confidence=confidence))
        assert set(told) == set(NAMES)
        for value in told.values():
            assert math.isfinite(value.value)
            assert 0 <= value.confidence <= 1
        assert 0 <= told["perclos"].value <= 1
        assert 0 <= told["blink_s"].value <= config.longest_s
        assert 0 <= told["long_blink_rate"].value <= told["blink_rate"].value + 1e-9
        assert again.step(sight, said(openness, confidence=confidence)) == told


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.5, 4), st.floats(0.05, 2)), min_size=3, max_size=30), st.sampled_from([10.0, 30.0])
)
def test_perclos_is_right_for_every_pattern_of_closing(pattern: list[tuple[float, float]], fps: float) -> None:
    edges = np.cumsum([s for pair in pattern for s in pair])
    total = float(edges[-1])
    closed: Callable[[float], bool] = lambda t: bool(np.searchsorted(edges, t % total, side="right") % 2)  # noqa: E731 - one line
    times = every(70.0, fps)
    told = watch(Blinks(), times, lambda t: 0.0 if closed(t) else 1.0)[-1]
    fine = np.arange(times[-1] - 60.0, times[-1], 0.005)
    true = np.mean(np.searchsorted(edges, fine % total, side="right") % 2)
    changes = np.count_nonzero(np.diff(np.searchsorted(edges, fine % total, side="right")))
    assert told["perclos"].value == pytest.approx(true, abs=(changes + 2) / fps / 60)


def test_borders_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"begins below 0\.6"):
        BlinksConfig(blink_below=0.6, blink_above=0.5)
    with pytest.raises(ValidationError, match="must rise"):
        BlinksConfig(long_s=0.5, longest_s=0.4)
