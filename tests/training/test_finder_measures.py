"""What is said of found faces: matched, fitting, false; and the model measured on rendered frames."""

from __future__ import annotations

import numpy as np
import pytest

from engines.models.face_finder import FoundFace
from training.measures.finder import Tally, box_of, is_match, lepton_faces, overlap, real, stretched_infrared, synthetic
from training.measures.report import EvaluationError
from training.real_data import RealDataError


def test_a_match_has_its_middle_in_the_reference_enlarged_by_half() -> None:
    reference = (10.0, 10.0, 50.0, 90.0)
    assert is_match((30 - 1, 50 - 1, 30 + 1, 50 + 1), reference)
    assert is_match((59 - 5, 50 - 5, 59 + 5, 50 + 5), reference)
    assert not is_match((61 - 5, 50 - 5, 61 + 5, 50 + 5), reference)
    assert is_match((30 - 5, 109 - 5, 30 + 5, 109 + 5), reference)
    assert not is_match((30 - 5, 111 - 5, 30 + 5, 111 + 5), reference)


def test_the_overlap_is_that_of_two_boxes() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


def test_a_tally_counts_found_fitting_and_false_and_forgives_what_was_not_asked() -> None:
    tally = Tally()
    tally.add([(0, 0, 10, 10), (100, 100, 110, 110), (200, 0, 210, 10)], [(1, 1, 11, 11)], [(100, 100, 112, 112)])
    tally.add([], [(0, 0, 10, 10)])
    tally.add([(0, 0, 4, 4)], [(0, 0, 10, 10)])
    assert (tally.pictures, tally.faces, tally.found, tally.fits, tally.false) == (3, 3, 2, 1, 1)


def test_a_found_face_is_a_square_round_its_middle() -> None:
    assert box_of(FoundFace(50, 60, 20, (50, 55), 0.9)) == (40, 50, 60, 70)


def test_infrared_is_stretched_to_its_brightest_hundredth() -> None:
    picture = np.zeros((10, 20), np.uint8)
    picture[5:] = 40
    assert stretched_infrared(picture).max() == 255
    assert stretched_infrared(np.zeros((4, 4), np.uint8)).max() == 0


def test_missing_recordings_and_samples_are_told(tmp_path) -> None:
    with pytest.raises(RealDataError):
        next(lepton_faces(tmp_path))
    with pytest.raises(RealDataError):
        real(None, tmp_path)  # type: ignore[arg-type]  # it does not come to a model

    class Empty:
        held_out_faces = np.zeros(0, np.int64)

    with pytest.raises(EvaluationError, match="crowd_render"):
        synthetic(None, Empty(), 10)  # type: ignore[arg-type]  # the same
