from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import Frame, FrameFlag, StreamKind
from pipeline.signals.sight import OtherView, Points
from pipeline.signals.spectra import NAMES, Spectra, SpectraConfig
from recordings.observation import Landmarks, SignalValue
from tests.pipeline.signals.faces import INTRINSICS, S, info_of, sight_at


def shifted(points: Points) -> Points:
    """Another camera 40 px to the left and half as large."""
    return points * 0.5 + (40.0, 10.0)


def view_at(
    time_s: float = 0.0,
    off: float = 0.0,
    name: str = "thermal",
    flags: FrameFlag = FrameFlag.NONE,
    error_px: float = 0.0,
    landmarks: bool = True,
    calibrated: bool = True,
    confidence: float = 0.8,
    points: np.ndarray | None = None,
    **face: Any,
) -> OtherView:
    """The other camera; its landmarks lie ``off`` eye distances beside where the projection says."""
    sight = sight_at(time_s, **face)
    assert sight.landmarks is not None
    there = shifted(sight.landmarks.points.astype(np.float64)) if points is None else points
    if off:
        there[:, 0] += off * np.linalg.norm(there[45] - there[36])
    info = info_of(StreamKind.THERMAL, INTRINSICS, name)
    frame = Frame(info, np.full((480, 640), 30000, np.uint16), 1, round(time_s * S), 1, flags)
    marks = Landmarks(there.astype(np.float32), np.full(68, confidence, np.float32)) if landmarks else None
    return OtherView(frame, shifted if calibrated else None, error_px, marks)


def told(face: dict[str, Any] | None = None, **what: Any) -> SignalValue:
    """After two looks at the same."""
    spectra = Spectra()
    for time_s in (0.0, 0.3):
        others = {"thermal": view_at(time_s, **what)}
        value = spectra.step(sight_at(time_s, others=others, **(face or {})), {})[NAMES[0]]
    return value


def agreed() -> Spectra:
    """One that the other camera has agreed with, in two looks until 0 s."""
    spectra = Spectra()
    for time_s in (-0.3, 0.0):
        step(spectra, time_s, looked(time_s))
    return spectra


def test_two_cameras_that_see_the_same_agree_and_are_named() -> None:
    value = told()
    assert value.value == 1.0
    assert value.label == "infrared + thermal"
    assert value.source == "thermal"
    assert value.confidence > 0.7


@given(st.floats(0.0, 0.5))
def test_the_farther_apart_the_less_they_agree(off: float) -> None:
    config = SpectraConfig()
    expected = min(max((config.apart - off) / (config.apart - config.same), 0.0), 1.0)
    assert told(off=off).value == pytest.approx(expected, abs=0.01)


def test_usual_noise_of_landmarks_is_agreement() -> None:
    rng = np.random.default_rng(1)
    sight = sight_at(0.0)
    assert sight.landmarks is not None
    there = shifted(sight.landmarks.points.astype(np.float64))
    there += rng.normal(0, 0.03 * np.linalg.norm(there[45] - there[36]), there.shape)
    assert told(points=there).value > 0.9


@pytest.mark.parametrize("yaw", [0.0, 70.0, 88.0, -95.0])
def test_a_head_in_profile_is_as_large_as_one_that_looks_ahead(yaw: float) -> None:
    """The corners of its eyes nearly coincide: by their distance the usual noise would be a disagreement."""
    ahead, turned = (shifted(sight_at(0.0, yaw=one).face.landmarks.points.astype(float)) for one in (0.0, yaw))  # type: ignore[union-attr]  # it has some
    noise = 0.06 * np.linalg.norm(ahead[45] - ahead[36])
    assert told(face={"yaw": yaw}, points=turned + np.array([noise, 0.0]), yaw=yaw).value > 0.9


def test_the_pair_that_agrees_least_is_told() -> None:
    others = {"left": view_at(name="left"), "thermal": view_at(off=0.3)}
    value = Spectra().step(sight_at(0.0, others=others), {})[NAMES[0]]
    assert value.value == 0.0
    assert value.label == "infrared + thermal"


