"""Bad input through all signals and the ready rules together: nothing of it ever begins an alarm.

Each of these has a twin in which somebody does fall asleep: the same way tells it, so that silence means something.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import Frame, FrameSet, Intrinsics
from pipeline.rules.engine import RuleEngine
from pipeline.rules.errors import RulesError
from pipeline.rules.load import RuleSet
from pipeline.rules.run import Change
from pipeline.signals.config import SignalsConfig
from pipeline.steps.register import View
from pipeline.steps.signals import SignalStep, signal_step
from recordings.observation import Box, Face, Landmarks, Observation
from tests.pipeline.signals.faces import S, info_of, make_face

LENS = Intrinsics(320, 240, 300.0, 300.0, 159.5, 119.5)
NIGHT = info_of(intrinsics=LENS, name="infrared")
DARK = np.zeros((LENS.height, LENS.width), np.uint8)
"""No pupils are seen: the gaze is the head's."""
BEGIN_NS = 7 * S
ALARMS = ("warning", "alarm")

Driver = Callable[[float], Sequence[Face]]
"""The faces at a time in seconds."""


def driver(
    number: int = 1, shut: Iterable[tuple[float, float]] = (), blinks: bool = True, x_m: float = 0.0
) -> Callable[[float], Face]:
    """Somebody who looks straight ahead and blinks every 4 s; ``shut``: from and to when the eyes are closed."""
    spells = tuple(shut)

    def at(t: float) -> Face:
        closed = any(begin <= t < end for begin, end in spells) or (blinks and 2.0 <= t % 4.0 < 2.2)
        openness = 0.0 if closed else 1.0
        return make_face(openness=openness, center_m=(x_m, 0.0, 0.6), intrinsics=LENS, id=number, confidence=0.95)

    return at


class Cabin:
    """Signals and rules of one camera, as a run has them."""

    def __init__(self, rules: str = "in-car") -> None:
        step = signal_step(SignalsConfig())
        assert step is not None
        self.step: SignalStep = step
        self.rules = RuleEngine(RuleSet.load(rules, zones=("road",)))
        self.changes: list[Change] = []
        self._number = 0

    def see(self, device_ns: int, faces: Sequence[Face]) -> tuple[Face, ...]:
        self._number += 1
        frame = Frame(NIGHT, DARK, self._number, device_ns, device_ns)
        view = View(frame, DARK, None, LENS)
        told = self.step(FrameSet(self._number, device_ns, {NIGHT.name: frame}), view, LENS, faces)
        for face in told:
            for name, signal in face.signals.items():
                assert math.isfinite(signal.value), name
                assert 0.0 <= signal.confidence <= 1.0, name
                assert not signal.reason.startswith("failed"), f"{name}: {signal.reason}"
        numbers = {NIGHT.name: self._number}
        self.changes += self.rules.step(Observation(self._number, device_ns, device_ns, 0, numbers, told, "ok"))
        return told

    def drive(
        self, faces: Driver, until_s: float, fps: float = 30.0, from_s: float = 0.0, clock_s: float = 0.0
    ) -> Cabin:
        """``clock_s``: what the camera's clock says more than has passed."""
        for n in range(round(from_s * fps), round(until_s * fps)):
            self.see(BEGIN_NS + round((n / fps + clock_s) * S), faces(n / fps))
        return self

    @property
    def told(self) -> list[str]:
        """Warnings and alarms that began."""
        return [c.event.name for c in self.changes if c.kind == "begun" and c.event.severity in ALARMS]


def alone(one: Callable[[float], Face]) -> Driver:
    return lambda t: [one(t)]


RATES = (10.0, 30.0, 120.0)
LEARNED_S = 6.0
"""By then the eyes' scale is the driver's own."""


@pytest.mark.parametrize("fps", RATES)
def test_an_attentive_driver_is_left_alone_at_any_rate(fps: float) -> None:
    assert Cabin().drive(alone(driver()), min(20.0, 1000.0 / fps), fps).told == []


