"""Timers of attention: exact at their borders at every frame rate, and silent where nothing is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.signals.attention import NAMES, Attention, AttentionConfig
from pipeline.signals.sight import unknown
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import S, sight_at

RATES = (10.0, 30.0, 120.0)
ROAD, LAP, MIRROR, LOST = "road", "lap", "inside mirror", None
Plan = list[tuple[str | None, float]]
"""Zone (None: unknown) and seconds."""


def zone(name: str | None) -> SignalValue:
    if name is None:
        return unknown("", "no eyes are seen: the head is turned 80 degrees")
    return SignalValue(0.0 if name == LAP else 1.0, "", 0.9, label=name, source="infrared")


def closed(now: bool) -> SignalValue:
    return SignalValue(float(now), "", 0.8)


def during(plan: Plan, rate: float, begin_s: float = 0.0) -> Iterable[tuple[float, str | None]]:
    """Each frame's time and zone. Stretches begin exactly at a frame where their lengths are whole frames."""
    ends, end = [], 0.0
    for name, seconds in plan:
        end += seconds
        ends.append((end, name))
    for k in range(math.floor(end * rate + 1e-6) + 1):
        t = k / rate
        yield begin_s + t, next((n for e, n in ends if t < e - 1e-6), plan[-1][0])


def run(
    plan: Plan,
    rate: float,
    attention: Attention | None = None,
    begin_s: float = 0.0,
    shut: Callable[[float], bool] = lambda t: False,
) -> list[tuple[float, Mapping[str, SignalValue]]]:
    attention = attention or Attention()
    return [
        (t, attention.step(sight_at(t), {"gaze_zone": zone(name), "eyes_closed": closed(shut(t))}))
        for t, name in during(plan, rate, begin_s)
    ]


def largest(told: list[tuple[float, Mapping[str, SignalValue]]], name: str) -> float:
    return max(v[name].value for _, v in told if v[name].is_valid)


def test_all_three_are_always_there() -> None:
    assert set(run([(ROAD, 0.1)], 10.0)[0][1]) == set(NAMES)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [2.9, 3.1])
def test_a_glance_away_is_as_long_as_it_was(rate: float, seconds: float) -> None:
    told = run([(ROAD, 5.0), (LAP, seconds), (ROAD, 2.0)], rate)
    assert largest(told, "off_road_s") == pytest.approx(seconds, abs=1e-6)
    assert any(v["off_road_s"].value >= 3.0 for _, v in told) == (seconds > 3.0)


