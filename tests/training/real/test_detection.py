"""found, good and false are what the page says they are."""

from __future__ import annotations

import numpy as np
import pytest

from training.real.detection import by_picture, is_match, overlap, score

REFERENCE = np.array([100.0, 100.0, 200.0, 200.0])


def test_overlap_by_hand() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0.0


@pytest.mark.parametrize(("shift", "matches"), [(0.0, True), (74.9, True), (75.1, False)])
def test_a_match_has_its_center_in_the_reference_enlarged_by_half(shift: float, matches: bool) -> None:
    assert is_match(REFERENCE + np.array([shift, 0, shift, 0]), REFERENCE) is matches


def test_each_picture_counts_once_and_false_boxes_all() -> None:
    far = REFERENCE + 300
    tiny = np.array([145.0, 145.0, 155.0, 155.0])
    boxes = [np.array([REFERENCE, tiny]), np.array([tiny, far, far]), np.zeros((0, 4)), np.array([far])]
    result = score(boxes, np.array([REFERENCE] * 4))
    assert result.found == pytest.approx(0.5)
    assert result.good == pytest.approx(0.25)
    assert result.false == pytest.approx(3 / 4)
    assert result.false_boxes.tolist() == [0, 2, 0, 1]


def test_where_no_face_is_every_box_is_false() -> None:
    result = score([np.array([REFERENCE])], np.full((1, 4), np.nan))
    assert (result.found, result.false) == (0.0, 1.0)


def test_boxes_of_all_pictures_are_sorted_to_theirs() -> None:
    boxes = by_picture(np.arange(12.0).reshape(3, 4), np.array([2, 0, 2]), 3)
    assert [len(one) for one in boxes] == [1, 0, 2]