@pytest.mark.parametrize("fps", RATES)
def test_who_falls_asleep_is_told_at_any_rate_within_300_ms(fps: float) -> None:
    cabin = Cabin().drive(alone(driver(shut=[(LEARNED_S, LEARNED_S + 4.0)])), LEARNED_S + 4.0, fps)
    assert {"microsleep", "asleep"} <= set(cabin.told)
    begun = [c.event.begin_ns for c in cabin.changes if c.kind == "begun" and c.event.name == "microsleep"]
    assert 0.9 <= (begun[0] - BEGIN_NS) / S - LEARNED_S <= 1.3 + 1.0 / fps


@pytest.mark.parametrize(
    ("fps", "leap_s"), [(30.0, -3600.0), (10.0, -2.0), (30.0, -0.6), (10.0, 0.8), (30.0, 10.0), (10.0, 86_400.0)]
)
def test_a_leap_of_the_clock_within_closed_eyes_is_no_sleep(fps: float, leap_s: float) -> None:
    """0.6 s before the leap and 0.6 s after it are no second."""
    tired = alone(driver(shut=[(LEARNED_S, LEARNED_S + 1.2)]))
    middle = LEARNED_S + 0.6
    cabin = Cabin().drive(tired, middle, fps)
    cabin.drive(tired, LEARNED_S + 3.0, fps, from_s=middle, clock_s=leap_s)
    assert cabin.told == []


def test_the_same_eyes_without_a_leap_are_a_microsleep() -> None:
    tired = alone(driver(shut=[(LEARNED_S, LEARNED_S + 1.2)]))
    assert Cabin().drive(tired, LEARNED_S + 3.0).told == ["microsleep"]


@pytest.mark.parametrize("leap_s", [-5.0, 40.0])
def test_leaps_again_and_again_in_every_window_tell_nothing(leap_s: float) -> None:
    """PERCLOS, glances and blinks have windows of up to a minute: none may count what lies between."""
    cabin, attentive = Cabin(), alone(driver())
    for k in range(8):
        cabin.drive(attentive, 3.0 * (k + 1), 10.0, from_s=3.0 * k, clock_s=k * leap_s)
    assert cabin.told == []


def test_a_session_without_device_time_tells_nothing() -> None:
    """All of its pictures have one and the same time: no second passes, and no rule may say that one did."""
    cabin = Cabin()
    asleep = driver(shut=[(0.0, 99.0)])
    for n in range(150):
        told = cabin.see(0, [asleep(n / 30)])
    assert cabin.changes == []
    assert told[0].signals["eyes_closed_s"].value == 0.0
    assert told[0].signals["perclos"].reason != ""


def test_faces_that_swap_their_numbers_carry_no_sleep_over() -> None:
    """Each has the eyes closed for 0.7 s; the number that both had would have them closed for 1.4 s."""
    middle = LEARNED_S + 0.7
    left = driver(1, [(LEARNED_S, middle)], x_m=-0.15)
    right = driver(2, [(middle, middle + 0.7)], x_m=0.15)

    def swapped(t: float) -> list[Face]:
        a, b = left(t), right(t)
        return [a, b] if t < middle else [replace(b, id=1), replace(a, id=2)]

    cabin = Cabin().drive(swapped, middle + 4.0)
    assert cabin.told == []


def test_faces_that_swap_all_the_time_tell_nothing() -> None:
    left, right = driver(1, x_m=-0.15), driver(2, x_m=0.15)

    def swapping(t: float) -> list[Face]:
        a, b = left(t), right(t)
        return [a, b] if int(t * 30) % 7 < 4 else [replace(b, id=1), replace(a, id=2)]

    assert Cabin().drive(swapping, 8.0).told == []


def _torn(face: Face, marks: slice, value: float) -> Face:
    assert face.landmarks is not None
    points = face.landmarks.points.copy()
    points[marks] = value
    return replace(face, landmarks=Landmarks(points, face.landmarks.confidence))


@pytest.mark.parametrize("value", [math.nan, -1e9])
@pytest.mark.parametrize("marks", [slice(0, 68), slice(36, 48), slice(60, 68), slice(30, 31)])
def test_points_that_are_no_numbers_tell_nothing(value: float, marks: slice) -> None:
    whole = driver()

    def torn(t: float) -> list[Face]:
        return [_torn(whole(t), marks, value)] if round(t * 15) % 5 == 0 or 6.0 < t < 8.0 else [whole(t)]

    assert Cabin().drive(torn, 10.0, 15.0).told == []


