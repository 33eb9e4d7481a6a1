"""The numbers that networks see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engines.normalise import (
    HALF_RANGE_MM,
    code_of_unit,
    encode_depth,
    relief_of_code,
    stretch,
    stretch_range,
    unit_of_code,
)

images = st.one_of(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12)),
    hnp.arrays(np.uint16, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12)),
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.floats(-1e6, 1e6, width=32) | st.just(float("nan")),
    ),
)


@given(images, st.randoms(use_true_random=False))
def test_a_stretched_image_stays_within_the_networks_range_and_keeps_the_order(image, random):
    valid = np.array([[random.random() < 0.8 for _ in row] for row in image])
    out = stretch(image, valid)
    assert out.dtype == np.float32
    assert out.shape == image.shape
    assert out.min() >= -1.0
    assert out.max() <= 1.0
    seen = valid & np.isfinite(image)
    assert (out[~seen] == -1.0).all()
    order = np.argsort(image[seen], kind="stable")
    assert (np.diff(out[seen][order]) >= 0).all()


@given(hnp.arrays(np.uint8, (7, 9)))
def test_eight_and_sixteen_bits_and_floats_of_the_same_picture_look_the_same(image):
    assert stretch_range(image) == stretch_range(image.astype(np.uint16)) == stretch_range(image.astype(np.float32))
    np.testing.assert_array_equal(stretch(image), stretch(image.astype(np.uint16)))
    np.testing.assert_array_equal(stretch(image), stretch(image.astype(np.float32)))


def test_the_ends_are_the_second_and_the_ninety_eighth_percentile():
    image = np.arange(101, dtype=np.uint8).reshape(1, 101)
    assert stretch_range(image) == (2.0, 98.0)
    out = stretch(image)[0]
    assert (out[:3] == -1.0).all()
    assert (out[98:] == 1.0).all()
    assert out[50] == pytest.approx(0.0, abs=1e-6)


def test_gain_and_offset_of_a_thermal_camera_do_not_matter():
    rng = np.random.default_rng(3)
    counts = rng.integers(0, 2000, (64, 64)).astype(np.uint16)
    np.testing.assert_allclose(stretch(counts), stretch((counts * 9 + 28000).astype(np.uint16)), atol=2e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("value", [0, 7, 255])
def test_a_constant_image_is_flat_and_finite(dtype, value):
    assert (stretch(np.full((8, 8), value, dtype)) == 0.0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_an_image_without_a_valid_pixel_is_all_background(dtype):
    image = np.full((8, 8), 9, dtype)
    assert (stretch(image, np.zeros((8, 8), bool)) == -1.0).all()


def test_an_image_of_nan_is_all_background():
    assert (stretch(np.full((8, 8), np.nan, np.float32)) == -1.0).all()


def test_the_callers_pixels_are_never_changed():
    for dtype in (np.uint8, np.uint16, np.float32):
        image = np.arange(64, dtype=dtype).reshape(8, 8)
        image.flags.writeable = False
        stretch(image, image > 3)


@given(st.floats(-HALF_RANGE_MM, HALF_RANGE_MM), st.floats(310, 5000))
def test_depth_survives_the_eight_bits_within_half_a_step(relief_mm, distance_mm):
    z = np.array([distance_mm - relief_mm])
    code = encode_depth(z, distance_mm)
    if code[0]:  # rounding to float32 may push a reading on the very border outside
        assert abs(relief_of_code(code)[0] - relief_mm) <= HALF_RANGE_MM / 254 + 1e-2


def test_near_is_bright_and_outside_is_zero():
    z = np.array([0.0, 699.0, 700.0, 1000.0, 1300.0, 1301.0, np.nan], np.float32)
    assert encode_depth(z, 1000.0).tolist() == [0, 0, 255, 128, 1, 0, 0]
    assert np.isnan(relief_of_code(np.array([0]))).all()


def test_every_code_comes_back_from_the_networks_numbers():
    codes = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(code_of_unit(unit_of_code(codes)), codes)
    assert unit_of_code(codes).min() == -1.0
    assert unit_of_code(codes).max() == 1.0
    assert code_of_unit(np.array([-9.0, 9.0], np.float32)).tolist() == [0, 255]
