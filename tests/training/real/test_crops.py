"""Heads, crops and codes follow their definition to the pixel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.real.recordings import ball_depth
from training.real.crops import Head, Region, code_depth, find_head, head_ellipse, stretched_infrared


@pytest.mark.parametrize("distance", [600, 700, 900])
def test_a_head_is_found_where_it_is(distance: int) -> None:
    depth = ball_depth(300, 320, (150, 120), distance, 400.0, wall=2500)
    head = find_head(depth, 400.0)
    assert (head.x, head.y) == pytest.approx((150, 120), abs=2.5)
    assert head.distance_mm == pytest.approx(distance, abs=12)


def test_no_reading_no_head() -> None:
    with pytest.raises(ValueError, match="without a reading"):
        find_head(np.zeros((50, 50), np.uint16), 400.0)


def test_the_reference_box_is_160_mm_wide_and_15_mm_below_the_center() -> None:
    box = Head(100.0, 80.0, 800.0, 400.0).face_box  # 0.5 px a mm
    assert box == pytest.approx([60, 47.5, 140, 127.5])


def test_a_crop_shows_its_square_and_nothing_else() -> None:
    image = np.zeros((100, 100), np.uint8)
    image[20:60, 30:70] = 200
    crop = Region(30.0, 20.0, 40.0).cut(image, 20)
    assert crop.shape == (20, 20)
    assert crop[1:-1, 1:-1].min() == 200
    outside = Region(-40.0, 20.0, 40.0).cut(image, 20, nearest=True)
    assert not outside.any()


def test_depth_is_never_mixed() -> None:
    image = np.where(np.arange(64) < 32, 500, 900).astype(np.uint16)[None].repeat(64, axis=0)
    assert set(np.unique(Region(3.3, 7.1, 41.7).cut(image, 96, nearest=True))) == {500, 900}


def test_points_go_to_the_crop_and_back() -> None:
    region = Region(12.5, -3.0, 77.0)
    points = np.array([[20.0, 10.0], [50.5, 33.3]])
    assert region.to_image(region.to_crop(points, 128), 128) == pytest.approx(points)


def test_a_point_lies_where_its_pixel_is_cut_to() -> None:
    image = np.zeros((60, 60), np.uint8)
    image[33, 21] = 255
    region = Region(10.0, 20.0, 30.0)
    y, x = np.unravel_index(np.argmax(region.cut(image, 120)), (120, 120))
    assert region.to_crop(np.array([[21.0, 33.0]]), 120)[0] == pytest.approx([x, y], abs=1.5)


def test_depth_codes() -> None:
    codes = code_depth(np.array([0, 500, 800, 1100, 1101, 499]), 800.0)
    assert codes.tolist() == [0, 255, 128, 1, 0, 0]


def test_the_ellipse_is_160_by_230_mm() -> None:
    mask = head_ellipse(320)
    assert mask.any(axis=0).sum() == 160
    assert mask.any(axis=1).sum() == 230


def test_infrared_is_stretched_to_its_bright_end() -> None:
    infrared = np.full((10, 10), 40, np.uint8)
    infrared[0, 0] = 0
    assert stretched_infrared(infrared)[5, 5] == 255
    assert stretched_infrared(infrared)[0, 0] == 0
    assert not stretched_infrared(np.zeros((4, 4), np.uint8)).any()