def test_all_points_no_numbers_from_the_first_picture_on() -> None:
    whole = driver()
    assert Cabin().drive(lambda t: [_torn(whole(t), slice(0, 68), math.nan)], 8.0, 15.0).told == []


def test_confidences_and_poses_that_are_no_numbers_tell_nothing() -> None:
    whole = driver()

    def torn(t: float) -> list[Face]:
        face = whole(t)
        assert face.landmarks is not None
        if round(t * 15) % 3:
            return [face]
        sure = np.full(68, math.nan, np.float32)
        return [replace(face, landmarks=Landmarks(face.landmarks.points, sure), pose=None)]

    assert Cabin().drive(torn, 10.0, 15.0).told == []


@pytest.mark.parametrize("rules", ["in-car", "night-watch"])
def test_a_face_that_comes_and_goes_in_every_other_picture_is_no_sleeper(rules: str) -> None:
    whole = driver()
    cabin = Cabin(rules).drive(lambda t: [whole(t)] if round(t * 15) % 2 else [], 10.0, 15.0)
    assert [name for name in cabin.told if name != "comes-close"] == []


def test_pictures_that_come_at_no_even_rate_tell_nothing_and_a_sleeper_all_the_same() -> None:
    rng = np.random.default_rng(3)
    for one, wanted in ((driver(), []), (driver(shut=[(LEARNED_S, 20.0)]), ["microsleep"])):
        cabin, t = Cabin(), 0.0
        while t < LEARNED_S + 2.5:
            cabin.see(BEGIN_NS + round(t * S), [one(t)])
            t += float(rng.choice([1 / 120, 1 / 30, 0.1, 0.12]))
        assert cabin.told == wanted


def test_a_face_of_no_size_and_one_of_all_tell_nothing() -> None:
    whole = driver()
    boxes = (Box(0, 0, 0, 0), Box(-1e6, -1e6, 2e6, 2e6), Box(math.nan, 0, 10, 10))
    for box in boxes:
        cabin = Cabin()
        cabin.drive(lambda t, b=box: [replace(whole(t), box=b)], 5.0, 15.0)
        assert cabin.told == []


CONTRADICTIONS = (
    '[[rule]]\nname = "a"\ntext = "It"\nseverity = "alarm"\nall = [{ signal = "perclos", above = 0.5 }, '
    '{ signal = "perclos", below = 0.2 }]\n',
    '[[rule]]\nname = "a"\ntext = "It"\nseverity = "alarm"\nwhen = { signal = "perclos", above = 0.5, '
    "clear_below = 0.9 }\n",
    '[[rule]]\nname = "a"\ntext = "It"\nseverity = "alarm"\nwhen = { signal = "no_such_signal", above = 0.5 }\n',
    '[[rule]]\nname = "a"\ntext = "It"\nseverity = "alarm"\nwhen = { signal = "perclos" }\n',
)


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_contradictions_and_unknown_signals_are_refused_and_running_rules_go_on(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.toml"
    head = 'name = "mine"\n'
    asleep = (
        '[[rule]]\nname = "z"\ntext = "Z"\nseverity = "alarm"\nwhen = { signal = "eyes_closed_s", at_least = 1.0 }\n'
    )
    file.write_text(head + text)
    with pytest.raises(RulesError) as caught:
        RuleSet.load(file)
    assert f"{file}:" in str(caught.value)
    file.write_text(head + asleep)
    cabin = Cabin()
    rules = RuleSet.load(file)
    cabin.rules = RuleEngine(rules)
    sleeper = alone(driver(shut=[(LEARNED_S, 20.0)]))
    cabin.drive(sleeper, 10.0)
    file.write_text(head + text + asleep)
    assert rules.reload_if_changed() is False
    assert rules.problem
    assert cabin.drive(sleeper, LEARNED_S + 2.0, from_s=10.0).told == ["z"]
