"""Another camera of the rig takes over: whoever sits still did not turn, move or look away."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import numpy as np
import pytest

from drivers.frame import Extrinsics, StreamInfo, StreamKind
from pipeline.signals.attention import Attention
from pipeline.signals.config import SignalsConfig
from pipeline.signals.gaze import Gaze
from pipeline.signals.head import Head
from pipeline.signals.presence import Presence
from pipeline.signals.sight import Sight
from pipeline.signals.smoothing import SignalSmoother
from pipeline.signals.table import make_signals
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import info_of, sight_at

NIGHT: Final = info_of(StreamKind.INFRARED)
ASIDE: Final = dataclasses.replace(
    info_of(StreamKind.COLOR), extrinsics=Extrinsics.from_arrays(HeadPose(25.0, 0.0, 0.0).rotation(), (0.3, 0.0, 0.0))
)
"""25 degrees to the driver's left of the infrared camera."""
FPS: Final = 15
SWITCH_S: Final = 60.0
ROAD: Final = "road"


def drive(
    second: StreamInfo = ASIDE, seconds: float = 75.0, away: float = 0.0, back_s: float = 1e9, gap_s: float = 0.0
) -> Iterator[Sight]:
    """A driver whom the infrared camera sees at 10 degrees, and colour, when it takes over, at -15.

    Args:
        away: degrees to his left of the road, from three seconds after the switch on.
        back_s: when infrared takes back.
        gap_s: without a picture at the switch.
    """
    for i in range(round(FPS * seconds)):
        t = i / FPS
        off = away if t >= SWITCH_S + 3.0 else 0.0
        if t < SWITCH_S or t >= back_s:
            yield sight_at(t, info=NIGHT, yaw=10.0 + off, center_m=(0.0, 0.0, 0.8))
        elif t >= SWITCH_S + gap_s:
            yield sight_at(t, info=second, yaw=-15.0 + off, center_m=(-0.3, 0.0, 0.85))


def told_of(*given: Sight) -> list[tuple[float, dict[str, SignalValue]]]:
    """Seconds and what is told, smoothed values under their names."""
    signals = (Presence(), Head(), Gaze(), Attention())
    smoother, out = SignalSmoother(), []
    for sight in given:
        known: dict[str, SignalValue] = {}
        for one in signals:
            known |= one.step(sight, known)
        out.append((sight.device_ns / 1e9, known | smoother.step(sight.device_ns, known)))
    return out


@pytest.mark.parametrize("gap_s", [0.0, 0.6])
def test_a_driver_who_looks_at_the_road_is_not_told_to_look_away(gap_s: float) -> None:
    for t, told in told_of(*drive(gap_s=gap_s)):
        if t > 45.0:
            assert told["head_yaw"].value == pytest.approx(0.0, abs=0.5)
            assert told["head_yaw"].confidence > 0.8
            assert told["gaze_zone"].label == ROAD
            assert told["off_road_s"].value == 0.0
            assert told["attention_s"].value == pytest.approx(2.0)


def test_a_driver_who_looks_away_after_the_switch_is_told_for_as_long_as_he_does() -> None:
    t, told = told_of(*drive(away=35.0))[-1]
    assert told["head_yaw"].value == pytest.approx(35.0, abs=1.0)
    assert told["off_road_s"].value == pytest.approx(t - SWITCH_S - 4.0, abs=0.1), "a mirror is free for a second"
    assert told["off_road_s"].confidence > 0.55, "sure enough for the alarms of a car"


def test_when_the_first_camera_takes_back_nothing_is_another() -> None:
    for t, told in told_of(*drive(back_s=68.0)):
        if t > 45.0:
            assert told["head_yaw"].value == pytest.approx(0.0, abs=0.5)
            assert told["off_road_s"].value == 0.0


def test_nobody_moves_because_another_camera_looks() -> None:
    for t, told in told_of(*drive(back_s=68.0)):
        for name in ("motion", "approach"):
            if told[name].is_valid:
                assert told[name].value == pytest.approx(0.0, abs=0.02), t
    unknown = [t for t, told in told_of(*drive()) if t > 2.0 and not told["motion"].is_valid]
    assert unknown
    assert min(unknown) >= SWITCH_S
    assert max(unknown) <= SWITCH_S + 1.0


def test_the_distance_is_the_cameras_own_from_its_first_picture_on() -> None:
    for t, told in told_of(*drive()):
        assert told["distance"].value == pytest.approx(0.71 if t < SWITCH_S else 0.76, abs=1e-6)


def test_of_a_camera_that_nobody_related_no_glance_is_told_surely_enough_for_an_alarm() -> None:
    stranger = dataclasses.replace(ASIDE, name="heat/color", extrinsics=Extrinsics())
    for t, told in told_of(*drive(stranger)):
        if t >= SWITCH_S:
            assert told["head_yaw"].value == pytest.approx(-15.0, abs=9.0)
            assert max(told[n].confidence for n in ("head_yaw", "off_road_s", "off_road_sum_s")) < 0.55
            if t < SWITCH_S + 0.5:
                assert told["off_road_s"].value == 0.0


def test_what_was_counted_before_is_not_gone_on_with_by_a_camera_that_nobody_related() -> None:
    stranger = dataclasses.replace(NIGHT, name="heat/infrared")
    away = [sight_at(40.0 + i / 10, info=NIGHT, yaw=45.0) for i in range(30)]
    learned = [sight_at(i / 10, info=NIGHT, yaw=10.0) for i in range(400)]
    *_, (_, before), (_, after) = told_of(*learned, *away, sight_at(43.0, info=stranger, yaw=45.0))
    assert before["off_road_s"].value == pytest.approx(1.9, abs=0.05), "a mirror is free for a second"
    assert after["off_road_s"].value == 0.0
    *_, (_, after) = told_of(*learned, *away, sight_at(43.0, info=ASIDE, yaw=20.0))
    assert after["off_road_s"].value == pytest.approx(2.0, abs=0.05), "a camera of the rig goes on with it"


def test_the_table_tells_head_and_zones_which_camera_is_the_first() -> None:
    zones = SignalsConfig.model_validate({}).zones
    place = zones.camera.model_copy(update={"yaw_deg": 10.0, "measured": True})
    config = SignalsConfig(zones=zones.model_copy(update={"camera": place}))
    known: dict[str, SignalValue] = {}
    for one in make_signals(config, home=NIGHT):
        known |= one.step(sight_at(0.0, info=ASIDE, yaw=-15.0), known)
    assert known["head_yaw"].value == pytest.approx(0.0, abs=1e-6)
    assert np.isfinite(known["gaze_yaw"].value)
