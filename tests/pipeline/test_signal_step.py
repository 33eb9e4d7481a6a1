"""Signals are asked of every face, in their order, and remembered by face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameSet, Intrinsics, StreamInfo, StreamKind
from drivers.related import Relations
from pipeline.signals.sight import Sight
from pipeline.signals.spectra import Spectra
from pipeline.steps.register import View
from pipeline.steps.signals import FORGET_NS, SignalStep
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer
from recordings.observation import Box, Face, Landmarks, SignalValue

LENS = Intrinsics(64, 48, 60.0, 60.0, 31.5, 23.5)
NIGHT = StreamInfo("night", StreamKind.INFRARED, 64, 48, "uint8", intrinsics=LENS)
S = 1_000_000_000


class Count:
    """How often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        self.asked += 1
        return {"count": SignalValue(float(self.asked), "", 1.0)}


class Twice:
    """Twice what the signal before it said; and the x of the first landmark."""

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        x = -1.0 if sight.landmarks is None else float(sight.landmarks.points[0, 0])
        return {"twice": SignalValue(2 * known["count"].value, "", 1.0), "x": SignalValue(x, "px", 1.0)}


def face(number: int, **more: object) -> Face:
    points = Landmarks(np.full((68, 2), 5.0, np.float32), np.ones(68, np.float32))
    return Face(number, "night", Box(20, 10, 20, 20), 0.9, distance_m=1.0, landmarks=points, **more)  # type: ignore[arg-type]  # any field of a face


def ask(step: SignalStep, device_ns: int, *faces: Face) -> list[dict[str, float]]:
    frame = Frame(NIGHT, np.zeros(NIGHT.shape, np.uint8), 0, device_ns, device_ns)
    view = View(frame, np.asarray(frame.pixels), None, LENS)
    told = step(FrameSet(0, device_ns, {"night": frame}), view, LENS, faces)
    return [{name: s.value for name, s in one.signals.items()} for one in told]


def test_each_face_has_signals_of_its_own() -> None:
    step = SignalStep(lambda: (Count(), Twice()))
    ask(step, 0, face(1))
    told = ask(step, S, face(1), face(2))
    assert told == [{"count": 2, "twice": 4, "x": 5}, {"count": 1, "twice": 2, "x": 5}]


def test_a_face_that_was_away_for_long_begins_anew() -> None:
    step = SignalStep(lambda: (Count(),))
    ask(step, 0, face(1))
    assert ask(step, FORGET_NS, face(1)) == [{"count": 2}]
    assert ask(step, 2 * FORGET_NS + 1, face(1)) == [{"count": 1}]
    assert ask(step, 0, face(1)) == [{"count": 1}], "the clock leapt back by more than that"


def test_a_number_that_went_to_another_track_lends_nothing_of_what_was_measured() -> None:
    step = SignalStep(lambda: (Count(),))
    ask(step, 0, face(1), face(2))
    step.forget({1, 7})
    assert ask(step, S, face(1), face(2)) == [{"count": 1}, {"count": 2}]


def test_landmarks_that_are_not_believed_are_not_given_to_signals() -> None:
    step = SignalStep(lambda: (Count(), Twice()))
    assert ask(step, 0, face(1, invalid={"landmarks": "blinded"}))[0]["x"] == -1


