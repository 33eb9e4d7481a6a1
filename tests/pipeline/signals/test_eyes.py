"""Openness of the eyes, closed eyes, and since when they are closed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from drivers.frame import StreamKind
from pipeline.signals.eyes import NAMES, Eyes, EyesConfig, usual_ear
from pipeline.signals.sight import Sight
from pipeline.steps.follow import EYES_NOT_TOLD
from recordings.observation import EyeOpenness, HeadPose, SignalValue
from tests.pipeline.signals.faces import UPPER_LIDS, every, image_points, info_of, sight_at, sights

Told = dict[str, SignalValue]


def watch(eyes: Eyes, shown: Iterable[Sight]) -> list[Told]:
    return [dict(eyes.step(sight, {})) for sight in shown]


def model(openness: float, **more: object) -> dict[str, object]:
    """A face of which the model says that openness, whatever its landmarks show."""
    return {"eyes": EyeOpenness(openness, openness), **more}


def blinking(time_s: float) -> float:
    """0.2 s closed in every three seconds, a little slower down and up."""
    phase = time_s % 3.0
    return float(np.interp(phase, (1.0, 1.08, 1.2, 1.35), (1.0, 0.0, 0.0, 1.0)))


def used_to(eyes: Eyes, seconds: float = 12.0, fps: float = 15.0, **face: object) -> float:
    """Show somebody who blinks; the time after."""
    watch(eyes, sights(every(seconds, fps), openness=blinking, **face))
    return seconds + 1 / fps


def test_every_step_tells_every_name_and_a_reason_where_there_is_no_value() -> None:
    told = Eyes().step(sight_at(0.0, landmarks=None, eyes=None, invalid={"landmarks": "too dark"}), {})
    assert set(told) == set(NAMES)
    assert all(v.reason == "too dark" and v.value == 0 and v.confidence == 0 for v in told.values())


def test_open_eyes_are_open_and_closed_eyes_closed_from_the_first_picture_on_with_less_confidence_than_later() -> None:
    eyes = Eyes()
    first = eyes.step(sight_at(0.0, **model(0.9)), {})
    assert first["eye_openness"].value > 0.9
    assert first["eyes_closed"].value == 0
    asleep = Eyes().step(sight_at(0.0, **model(0.05)), {})
    assert asleep["eyes_closed"].value == 1
    later = eyes.step(sight_at(used_to(eyes)), {})
    assert later["eye_openness"].confidence > 1.5 * first["eye_openness"].confidence


@pytest.mark.parametrize(("wide", "shut"), [(0.95, 0.02), (0.7, 0.05), (0.85, 0.3), (0.62, 0.25)])
def test_the_scale_is_the_persons_own(wide: float, shut: float) -> None:
    """Whoever reads as 0.7 with open eyes is as awake as who reads as 0.95."""
    eyes = Eyes()
    read: Callable[[float], EyeOpenness] = lambda t: EyeOpenness(*[shut + blinking(t) * (wide - shut)] * 2)  # noqa: E731 - one line
    watch(eyes, sights(every(20.0), eyes=read))
    openness = {
        raw: eyes.step(sight_at(20.1 + i / 30, **model(raw)), {})["eye_openness"].value
        for i, raw in enumerate((wide, (wide + shut) / 2, shut))
    }
    assert openness[wide] == pytest.approx(1.0, abs=0.03)
    assert openness[(wide + shut) / 2] == pytest.approx(0.5, abs=0.07)
    assert openness[shut] == pytest.approx(0.0, abs=0.05)


def test_half_a_minute_of_sleep_does_not_become_the_usual() -> None:
    eyes = Eyes()
    begin = used_to(eyes)
    told = watch(eyes, sights(every(90.0, 10.0, begin), openness=0.0))
    assert all(t["eyes_closed"].value == 1 for t in told[1:])
    assert told[-1]["eyes_closed_s"].value == pytest.approx(90.0, abs=0.11)


def test_whoever_comes_asleep_is_not_taken_for_awake() -> None:
    told = watch(Eyes(), sights(every(70.0, 10.0), openness=0.05))
    assert all(t["eyes_closed"].value == 1 for t in told if t["eyes_closed"].is_valid)
    assert told[50]["eyes_closed"].is_valid


def test_closed_eyes_open_only_when_they_are_clearly_open() -> None:
    config = EyesConfig()
    eyes = Eyes(config)
    begin = used_to(eyes)
    scale = [0.5, 0.35, 0.29, 0.32, 0.38, 0.39, 0.45, 0.38]
    told = watch(eyes, [sight_at(begin + i / 30, openness=o) for i, o in enumerate(scale)])
    closed = [t["eyes_closed"].value for t in told]
    assert closed == [0, 0, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("fps", [10.0, 120.0])
@pytest.mark.parametrize("seconds", [0.9, 1.1, 2.9, 3.1, 5.9, 6.1])
def test_the_time_of_closed_eyes_is_exact_at_the_borders_of_the_rules(fps: float, seconds: float) -> None:
    eyes = Eyes()
    begin = used_to(eyes)
    longest = max(
        t["eyes_closed_s"].value
        for t in watch(
            eyes,
            sights(every(1.2 + seconds, fps, begin), openness=lambda t: 0.0 if 1 <= t - begin < 1 + seconds else 1.0),
        )
    )
    border = round(seconds)
    assert longest == pytest.approx(seconds, abs=1.01 / fps)
    assert (longest >= border) == (seconds > border)


FOLLOWED = {"eyes": EYES_NOT_TOLD, "landmarks": "followed for 1 frame", "pose": "followed for 1 frame"}


def test_a_face_that_is_read_in_every_third_picture_only_sleeps_as_long_as_any_other() -> None:
    eyes = Eyes()
    begin = used_to(eyes)
    told = [
        eyes.step(
            sight_at(t, openness=0.0) if i % 3 == 0 else sight_at(t, openness=1.0, eyes=None, invalid=FOLLOWED), {}
        )
        for i, t in enumerate(every(3.0, 30.0, begin))
    ]
    assert all(t["eyes_closed"].value == 1 for t in told)
    assert told[-1]["eyes_closed_s"].value == pytest.approx(3.0, abs=0.01)
    assert told[-2]["eye_openness"].confidence < told[-1]["eye_openness"].confidence
    late = eyes.step(sight_at(begin + 3.4, eyes=None, invalid=FOLLOWED), {})
    assert not late["eyes_closed"].is_valid


def test_a_gap_or_a_leap_of_the_clock_ends_the_count_of_closed_eyes() -> None:
    for leap_s in (-1000.0, -0.5, 0.9, 3600.0):
        eyes = Eyes()
        begin = used_to(eyes)
        before = watch(eyes, sights(every(2.0, 30.0, begin), openness=0.0))[-1]
        assert before["eyes_closed_s"].value == pytest.approx(2.0, abs=0.05)
        after = eyes.step(sight_at(begin + 2.0 + leap_s, openness=0.0), {})
        assert after["eyes_closed_s"].value == 0.0


def test_a_short_doubt_does_not_end_the_count_and_a_long_one_does() -> None:
    eyes = Eyes()
    begin = used_to(eyes)
    watch(eyes, sights(every(2.0, 30.0, begin), openness=0.0))
    hidden = watch(eyes, sights(every(0.2, 30.0, begin + 2.03), landmarks=None, eyes=None))
    assert not any(t["eyes_closed_s"].is_valid for t in hidden)
    back = eyes.step(sight_at(begin + 2.27, openness=0.0), {})
    assert 1.9 < back["eyes_closed_s"].value < 2.1
    watch(eyes, sights(every(1.0, 30.0, begin + 2.3), landmarks=None, eyes=None))
    assert eyes.step(sight_at(begin + 3.35, openness=0.0), {})["eyes_closed_s"].value == 0.0


@pytest.mark.parametrize(("yaw", "hidden", "seen"), [(45.0, "left", "right"), (-45.0, "right", "left")])
def test_of_a_head_that_is_turned_far_only_the_near_eye_is_read(yaw: float, hidden: str, seen: str) -> None:
    told = Eyes().step(sight_at(0.0, yaw=yaw), {})
    assert "far side" in told[f"eye_openness_{hidden}"].reason
    assert told[f"eye_openness_{seen}"].is_valid
    assert told["eye_openness"].value == told[f"eye_openness_{seen}"].value
    ahead = Eyes().step(sight_at(0.0), {})
    assert told["eye_openness"].confidence < 0.8 * ahead["eye_openness"].confidence


@pytest.mark.parametrize(
    ("face", "words"),
    [
        ({"yaw": 62.0}, "the head is turned 62 degrees"),
        ({"pitch": -44.0}, "the head is tilted 44 degrees"),
        ({"center_m": (0.0, 0.0, 8.0)}, "too small"),
        ({"confidence": 0.1}, "unsure"),
        ({"invalid": {"face": "flat as a picture"}}, "flat as a picture"),
        ({"invalid": {"eyes": "not told while a face is followed"}, "eyes": None}, "not told while"),
        ({"points": np.full((68, 2), np.nan)}, "not seen"),
        ({"pose": HeadPose(math.nan, 0.0, 0.0)}, "no number"),
    ],
)
def test_what_is_not_seen_is_not_told(face: dict[str, object], words: str) -> None:
    told = Eyes().step(sight_at(0.0, **face), {})
    assert not any(v.is_valid for v in told.values())
    assert all(words in v.reason for v in told.values())


def test_a_wink_is_no_sleep() -> None:
    eyes = Eyes()
    begin = used_to(eyes)
    told = watch(eyes, sights(every(3.0, 30.0, begin), openness=(0.0, 1.0)))
    assert all(t["eyes_closed"].value == 0 for t in told)
    assert told[-1]["eye_openness_right"].value < 0.1 < 0.9 < told[-1]["eye_openness_left"].value


def test_eyes_that_never_blink_are_doubted_until_they_do() -> None:
    """Some glasses read as open eyes for ever."""
    eyes = Eyes()
    told = watch(eyes, sights(every(45.0, 10.0), **model(0.88)))
    assert told[290]["eye_openness"].confidence > 2 * told[-1]["eye_openness"].confidence
    used = Eyes()
    begin = used_to(used)
    staring = watch(used, sights(every(45.0, 10.0, begin), openness=1.0))
    assert staring[-1]["eye_openness"].confidence > 0.7


def test_the_confidence_falls_with_the_size_of_the_eyes() -> None:
    told = [Eyes().step(sight_at(0.0, center_m=(0, 0, z)), {})["eye_openness"] for z in (0.8, 2.2, 4.5)]
    assert told[0].confidence > 1.15 * told[1].confidence > 1.3 * told[2].confidence > 0


def test_thermal_pictures_say_that_they_know_little_of_lids() -> None:
    info = info_of(StreamKind.THERMAL)
    eyes = Eyes()
    why = {"eyes": "read from a thermal image, which hardly shows whether eyes are open"}
    told = watch(eyes, sights(every(20.0, 10.0), info=info, openness=blinking, eyes=None, invalid=why))
    assert told[-1]["eye_openness"].is_valid
    assert told[-1]["eye_openness"].confidence < 0.2
    assert "too weakly" in told[-1]["eyes_closed"].reason
    assert not told[-1]["eyes_closed_s"].is_valid


def test_good_landmarks_can_be_read_in_place_of_the_model() -> None:
    eyes = Eyes(EyesConfig(read="landmarks"))
    blind = EyeOpenness(0.5, 0.5)
    begin = 20.0
    watch(eyes, sights(every(begin), openness=blinking, eyes=blind))
    told = watch(eyes, sights(every(2.0, 30.0, begin), openness=lambda t: 0.0 if t > 21 else 1.0, eyes=blind))
    assert told[10]["eye_openness"].value > 0.95
    assert told[-1]["eyes_closed"].value == 1
    assert told[-1]["eyes_closed_s"].value == pytest.approx(1.0, abs=0.05)


@settings(max_examples=60)
@given(st.floats(-34, 34), st.floats(-25, 25), st.floats(-30, 30), st.floats(0.3, 1.0))
def test_the_aspect_ratio_is_freed_from_the_heads_pose(yaw: float, pitch: float, roll: float, openness: float) -> None:
    eyes = Eyes(EyesConfig(read="landmarks"))
    ahead = eyes.step(sight_at(0.0, openness=openness), {})
    turned = eyes.step(sight_at(0.033, openness=openness, yaw=yaw, pitch=pitch, roll=roll), {})
    assert turned["eye_openness"].value == pytest.approx(ahead["eye_openness"].value, abs=0.13)


def test_the_average_eye_looks_narrower_and_taller_from_the_side() -> None:
    assert usual_ear(36, HeadPose(0, 0, 0)) == 1.0
    assert usual_ear(36, HeadPose(40, 0, 0)) != usual_ear(42, HeadPose(40, 0, 0))
    assert usual_ear(42, HeadPose(40, 0, 0)) > 1.1
    for pose in (HeadPose(0, 0, 0, 0.5), HeadPose(20, 10, 30), HeadPose(-30, -20, 5)):
        points = image_points(pose, center_m=(0, 0, 5.0))
        width = np.linalg.norm(points[36] - points[39])
        high = sum(np.linalg.norm(points[a] - points[b]) for a, b in UPPER_LIDS[:2])
        ahead = image_points(center_m=(0, 0, 5.0))
        usual = sum(np.linalg.norm(ahead[a] - ahead[b]) for a, b in UPPER_LIDS[:2]) / np.linalg.norm(
            ahead[36] - ahead[39]
        )
        assert usual_ear(36, pose) == pytest.approx(high / width / usual, rel=0.03)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-400, 900),
            st.one_of(st.none(), st.floats(-2, 3, width=32), st.just(math.nan)),
            st.floats(-90, 90),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_is_shown_the_values_are_finite_and_never_count_more_than_the_time_that_passed(
    steps: list[tuple[int, float | None, float, bool]],
) -> None:
    eyes, again, now_ms, forward = Eyes(), Eyes(), 10_000, 0
    for ms, raw, yaw, has_landmarks in steps:
        now_ms, forward = now_ms + ms, forward + max(ms, 0)
        face: dict[str, object] = {"yaw": yaw, "eyes": None if raw is None else EyeOpenness(raw, raw)}
        if not has_landmarks:
            face["landmarks"] = None
        sight = sight_at(now_ms / 1000, **face)
        told = eyes.step(sight, {})
        assert set(told) == set(NAMES)
        for value in told.values():
            assert math.isfinite(value.value)
            assert 0 <= value.confidence <= 1
            assert value.is_valid == (value.reason == "")
        assert 0 <= told["eye_openness"].value <= 1
        assert told["eyes_closed_s"].value <= forward / 1000 + 1e-9
        assert again.step(sight, {}) == told


def test_thresholds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"cannot open above 0\.2"):
        EyesConfig(closed_below=0.3, open_above=0.2)
    with pytest.raises(ValidationError, match="less open"):
        EyesConfig(model_open=0.1, model_closed=0.2)
    with pytest.raises(ValidationError):
        EyesConfig.model_validate({"closed": 0.2})


# ---- eyes that were judged one by one ----


def judged(openness: float, sure: float | tuple[float, float] = 0.9, **more: object) -> dict[str, object]:
    """A face whose eyes the model of single eyes has read."""
    both = (sure, sure) if isinstance(sure, float) else sure
    return {"eyes": EyeOpenness(openness, openness, both), **more}


def test_the_confidence_of_a_judged_eye_is_the_model_s_own() -> None:
    eyes = Eyes()
    end = used_to(eyes, **{})
    told = watch(eyes, [sight_at(end + 0.1, **judged(0.9, 0.85)), sight_at(end + 0.2, **judged(0.9, 0.5))])
    high, low = (one["eye_openness_right"].confidence for one in told)
    assert high > 1.5 * low > 0


def test_an_eye_that_nobody_can_judge_is_no_closed_eye() -> None:
    eyes = Eyes()
    told = watch(eyes, (sight_at(k / 15, **judged(0.02, 0.1)) for k in range(60)))
    assert all(not one["eyes_closed"].is_valid and not one["eye_openness"].is_valid for one in told)
    assert "nobody can tell how far the right eye is open" in told[-1]["eye_openness_right"].reason
    assert math.isfinite(told[-1]["eyes_closed_s"].value)


def test_of_two_eyes_the_one_that_can_be_judged_counts() -> None:
    eyes = Eyes()
    told = watch(eyes, (sight_at(k / 15, **judged(0.02, (0.05, 0.9))) for k in range(30)))
    assert told[-1]["eyes_closed"].value == 1.0
    assert not told[-1]["eye_openness_right"].is_valid
    assert told[-1]["eye_openness_left"].is_valid


def test_judged_eyes_have_borders_and_a_scale_of_their_own() -> None:
    config = EyesConfig(state_closed_below=0.1, state_open_above=0.15, closed_below=0.5, open_above=0.6)
    between = 0.35
    by_state, by_model = Eyes(config), Eyes(config)
    state = watch(by_state, (sight_at(k / 15, **judged(between)) for k in range(10)))
    model_ = watch(by_model, (sight_at(k / 15, **model(between)) for k in range(10)))
    assert state[-1]["eyes_closed"].value == 0.0
    assert model_[-1]["eyes_closed"].value == 1.0
    # One after the other: what the landmark model taught of this person says nothing of the other reading.
    eyes = Eyes()
    watch(eyes, (sight_at(k / 15, **model(0.4)) for k in range(150)))
    fresh = Eyes()
    after = watch(eyes, [sight_at(10.1, **judged(0.5))])[0]["eye_openness"].value
    assert after == watch(fresh, [sight_at(10.1, **judged(0.5))])[0]["eye_openness"].value


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.0])
def test_a_judgement_that_is_no_number_is_none(wrong: float) -> None:
    told = watch(Eyes(), [sight_at(0.1, **judged(0.5, wrong)), sight_at(0.2, **judged(wrong, 0.9))])
    for one in told:
        assert all(math.isfinite(v.value) and 0 <= v.confidence <= 1 for v in one.values())


def test_borders_of_judged_eyes_are_checked() -> None:
    with pytest.raises(ValidationError, match="cannot open above"):
        EyesConfig(state_closed_below=0.3, state_open_above=0.2)
    with pytest.raises(ValidationError, match="less open"):
        EyesConfig(state_open=0.1, state_closed=0.2)
