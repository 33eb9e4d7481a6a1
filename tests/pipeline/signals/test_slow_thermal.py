"""A thermal camera of 9 pictures a second beside a quicker one: most FrameSets hold no picture of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from pipeline.signals.breathing import Breathing
from pipeline.signals.cover import Cover
from pipeline.signals.liveness import Liveness
from pipeline.signals.skin import Skin
from recordings.observation import SignalValue
from tests.pipeline.signals.slow_rigs import Told, frame_sets, sights_of, told_of
from tests.pipeline.signals.test_liveness import depth_of, head
from tests.pipeline.signals.warm_faces import CANTHUS_C, SKIN_C

TEMPERATURES = ("canthus_temperature", "forehead_temperature", "canthus_warmth", "forehead_warmth")
OTHERS = ("liveness", "face_covered", "glasses")
GONE = "the thermal camera gives no pictures"


def of_warmth() -> tuple[Cover, Skin, Liveness, Breathing]:
    return Cover(), Skin(), Liveness(), Breathing()


def series(told: Told, name: str, after_s: float = 0.5) -> list[SignalValue]:
    return [known[name] for at_s, known in told if at_s >= after_s]


def flips(values: list[SignalValue]) -> int:
    """How often a value came or went, or was told by another camera."""
    return sum((a.is_valid, a.source) != (b.is_valid, b.source) for a, b in pairwise(values))


@pytest.fixture(scope="module", params=[30.0, 15.0], ids=["30 fps", "15 fps"])
def half_a_minute(request: pytest.FixtureRequest) -> Told:
    return told_of(of_warmth(), sights_of(frame_sets(36.0, request.param)))


def test_most_frame_sets_of_such_a_rig_hold_no_thermal_picture() -> None:
    sets = frame_sets(3.0, 30.0)
    assert sum("thermal" in one.frames for one in sets) < 0.4 * len(sets)


@pytest.mark.parametrize("name", [*TEMPERATURES, *OTHERS])
def test_what_its_pictures_tell_stays_known_between_them(half_a_minute: Told, name: str) -> None:
    values = series(half_a_minute, name)
    assert np.mean([value.is_valid for value in values]) >= 0.95
    assert flips(values) == 0


def test_temperatures_are_as_right_as_those_of_a_quick_camera(half_a_minute: Told) -> None:
    last = half_a_minute[-1][1]
    assert last["forehead_temperature"].value == pytest.approx(SKIN_C, abs=0.15)
    assert last["canthus_temperature"].value == pytest.approx(CANTHUS_C + 0.12 * 2.5, abs=0.2)


def test_breathing_is_told_as_by_the_thermal_camera_alone(half_a_minute: Told) -> None:
    alone = told_of(of_warmth(), sights_of(frame_sets(36.0, 9.0)))
    beside = series(half_a_minute, "breathing_rate", 30.0)
    assert all(value.is_valid for value in series(alone, "breathing_rate", 30.0))
    assert all(value.is_valid for value in beside)
    assert beside[-1].value == pytest.approx(12.0, abs=0.5)
    assert beside[-1].confidence == pytest.approx(alone[-1][1]["breathing_rate"].confidence, abs=0.02)
    known = [next(at for at, one in told if one["breathing_rate"].is_valid) for told in (alone, half_a_minute)]
    assert known[1] == pytest.approx(known[0], abs=0.2)


def test_a_clock_of_its_own_changes_nothing() -> None:
    told = told_of(of_warmth(), sights_of(frame_sets(36.0, 30.0, clock_s=-1000.0)))
    for name in (*TEMPERATURES, *OTHERS):
        assert flips(series(told, name)) == 0
    assert all(value.is_valid for value in series(told, "breathing_rate", 30.0))


def test_a_picture_that_is_lost_is_not_missed() -> None:
    told = told_of(of_warmth(), sights_of(frame_sets(8.0, 30.0, lost=lambda t: round(9 * t) % 10 == 7)))
    for name in (*TEMPERATURES, *OTHERS):
        assert flips(series(told, name)) == 0


def gone(at_s: float, until_s: float = 1e9) -> Callable[[float], bool]:
    return lambda time_s: at_s <= time_s < until_s


def test_a_camera_that_goes_is_told_within_half_a_second_and_the_true_reason_with_it() -> None:
    told = told_of(of_warmth(), sights_of(frame_sets(35.0, 30.0, lost=gone(32.0))))
    for name in (*TEMPERATURES, "breathing_rate", *OTHERS):
        assert told[int(31.9 * 30)][1][name].is_valid
        assert not any(value.is_valid for value in series(told, name, 32.5))
    after = told[-1][1]
    assert {after[name].reason for name in (*TEMPERATURES, "breathing_rate")} == {GONE}
    assert after["liveness"].reason == f"no depth sensor looks at the face; {GONE}"


def test_when_it_is_back_its_first_picture_is_read() -> None:
    told = told_of(of_warmth(), sights_of(frame_sets(36.0, 30.0, lost=gone(32.0, 34.0))))
    for name in (*TEMPERATURES, *OTHERS):
        assert all(value.is_valid for value in series(told, name, 34.1))
    breathing = series(told, "breathing_rate", 34.1)
    assert all(value.is_valid for value in breathing), "2 s are bridged"


def test_depth_goes_on_alone_where_the_thermal_camera_is_gone() -> None:
    depth = depth_of(head, 1.0)
    told = told_of([Liveness()], sights_of(frame_sets(6.0, 30.0, lost=gone(3.0)), depth_mm=depth))
    assert all(known["liveness"].is_valid for _, known in told)
    assert {value.source for value in series(told, "liveness") if value.source != "depth"} == {"depth + thermal"}
    assert [known["liveness"].source for at, known in told if 0.5 < at < 3.1 or at > 3.5] == (
        ["depth + thermal"] * sum(0.5 < at < 3.1 for at, _ in told) + ["depth"] * sum(at > 3.5 for at, _ in told)
    )


def test_of_two_thermal_cameras_one_is_read_and_not_both_in_turns() -> None:
    sets = frame_sets(6.0, 30.0, {"quick": 30.0, "slow": 9.0})
    told = told_of(of_warmth(), sights_of(sets, not_radiometric=["quick"]))
    for name in (*TEMPERATURES, *OTHERS):
        values = series(told, name, 1.0)
        assert flips(values) == 0
        assert all(value.is_valid and value.source.endswith("slow") for value in values), "it measures temperatures"


def test_a_face_that_comes_between_two_pictures_is_read_in_the_next() -> None:
    sets = frame_sets(3.0, 30.0)
    first = next(i for i, one in enumerate(sets) if "thermal" in one.frames and i > 10)
    told = told_of(of_warmth(), sights_of(sets[first + 1 :]))
    for name in (*TEMPERATURES, *OTHERS):
        assert all(value.is_valid for value in series(told, name, 0.11))


def test_the_same_frame_sets_give_the_same_values_again() -> None:
    sets = frame_sets(3.0, 30.0)
    assert told_of(of_warmth(), sights_of(sets)) == told_of(of_warmth(), sights_of(sets))


def test_a_clock_that_leaps_back_is_no_camera_that_is_gone() -> None:
    sights = list(sights_of(frame_sets(6.0, 30.0)))
    told = told_of(of_warmth(), [*sights[90:], *sights[:90]])
    leapt = [known for at_s, known in told if at_s < 0]
    for name in (*TEMPERATURES, *OTHERS):
        assert all(known[name].is_valid for known in leapt[4:])