def test_a_single_camera_has_nothing_to_agree_with() -> None:
    assert Spectra().step(sight_at(0.0), {})[NAMES[0]].reason == "only one camera looks at the face"
    itself = view_at(name="infrared")
    assert "only one camera" in Spectra().step(sight_at(0.0, others={"infrared": itself}), {})[NAMES[0]].reason


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"landmarks": False}, "no landmarks were read there"),
        ({"calibrated": False}, "no calibration"),
        ({"flags": FrameFlag.STALE}, "old"),
        ({"flags": FrameFlag.SHUTTER}, "shutter"),
        ({"flags": FrameFlag.GENERATED}, "generated"),
        ({"error_px": 30.0}, "px off"),
        ({"confidence": 0.1}, "landmarks are seen by both"),
        ({"points": np.full((68, 2), np.nan)}, "no points"),
        ({"points": np.full((68, 2), 5.0)}, "too small"),
        ({"face": {"landmarks": None, "invalid": {"landmarks": "no face there"}}}, "no face there"),
    ],
)
def test_what_cannot_be_compared_has_its_reason(what: dict[str, Any], words: str) -> None:
    value = told(**what)
    assert not value.is_valid
    assert words in value.reason


def test_pictures_of_different_instants_are_not_compared() -> None:
    others = {"thermal": view_at(0.5)}
    assert "500 ms apart" in Spectra().step(sight_at(0.0, others=others), {})[NAMES[0]].reason


def test_a_single_bad_reading_within_a_second_changes_nothing() -> None:
    spectra = Spectra()
    for i in range(10):
        others = {"thermal": view_at(i / 10, off=0.4 if i == 6 else 0.0)}
        assert spectra.step(sight_at(i / 10, others=others), {})[NAMES[0]].value == 1.0


@settings(max_examples=30, deadline=None)
@given(bad=st.sampled_from([math.nan, math.inf, 1e30]), mark=st.integers(0, 67))
def test_points_that_are_none_never_raise(bad: float, mark: int) -> None:
    sight = sight_at(0.0)
    assert sight.landmarks is not None
    there = shifted(sight.landmarks.points.astype(np.float64))
    there[mark] = bad
    value = told(points=there)
    assert math.isfinite(value.value)
    assert 0 <= value.confidence <= 1


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="above same"):
        SpectraConfig(same=0.3, apart=0.2)


# -- faces that were read in the other camera's own picture, each in its turn ------------------------------------------


def looked(time_s: float, confidence: float = 0.8, shows_face: bool = True, **what: Any) -> OtherView:
    """The other camera at its turn: what it read, or that it sees no face."""
    view = view_at(time_s, confidence=confidence, **what)
    there = sight_at(time_s).face
    if shows_face:
        return replace(view, face=replace(there, landmarks=view.landmarks))
    reason = "the landmark model sees no face here (0.02)"
    nobody = replace(there, confidence=0.02, landmarks=None, invalid={"landmarks": reason})
    return replace(view, landmarks=None, face=nobody)


def step(spectra: Spectra, time_s: float, view: OtherView, **face: Any) -> SignalValue:
    return spectra.step(sight_at(time_s, others={view.info.name: view}, **face), {})[NAMES[0]]


def test_a_camera_that_sees_no_face_there_does_not_agree() -> None:
    value = step(Spectra(), 0.0, looked(0.0, shows_face=False))
    assert value.value == 0.0
    assert value.confidence > 0.5
    assert value.label == "infrared + thermal"


def test_a_camera_that_agreed_has_to_miss_the_face_twice() -> None:
    """Who walks behind another is hidden from one camera before the other."""
    spectra = agreed()
    assert step(spectra, 1.2, looked(1.2, shows_face=False)).value == 1.0
    assert step(spectra, 2.4, looked(2.4, shows_face=False)).value == 0.0
    assert step(spectra, 3.8, looked(3.8)).value == 0.0, "and that it agrees again is told after two looks as well"
    assert step(spectra, 4.1, looked(4.1)).value == 1.0
    once = step(spectra, 6.0, looked(6.0, shows_face=False))
    assert "in one look so far" in once.reason, "an agreement in between is a new start"
    late = step(spectra, 66.0, looked(66.0, shows_face=False))
    assert "in one look so far" in late.reason, "a minute later is another occasion"


def test_two_looks_in_one_moment_are_one() -> None:
    spectra = agreed()
    told = [step(spectra, 1.2 + 0.033 * i, looked(1.2 + 0.033 * i, shows_face=False)).value for i in range(9)]
    assert told[:6] == [1.0] * 6
    assert told[8] == 0.0


def test_a_camera_that_never_showed_the_face_goes_on_saying_so() -> None:
    spectra = Spectra()
    told = [step(spectra, 1.6 * i, looked(1.6 * i, shows_face=False)) for i in range(4)]
    assert [(one.value, one.confidence > 0.5) for one in told] == [(0.0, True)] * 4


def test_a_head_that_is_turned_may_be_no_face_for_the_other_camera() -> None:
    value = step(Spectra(), 0.0, looked(0.0, shows_face=False), yaw=45.0)
    assert "sees no face" in value.reason


