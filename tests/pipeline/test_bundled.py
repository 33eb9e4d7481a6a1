"""The bundled session is what the first command shows: its face is found, placed and read right, against its truth."""

from __future__ import annotations

import pytest

from tests.helpers.truth import TruthReport, compare


@pytest.fixture(scope="module")
def report() -> TruthReport:
    return compare()


def test_the_driver_is_one_face_in_every_frame(report: TruthReport) -> None:
    assert report.frames >= 60
    assert report.with_one_face >= 0.97 * report.frames
    assert report.ids == 1


def test_landmarks_and_pose_are_near_the_truth(report: TruthReport) -> None:
    assert report.nme < 0.06
    assert max(report.yaw_deg, report.pitch_deg, report.roll_deg) < 5.0
    assert report.center_mm < 15.0


def test_blinks_show_in_the_openness(report: TruthReport) -> None:
    assert report.eyes_valid >= 0.7 * report.frames
    assert report.openness_correlation > 0.8