class Shift:
    """Smooths badly, and visibly."""

    def landmarks(self, device_ns: int, face: Face) -> Landmarks | None:
        assert face.landmarks is not None
        return Landmarks(face.landmarks.points + 1, face.landmarks.confidence)

    def signals(self, device_ns: int, signals: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        return {"count": replace(signals["count"], value=0.5)}


def test_what_is_smoothed_is_used_and_what_was_measured_is_kept() -> None:
    step = SignalStep(lambda: (Count(), Twice()), Shift)
    frame = Frame(NIGHT, np.zeros(NIGHT.shape, np.uint8), 0, 0, 0)
    view = View(frame, np.asarray(frame.pixels), None, LENS)
    (told,) = step(FrameSet(0, 0, {"night": frame}), view, LENS, [face(1)])
    assert told.landmarks is not None
    assert told.landmarks.points[0, 0] == 5
    assert {name: s.value for name, s in told.signals.items()} == {"count": 0.5, "count_raw": 1, "twice": 2, "x": 6}


def test_after_a_reset_everybody_is_new() -> None:
    step = SignalStep(lambda: (Count(),))
    ask(step, 0, face(1))
    step.reset()
    assert ask(step, 1, face(1)) == [{"count": 1}]


class Broken:
    """Fails at its second step."""

    def __init__(self) -> None:
        self.asked = 0

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        self.asked += 1
        if self.asked == 2:
            raise ZeroDivisionError("by nothing")
        return {"half": SignalValue(0.5, "", 1.0)}


def test_a_signal_that_fails_is_told_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    step = SignalStep(lambda: (Broken(), Count()))
    assert ask(step, 0, face(1)) == [{"half": 0.5, "count": 1}]
    frame = Frame(NIGHT, np.zeros(NIGHT.shape, np.uint8), 1, S, S)
    view = View(frame, np.asarray(frame.pixels), None, LENS)
    (told,) = step(FrameSet(1, S, {"night": frame}), view, LENS, [face(1)])
    assert told.signals["broken"].reason == "failed: ZeroDivisionError: by nothing"
    assert told.signals["count"].value == 2
    assert "half" not in told.signals
    assert "the signal broken failed" in caplog.text
    assert ask(step, 2 * S, face(1)) == [{"half": 0.5, "count": 3}]


def test_two_that_swap_their_numbers_inherit_nothing() -> None:
    step = SignalStep(lambda: (Count(),))
    left, right = Box(2, 10, 20, 20), Box(40, 10, 20, 20)
    ask(step, 0, replace(face(1), box=left), replace(face(2), box=right))
    ask(step, S // 10, replace(face(1), box=left), replace(face(2), box=right))
    told = ask(step, 2 * S // 10, replace(face(1), box=right), replace(face(2), box=left))
    assert told == [{"count": 1}, {"count": 1}]


# -- faces that were read in another camera's picture ------------------------------------------------------------------

WARM = replace(NIGHT, name="warm", kind=StreamKind.COLOR, extrinsics=Extrinsics(translation_m=(0.02, 0.0, 0.0)))
HEAD = np.random.default_rng(3).uniform((20, 12), (40, 36), (68, 2)).astype(np.float32)
HEAD[36], HEAD[45] = (22, 20), (38, 20)
MOVED = HEAD - np.array((0.02 * 60, 0.0), np.float32)
"""The same points as the other camera sees them, at 1 m."""


class Elsewhere:
    """The streams in which the face is said to be seen as well."""

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        assert all(there.face.stream == name == there.info.name for name, there in sight.elsewhere.items())
        read = [name for name, view in sight.others.items() if view.face is not None]
        assert {n for n, view in sight.others.items() if view.landmarks is not None} == set(sight.elsewhere)
        return {"elsewhere": SignalValue(float(len(sight.elsewhere)), "", 1.0, label=" ".join(read))}


def person(points: np.ndarray = HEAD, **more: object) -> Face:
    given = {"landmarks": Landmarks(points, np.full(68, 0.8, np.float32)), **more}
    return replace(face(1), **given)  # type: ignore[arg-type]  # any field of a face


def read_there(points: np.ndarray, **more: object) -> Face:
    return person(points, **{"stream": "warm", "crop": Box(14, 4, 32, 32), **more})


def told_elsewhere(one: Face, there: Face, skew_ns: int = 0) -> SignalValue:
    step = SignalStep(lambda: (Elsewhere(),))
    night = Frame(NIGHT, np.zeros(NIGHT.shape, np.uint8), 0, 0, 0)
    warm = Frame(WARM, np.zeros(WARM.shape, np.uint8), 0, skew_ns, 0)
    view = View(night, np.asarray(night.pixels), None, LENS, related=Relations((NIGHT, WARM)))
    sets = FrameSet(0, 0, {"night": night, "warm": warm})
    (told,) = step(sets, view, LENS, [one], elsewhere={1: {"warm": there}})
    return told.signals["elsewhere"]


def test_a_face_that_another_camera_reads_at_its_place_may_be_told_by_it() -> None:
    told = told_elsewhere(person(), read_there(MOVED))
    assert (told.value, told.label) == (1, "warm")


@pytest.mark.parametrize(
    ("one", "there", "skew_ns"),
    [
        (person(), read_there(HEAD + np.float32(8.0)), 0),
        (person(), read_there(HEAD, invalid={"landmarks": "cut by the border"}), 0),
        (person(), read_there(HEAD, invalid={"face": "a picture"}), 0),
        (person(invalid={"face": "a picture or a doll"}), read_there(HEAD), 0),
        (person(), replace(read_there(HEAD), landmarks=Landmarks(HEAD, np.full(68, 0.2, np.float32))), 0),
        (person(), replace(read_there(HEAD), landmarks=None, confidence=0.02), 0),
        (person(), read_there(HEAD), S // 2),
        (person(distance_m=None), read_there(HEAD, box=Box(40, 10, 20, 20)), 0),
        (person(distance_m=None), read_there(HEAD, crop=None), 0),
        (person(distance_m=None), read_there(HEAD), S // 2),
    ],
    ids=[
        "elsewhere in the picture",
        "not believed there",
        "no living face there",
        "no living face here",
        "points drawn into nothing",
        "no face there",
        "another instant",
        "without a distance, beside the head",
        "without a distance or a crop",
        "without a distance, another instant",
    ],
)
def test_what_may_be_something_else_tells_nothing_of_a_face(one: Face, there: Face, skew_ns: int) -> None:
    told = told_elsewhere(one, there, skew_ns)
    assert (told.value, told.label) == (0, "warm"), "it is there to be compared, and no signal is taken from it"


def test_without_a_distance_a_face_in_the_middle_of_the_crop_is_this_one() -> None:
    assert told_elsewhere(person(distance_m=None), read_there(HEAD)).value == 1


def of_two_clocks(warm_after_ns: int = 0) -> list[FrameSet]:
    """FrameSets of a camera with two streams beside another camera with a clock of its own: instants are on ours.

    Args:
        warm_after_ns: by which the second stream's pictures are taken later.
    """
    night, warm = (replace(s, fps=30.0, clock="one") for s in (NIGHT, WARM))
    other = StreamInfo("other/gray", StreamKind.GRAY, 8, 8, "uint8", fps=30.0, clock="other")
    synchronizer = Synchronizer([night, warm, other], SynchronizeConfig(tolerance_ms=300.0))
    sets = []
    for i in range(12):
        passed = i * 33_333_333
        came = 1_700_000_000 * S + passed
        for n, (info, begin) in enumerate(((night, 5 * S), (warm, 5 * S + warm_after_ns), (other, 900 * S))):
            frame = Frame(info, np.zeros(info.shape, np.uint8), i, begin + passed, came + n)
            sets += synchronizer.push(frame)
    assert synchronizer.is_mapped
    return [one for one in sets + synchronizer.flush() if {"night", "warm"} <= set(one.frames)]


def told_of_two_clocks(sets: list[FrameSet], one: Face) -> dict[str, SignalValue]:
    step = SignalStep(lambda: (Elsewhere(), Spectra()))
    for frames in sets:
        night = frames.frames["night"]
        view = View(night, np.asarray(night.pixels), None, LENS, related=Relations((NIGHT, WARM)))
        (told,) = step(frames, view, LENS, [one], elsewhere={1: {"warm": read_there(MOVED)}})
    return dict(told.signals)


@pytest.mark.parametrize("one", [person(), person(distance_m=None)], ids=["by its landmarks", "by its place"])
def test_beside_a_camera_with_another_clock_two_streams_of_one_camera_still_see_the_same_face(one: Face) -> None:
    told = told_of_two_clocks(of_two_clocks()[:6], one)
    assert told["elsewhere"].value == 1
    if one.distance_m is not None:
        agreement = told["spectra_agreement"]
        assert (agreement.value, agreement.label) == (1.0, "night + warm"), agreement.reason


def test_beside_a_camera_with_another_clock_pictures_that_lie_apart_are_still_not_compared() -> None:
    sets = [one for one in of_two_clocks(warm_after_ns=S // 5) if _apart_ns(one) > S // 10]
    assert sets
    told = told_of_two_clocks(sets, person())
    assert told["elsewhere"].value == 0
    assert f"its picture is {_apart_ns(sets[-1]) / 1e6:.0f} ms apart" in told["spectra_agreement"].reason


def _apart_ns(frames: FrameSet) -> int:
    return abs(frames.frames["warm"].device_ns - frames.frames["night"].device_ns)