@pytest.mark.parametrize("rate", RATES)
def test_three_seconds_are_told_in_the_frame_in_which_they_are_over(rate: float) -> None:
    told = run([(ROAD, 5.0), (LAP, 5.0)], rate)
    first = next(t for t, v in told if v["off_road_s"].value >= 3.0 - 1e-9)
    assert first == pytest.approx(8.0, abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("total", [9.9, 10.1])
def test_glances_are_summed_over_30_seconds(rate: float, total: float) -> None:
    plan: Plan = [(ROAD, 3.0)]
    for _ in range(4):
        plan += [(LAP, 2.0), (ROAD, 1.5)]
    plan += [(LAP, total - 8.0), (ROAD, 1.0)]
    told = run(plan, rate)
    assert largest(told, "off_road_sum_s") == pytest.approx(total, abs=1e-6)
    assert any(v["off_road_sum_s"].value >= 10.0 for _, v in told) == (total > 10.0)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("rest", [1.9, 2.1])
def test_two_seconds_on_the_road_begin_the_sum_anew(rate: float, rest: float) -> None:
    told = run([(ROAD, 5.0), (LAP, 4.0), (ROAD, rest), (LAP, 2.5)], rate)
    assert told[-1][1]["off_road_sum_s"].value == pytest.approx(6.5 if rest < 2.0 else 2.5, abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_glances_older_than_30_seconds_are_forgotten(rate: float) -> None:
    plan: Plan = [(ROAD, 3.0), (LAP, 2.5)] + [(ROAD, 1.5), (LAP, 0.5)] * 16
    told = {round(t, 6): v["off_road_sum_s"].value for t, v in run(plan, rate)}
    assert told[33.5] == pytest.approx(2.0 + 14 * 0.5, abs=1e-6)
    assert told[35.5] == pytest.approx(15 * 0.5, abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_the_buffer_runs_down_in_two_seconds_and_fills_again_after_a_tenth(rate: float) -> None:
    told = {round(t, 6): v["attention_s"].value for t, v in run([(ROAD, 3.0), (LAP, 2.5), (ROAD, 3.0)], rate)}
    assert told[3.0] == pytest.approx(2.0)
    assert told[4.0] == pytest.approx(1.0, abs=1e-6)
    assert told[5.5] == 0.0
    assert told[5.6] == pytest.approx(0.0, abs=1e-6)
    assert told[6.1] == pytest.approx(0.5, abs=1e-6)
    assert told[8.5] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_a_mirror_is_allowed_for_a_second_and_counts_beyond(rate: float) -> None:
    told = {round(t, 6): v for t, v in run([(ROAD, 3.0), (MIRROR, 4.0), (ROAD, 1.0)], rate)}
    assert told[4.0]["off_road_s"].value == 0.0
    assert told[4.0]["attention_s"].value == pytest.approx(2.0)
    assert told[6.9]["off_road_s"].value == pytest.approx(2.9, abs=1e-6)
    assert told[7.0]["off_road_s"].value == pytest.approx(3.0, abs=1e-6)
    assert told[5.0]["attention_s"].value == pytest.approx(1.0, abs=1e-6)
    assert told[7.0]["off_road_sum_s"].value == pytest.approx(3.0, abs=1e-6)


def test_the_allowance_comes_back_on_the_road_and_not_by_looking_elsewhere() -> None:
    fresh = run([(ROAD, 2.0), (MIRROR, 0.9), (ROAD, 0.5), (MIRROR, 0.9)], 30.0)
    assert largest(fresh, "off_road_s") == 0.0
    spent = run([(ROAD, 2.0), (MIRROR, 1.0), (LAP, 0.5), (MIRROR, 1.0)], 30.0)
    assert largest(spent, "off_road_s") == pytest.approx(1.5, abs=1e-6)


def test_attentive_driving_with_mirrors_and_blinks_raises_nothing() -> None:
    plan: Plan = [(ROAD, 2.3), (MIRROR, 0.8), (ROAD, 4.0), ("instruments", 0.7)] * 12
    told = run(plan, 30.0, shut=lambda t: t % 3.0 < 0.2)
    assert largest(told, "off_road_s") == 0.0
    assert largest(told, "off_road_sum_s") == 0.0
    assert min(v["attention_s"].value for t, v in told if v["attention_s"].is_valid) == pytest.approx(2.0)


@pytest.mark.parametrize("rate", RATES)
def test_closed_eyes_are_off_the_road_from_their_first_instant_once_they_are_no_blink(rate: float) -> None:
    told = run([(ROAD, 8.0)], rate, shut=lambda t: 3.0 - 1e-6 <= t < 6.0 - 1e-6)
    at = {round(t, 6): v["off_road_s"].value for t, v in told}
    assert at[3.5] == 0.0
    assert at[4.0] == pytest.approx(1.0, abs=1e-6)
    assert largest(told, "off_road_s") == pytest.approx(3.0, abs=1e-6)


@pytest.mark.parametrize(("seconds", "off"), [(0.4, 0.0), (0.5, 0.0), (0.6, 0.6)])
def test_a_blink_belongs_to_what_was_before(seconds: float, off: float) -> None:
    told = run([(ROAD, 6.0)], 30.0, shut=lambda t: 3.0 - 1e-6 <= t < 3.0 + seconds - 1e-6)
    assert largest(told, "off_road_s") == pytest.approx(off, abs=1e-6)
    # Somebody who blinks while looking away looks away all the time.
    away = run([(ROAD, 3.0), (LAP, 3.1), (ROAD, 1.0)], 30.0, shut=lambda t: 4.0 - 1e-6 <= t < 4.0 + seconds - 1e-6)
    assert largest(away, "off_road_s") == pytest.approx(3.1, abs=1e-6)


def test_eyes_that_are_closed_while_the_gaze_is_not_known_count() -> None:
    attention = Attention()
    for t, _ in during([(ROAD, 2.0)], 30.0):
        attention.step(sight_at(t), {"gaze_zone": zone(ROAD), "eyes_closed": closed(False)})
    for t, _ in during([(LOST, 3.0)], 30.0, 2.0 + 1 / 30):
        told = attention.step(sight_at(t), {"gaze_zone": zone(LOST), "eyes_closed": closed(True)})
    assert told["off_road_s"].value == pytest.approx(3.0, abs=1e-6)


def test_unknown_time_is_neither_away_nor_on_the_road() -> None:
    told = run([(ROAD, 3.0), (LAP, 2.0), (LOST, 0.4), (LAP, 1.5)], 30.0)
    assert told[-1][1]["off_road_s"].value == pytest.approx(3.5, abs=1e-6)
    # 1.2 s of road and 1.2 s more with 0.4 s of nothing between are 2.4 s of road, not 2.8.
    held = run([(ROAD, 3.0), (LAP, 2.0), (ROAD, 0.9), (LOST, 0.4), (ROAD, 0.9), (LAP, 0.5)], 30.0)
    assert held[-1][1]["off_road_sum_s"].value == pytest.approx(2.5, abs=1e-6)


def test_a_glance_of_which_too_little_is_known_is_unknown() -> None:
    plan: Plan = [(ROAD, 3.0)] + [(LAP, 0.2), (LOST, 0.3)] * 12
    told = run(plan, 30.0)
    assert not any(v["off_road_s"].is_valid for t, v in told if t > 4.5)
    assert "70 % are needed" in told[-1][1]["off_road_s"].reason
    assert not any(v["off_road_s"].is_valid and v["off_road_s"].value >= 3.0 for _, v in told)


def test_a_long_unknown_time_ends_the_glance_and_says_why() -> None:
    told = run([(ROAD, 3.0), (LAP, 2.5), (LOST, 2.0), (LAP, 2.5)], 30.0)
    lost = next(v for t, v in told if t > 6.5)
    assert lost["off_road_s"].reason == "no eyes are seen: the head is turned 80 degrees"
    assert largest(told, "off_road_s") == pytest.approx(2.5, abs=1e-6)


def test_half_of_the_last_30_seconds_unknown_makes_their_sum_unknown() -> None:
    told = run([(ROAD, 10.0), (LOST, 15.0), (LAP, 1.0)], 30.0)
    last = told[-1][1]
    assert not last["off_road_sum_s"].is_valid
    assert not last["attention_s"].is_valid
    assert "% of the time, 70 % are needed" in last["off_road_sum_s"].reason
    assert last["off_road_s"].is_valid
    later = run([(ROAD, 10.0), (LOST, 15.0), (ROAD, 22.0)], 30.0)
    assert later[-1][1]["off_road_sum_s"].is_valid


def test_nothing_is_said_of_30_seconds_in_the_first_second() -> None:
    told = run([(LAP, 0.9)], 30.0)
    assert not told[-1][1]["off_road_sum_s"].is_valid
    assert told[-1][1]["off_road_sum_s"].reason == "the gaze has been known for 0.9 s only"


def test_a_face_whose_gaze_was_never_known() -> None:
    attention = Attention()
    for t, _ in during([(LOST, 2.0)], 30.0):
        told = attention.step(sight_at(t), {})
    assert [told[n].is_valid for n in NAMES] == [False] * 3
    assert told["off_road_s"].reason == "the gaze is not known"


@pytest.mark.parametrize("leap_s", [-100.0, -0.01, 0.6, 3600.0])
def test_a_leap_of_the_clock_raises_nothing(leap_s: float) -> None:
    attention = Attention()
    run([(ROAD, 4.0), (LAP, 2.5)], 30.0, attention)
    told = run([(LAP, 2.5)], 30.0, attention, begin_s=6.5 + leap_s)
    assert all(v["off_road_s"].value < 3.0 for _, v in told)
    assert all(v["off_road_sum_s"].value <= 5.0 + 1e-6 for _, v in told)


def test_a_leap_while_the_eyes_are_closed_raises_nothing() -> None:
    attention = Attention()
    run([(ROAD, 4.0)], 30.0, attention, shut=lambda t: t > 3.8)
    for leap in (-60.0, 4000.0):
        told = run([(ROAD, 0.4)], 30.0, attention, begin_s=4.0 + leap, shut=lambda t: True)
        assert all(v["off_road_s"].value < 1.0 for _, v in told)


def test_the_same_instant_twice_counts_once() -> None:
    attention = Attention()
    for t, name in during([(ROAD, 1.0), (LAP, 1.0)], 30.0):
        for _ in range(3):
            told = attention.step(sight_at(t), {"gaze_zone": zone(name)})
    assert told["off_road_s"].value == pytest.approx(1.0, abs=1e-6)


def test_contradictory_data_raises_nothing() -> None:
    """A gaze that is on and off the road in turns from frame to frame is no long glance."""
    told = run([(LAP, 1 / 30), (ROAD, 4 / 30)] * 150, 30.0)
    assert largest(told, "off_road_s") < 0.1


def test_confidence_is_that_of_the_gaze_and_falls_with_what_is_not_known() -> None:
    whole = run([(ROAD, 10.0)], 30.0)[-1][1]["off_road_sum_s"]
    holed = run([(ROAD, 0.8), (LOST, 0.2)] * 10, 30.0)[-1][1]["off_road_sum_s"]
    assert whole.confidence == pytest.approx(0.9, abs=0.01)
    assert holed.confidence < 0.85 * whole.confidence
    assert whole.source == "infrared"


def test_times_come_from_the_configuration() -> None:
    attention = Attention(AttentionConfig(allowance_s=0.0, buffer_s=1.0))
    told = run([(ROAD, 2.0), (MIRROR, 1.5)], 30.0, attention)
    assert told[-1][1]["off_road_s"].value == pytest.approx(1.5, abs=1e-6)
    assert told[-1][1]["attention_s"].value == 0.0


@given(
    steps=st.lists(
        st.tuples(st.integers(-2 * S, 2 * S), st.sampled_from([ROAD, LAP, MIRROR, LOST]), st.booleans()), max_size=60
    )
)
def test_whatever_comes_the_values_are_finite_bounded_and_never_ahead_of_time(
    steps: list[tuple[int, str | None, bool]],
) -> None:
    attention, now, seen_s = Attention(), 0, 0.0
    for passed, name, shut in steps:
        now += passed
        seen_s += max(passed, 0) / S
        told = attention.step(sight_at(now / S), {"gaze_zone": zone(name), "eyes_closed": closed(shut)})
        assert 0.0 <= told["off_road_s"].value <= seen_s + 1e-6
        assert 0.0 <= told["off_road_sum_s"].value <= min(30.0, seen_s) + 1e-6
        assert 0.0 <= told["attention_s"].value <= 2.0
        assert all(0.0 <= v.confidence <= 1.0 for v in told.values())


def test_seconds_that_were_counted_while_nobody_was_sure_stay_unsure() -> None:
    """Straight ahead is learned in the first half minute: a sum from before does not become sure with it."""
    attention, told = Attention(), {}
    for k in range(121):
        where = "lap" if k < 90 or k % 10 < 3 else "road"
        said = SignalValue(0.0, "", 0.25 if k < 90 else 0.9, label=where, source="infrared")
        told = attention.step(sight_at(k / 10), {"gaze_zone": said, "eyes_closed": closed(False)})
    assert told["off_road_sum_s"].value > 9.0
    assert told["off_road_sum_s"].confidence < 0.4
    for k in range(121, 300):
        said = SignalValue(1.0, "", 0.9, label="road" if k < 160 else "lap", source="infrared")
        told = attention.step(sight_at(k / 10), {"gaze_zone": said, "eyes_closed": closed(False)})
    assert told["off_road_sum_s"].value == pytest.approx(13.9, abs=0.15)
    assert told["off_road_sum_s"].confidence > 0.8, "a new sum has only the confidence of its own seconds"