def test_points_that_were_drawn_into_nothing_do_not_agree_wherever_they_lie() -> None:
    found = {sure: told(confidence=sure) for sure in (0.24, 0.3, 0.35, 0.5)}
    assert [one.value for one in found.values()] == pytest.approx([0.0, 1 / 3, 2 / 3, 1.0], abs=0.01)
    assert found[0.24].confidence > 0.5


def test_a_face_of_a_few_pixels_that_is_misread_once_changes_nothing() -> None:
    """Looks are a second apart where several people are looked at in turn: no median helps then."""
    spectra = agreed()
    assert step(spectra, 1.3, looked(1.3, off=0.2)).value == 1.0
    assert step(spectra, 2.6, looked(2.6)).value == 1.0
    assert step(spectra, 3.9, looked(3.9, off=0.2)).value == 1.0, "one between which agrees is a new start"
    assert step(spectra, 5.2, looked(5.2, off=0.2)).value < 0.5
    assert step(spectra, 6.5, looked(6.5, off=0.2)).value < 0.5


def test_a_disagreement_that_nothing_else_holds_against_has_its_reason() -> None:
    spectra = agreed()
    assert "it disagrees, in one look so far" in step(spectra, 4.0, looked(4.0, off=0.2)).reason


def test_a_warm_dummy_that_passes_for_a_face_once_is_never_told_as_one() -> None:
    spectra = Spectra()
    first = step(spectra, 0.0, looked(0.0, confidence=0.35))
    assert not first.is_valid
    assert "it agrees, in one look so far" in first.reason
    assert step(spectra, 0.1, looked(0.1, shows_face=False)).value == 0.0


def test_what_was_found_holds_until_the_cameras_next_turn_and_no_longer() -> None:
    spectra = agreed()
    assert step(spectra, 1.4, view_at(1.4, landmarks=False)).value == 1.0
    assert "no landmarks were read there" in step(spectra, 1.8, view_at(1.8, landmarks=False)).reason


def test_between_the_pictures_of_a_slow_camera_what_it_showed_holds() -> None:
    """At 9 pictures a second beside 30 most FrameSets hold none of it."""
    spectra, told = agreed(), []
    for i in range(1, 28):
        time_s = i / 27
        others = {"thermal": looked(time_s) if i % 9 == 0 else view_at(time_s, landmarks=False)} if i % 3 == 0 else {}
        told.append(spectra.step(sight_at(time_s, others=others), {})[NAMES[0]])
    assert [one.value for one in told if one.is_valid] == [1.0] * len(told)


def test_a_camera_whose_pictures_stop_is_no_longer_told() -> None:
    spectra = agreed()
    assert "old" in step(spectra, 0.5, view_at(0.5, landmarks=False, flags=FrameFlag.STALE)).reason
    spectra = agreed()
    assert spectra.step(sight_at(0.5), {})[NAMES[0]].reason == "only one camera looks at the face"


def test_a_look_counts_at_once_between_the_usual_ones() -> None:
    spectra = Spectra()
    step(spectra, 0.0, view_at(0.0, landmarks=False))
    assert step(spectra, 0.03, looked(0.03)).value == 1.0


def test_pictures_of_different_instants_of_a_face_that_moves_are_believed_less() -> None:
    def confidence(motion: float) -> float:
        sight = sight_at(0.05, others={"thermal": looked(0.0)})
        return agreed().step(sight, {"motion": SignalValue(motion, "m/s", 1.0)})[NAMES[0]].confidence

    still, slow, quick = confidence(0.0), confidence(0.2), confidence(1.0)
    assert still > 0.7
    assert still > slow > quick == 0.0


def test_when_another_camera_finds_the_face_pairs_begin_anew() -> None:
    spectra = agreed()
    sight = sight_at(0.3, others={"thermal": view_at(0.3, landmarks=False)})
    other = replace(sight, info=info_of(StreamKind.COLOR, name="color"))
    assert not spectra.step(other, {})[NAMES[0]].is_valid


def test_a_face_is_surer_than_nothing() -> None:
    with pytest.raises(ValueError, match="nothing_confidence"):
        SpectraConfig(face_confidence=0.2, nothing_confidence=0.3)


def test_pictures_of_one_camera_are_compared_by_its_own_clock_where_instants_are_on_ours() -> None:
    spectra = Spectra()
    for time_s in (5.0, 5.3):
        sight = replace(sight_at(time_s, others={"thermal": view_at(time_s)}), device_ns=1_700_000_000 * S)
        sight = replace(sight, device_ns=sight.device_ns + round(time_s * S), taken_ns=round(time_s * S))
        value = spectra.step(sight, {})[NAMES[0]]
    assert value.value == 1.0, value.reason
