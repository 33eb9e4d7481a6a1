"""The bundled sessions are what the first command shows: faces are found, placed and read right."""

from __future__ import annotations

import pytest

from tests.helpers.truth import TruthReport, compare


@pytest.fixture(scope="module")
def drive() -> TruthReport:
    return compare("night-drive")


@pytest.fixture(scope="module")
def street() -> TruthReport:
    return compare("night-street")


def test_the_driver_is_one_face_in_every_frame(drive: TruthReport) -> None:
    (driver,) = drive.people
    assert drive.frames >= 100
    assert driver.due >= 0.95 * drive.frames
    assert driver.found >= 0.97 * driver.due
    assert driver.ids == 1
    assert drive.false_boxes == 0


def test_the_drivers_landmarks_and_pose_are_near_the_truth(drive: TruthReport) -> None:
    (driver,) = drive.people
    assert driver.nme < 0.04
    assert max(driver.yaw_deg, driver.pitch_deg, driver.roll_deg) < 3.0
    assert driver.wide_pose_deg < 4.0
    assert driver.center_mm < 15.0
    assert driver.distance_cm < 2.0


def test_the_drivers_blinks_show_in_the_openness(drive: TruthReport) -> None:
    (driver,) = drive.people
    assert driver.openness < 0.1
    told = [face.eyes is not None for seen in drive.observations for face in seen.faces]
    assert sum(told) >= 0.7 * drive.frames
    assert driver.openness_correlation > 0.8


def test_the_microsleep_shows_and_the_time_awake_does_not(drive: TruthReport) -> None:
    def openness(kind: str) -> list[float]:
        event = next(e for e in drive.truth.events if e.kind == kind)
        return [
            (face.eyes.right + face.eyes.left) / 2
            for frame, seen in zip(drive.truth.frames, drive.observations, strict=True)
            if event.begin_s + 0.1 <= frame.time_s <= event.end_s - 0.1
            for face in seen.faces
            if face.eyes is not None
        ]

    asleep = openness("microsleep")
    assert len(asleep) >= 5
    assert max(asleep) < 0.35
    awake = [
        (face.eyes.right + face.eyes.left) / 2
        for frame, seen in zip(drive.truth.frames, drive.observations, strict=True)
        if not any(e.holds(frame.time_s) for e in drive.truth.events) and frame.time_s < 2.8
        for face in seen.faces
        if face.eyes is not None
    ]
    assert len(awake) >= 10
    assert sorted(awake)[len(awake) // 10] > 0.5


def test_the_driver_is_found_by_the_thermal_camera_alone() -> None:
    (driver,) = compare("night-drive", ("thermal",), "thermal").people
    assert driver.found >= 0.95 * driver.due
    assert driver.nme < 0.08
    assert driver.wide_pose_deg < 5.0


def test_three_people_in_the_street_are_found_each_near_and_far_masked_or_not(street: TruthReport) -> None:
    assert [person.person for person in street.people] == [1, 2, 3]
    for person in street.people:
        assert person.due >= 0.5 * street.frames
        assert person.found >= 0.9 * person.due, person
        assert person.ids <= 2
        assert person.nme < 0.045
        assert person.wide_pose_deg < 5.0
    assert street.people[0].distance_m < 1.4 < street.people[1].distance_m < 2.6 < street.people[2].distance_m
    assert street.false_boxes <= 0.1 * street.frames


def test_who_is_half_hidden_behind_another_is_not_read_with_a_calm_face(street: TruthReport) -> None:
    mixed = [face for seen in street.observations for face in seen.faces if "distance_m" in face.invalid]
    assert all(face.confidence < 0.7 and "pose" in face.invalid and face.eyes is None for face in mixed)
    assert street.false_boxes == 0  # who is half hidden (frame 44) is not reported at all


def test_who_turns_his_head_away_is_found_again_under_the_same_number(street: TruthReport) -> None:
    assert street.people[0].ids == 1
