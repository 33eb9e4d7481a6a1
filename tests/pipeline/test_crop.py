from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Intrinsics
from pipeline.steps.crop import (
    Crop,
    CropConfig,
    CropFailure,
    Distance,
    code_depth,
    crop_at,
    cut,
    decode_depth,
    dynamic_crop,
    head_distance,
)
from recordings.observation import Box


def camera(f: float) -> Intrinsics:
    return Intrinsics(512, 424, f, f, 256.0, 212.0)


def flat(mm: int) -> np.ndarray:
    return np.full((424, 512), mm, np.uint16)


@pytest.mark.parametrize(("f", "width"), [(365.0, 116.8), (370.0, 118.4)])
def test_the_papers_numbers_at_one_metre(f: float, width: float) -> None:
    crop = dynamic_crop(flat(1000), (200.0, 150.0), camera(f))
    assert isinstance(crop, Crop)
    assert (crop.box.w, crop.box.h) == pytest.approx((width, width))
    assert crop.box.center == pytest.approx((200.0, 150.0))
    assert crop.distance == Distance(1000.0, 11)


def test_a_head_twice_as_far_has_half_the_box() -> None:
    near, far = (dynamic_crop(flat(mm), (200.0, 150.0), camera(365.0)) for mm in (700, 1400))
    assert isinstance(near, Crop)
    assert isinstance(far, Crop)
    assert near.box.w == pytest.approx(2 * far.box.w)


def test_width_and_height_follow_their_own_focal_lengths() -> None:
    box = crop_at((0.0, 0.0), 1000.0, Intrinsics(512, 424, 365.0, 400.0, 256.0, 212.0))
    assert (box.w, box.h) == pytest.approx((116.8, 128.0))


def test_distance_is_the_mean_of_the_valid_depths_only() -> None:
    depth = flat(0)
    depth[150, 200:203] = (900, 0, 1000)
    assert head_distance(depth, (200.0, 150.0)) == Distance(950.0, 11)


@pytest.mark.parametrize(("away", "window"), [(3, 11), (8, 21), (18, 41)])
def test_larger_windows_are_tried_in_turn(away: int, window: int) -> None:
    depth = flat(0)
    depth[150, 200 + away] = 800
    assert head_distance(depth, (200.0, 150.0)) == Distance(800.0, window)


def test_no_depth_round_the_head_is_a_reason_and_no_number() -> None:
    assert dynamic_crop(flat(0), (200.0, 150.0), camera(365.0)) is CropFailure.NO_DEPTH
    depth = flat(0)
    depth[150, 200 + 21] = 800  # just outside the last window
    assert head_distance(depth, (200.0, 150.0)) is CropFailure.NO_DEPTH


@pytest.mark.parametrize("center", [(-1.0, 100.0), (100.0, 424.0), (math.nan, 10.0), (10.0, math.inf)])
def test_a_centre_outside_the_image_is_a_reason(center: tuple[float, float]) -> None:
    assert dynamic_crop(flat(1000), center, camera(365.0)) is CropFailure.OUTSIDE


def test_two_surfaces_in_the_window_are_noted() -> None:
    depth = flat(900)
    depth[:, 200:] = 1400
    found = head_distance(depth, (200.0, 150.0))
    assert isinstance(found, Distance)
    assert "span 500 mm" in found.note


def test_a_known_distance_leaves_out_the_wall_beside_the_head() -> None:
    depth = flat(900)
    depth[:, 200:] = 2600
    assert head_distance(depth, (200.0, 150.0), about_mm=920.0) == Distance(900.0, 11)


def test_a_crop_reaches_over_the_image_and_is_filled_with_0() -> None:
    image = np.full((424, 512), 200, np.uint8)
    out = cut(image, Box(-50.5, -50.5, 100.0, 100.0), 100)
    assert not out.inside[:50].any()
    assert not out.inside[:, :50].any()
    assert out.inside[50:, 50:].all()
    assert (out.pixels[:49, :49] == 0).all()
    assert (out.pixels[51:, 51:] == 200).all()
    far_away = cut(image, Box(2000.0, 0.0, 100.0, 100.0), 64)
    assert not far_away.inside.any()
    assert not far_away.pixels.any()


def test_a_box_of_the_same_size_copies_the_pixels() -> None:
    image = np.random.default_rng(1).integers(0, 65535, (90, 80), np.uint16)
    box = Box(9.5, 19.5, 32.0, 32.0)
    for nearest in (False, True):
        out = cut(image, box, 32, nearest=nearest).pixels
        assert out.dtype == np.uint16
        assert np.array_equal(out, image[20:52, 10:42])


def test_depth_is_never_mixed() -> None:
    depth = np.where(np.arange(80)[None, :] < 40, 900, 2500).astype(np.uint16).repeat(60, axis=0).reshape(60, 80)
    out = cut(depth, Box(3.3, 4.4, 70.7, 50.1), 64, nearest=True).pixels
    assert set(np.unique(out)) == {900, 2500}


@pytest.mark.parametrize("width", [40.0, 128.0, 200.0, 333.3, 470.0])
def test_a_shrunken_crop_shows_the_same_place(width: float) -> None:
    yy, xx = np.mgrid[0:480, 0:640].astype(np.float32)
    box = Box(60.2, 4.7, width, width)
    out = cut(xx * 0.25 + yy * 0.5, box, 96)
    middle = np.array([[48.0, 40.0], [20.0, 70.0]])
    where = out.to_source(middle)
    seen = [out.pixels[int(y), int(x)] for x, y in middle]
    assert seen == pytest.approx((where @ [0.25, 0.5]).tolist(), abs=0.05)


def test_points_go_to_the_source_and_back() -> None:
    out = cut(np.zeros((100, 100), np.uint8), Box(10.0, 20.0, 64.0, 32.0), 128)
    assert out.to_source(np.array([[-0.5, -0.5]])) == pytest.approx(np.array([[10.0, 20.0]]))
    points = np.array([[0.0, 0.0], [63.5, 63.5], [127.0, 12.0]])
    assert out.from_source(out.to_source(points)) == pytest.approx(points)


@pytest.mark.parametrize("box", [Box(0, 0, 0, 10), Box(0, 0, 10, -1), Box(math.nan, 0, 10, 10)])
def test_a_box_without_area_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="area"):
        cut(np.zeros((10, 10), np.uint8), box, 8)


@given(distance=st.floats(301.0, 8000.0), half=st.sampled_from([300.0, 200.0, 500.0]), seed=st.integers(0, 99))
def test_depth_comes_back_from_its_coding(distance: float, half: float, seed: int) -> None:
    config = CropConfig(depth_half_range_mm=half)
    z = np.random.default_rng(seed).uniform(distance - half, distance + half, 500).round().astype(np.uint16)
    away = np.abs(z - distance)
    inside = (away <= half - 0.01) & (z > 0)  # the limits themselves are a matter of rounding
    code = code_depth(z, distance, config)
    assert (code[inside] > 0).all()
    assert (code[(away > half + 0.01) | (z == 0)] == 0).all()
    error = np.abs(decode_depth(code, distance, config)[inside] - z[inside])
    assert error.max(initial=0.0) <= half / 254.0 + 0.01  # half a step: 1.19 mm for L = 300 mm


def test_near_is_bright_and_nothing_is_0() -> None:
    code = code_depth(np.array([0, 699, 700, 1000, 1300, 1301], np.uint16), 1000.0)
    assert code.tolist() == [0, 0, 255, 128, 1, 0]
    assert np.isnan(decode_depth(np.array([0], np.uint8), 1000.0)).all()
