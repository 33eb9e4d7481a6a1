"""The Kinect's calibrations turned round, halved, and fitted, against OpenCV's own projection."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cameras.kinect2_geometry import COLOR_SIZE, depth_grid, halved, mirrored, place_color
from drivers.cameras.kinect2_pixels import Settings, millimetres, parse, whole
from drivers.frame import FloatArray, Intrinsics

DEPTH = Intrinsics(512, 424, 366.0, 365.0, 255.0, 207.0, (0.09, -0.27, 0.002, -0.003, 0.1))
small = st.floats(-0.05, 0.05)


def project(intrinsics: Intrinsics, points_m: FloatArray, turn: FloatArray, shift_m: FloatArray) -> FloatArray:
    distortion = np.array(intrinsics.distortion or [0.0] * 5)
    pixels, _ = cv2.projectPoints(points_m, turn, shift_m, intrinsics.matrix(), distortion)
    return np.asarray(pixels, np.float64).reshape(-1, 2)


def still(intrinsics: Intrinsics, points_m: FloatArray) -> FloatArray:
    return project(intrinsics, points_m, np.zeros(3), np.zeros(3))


def test_a_point_on_the_left_is_on_the_right_of_the_turned_image() -> None:
    points = depth_grid(DEPTH)
    turned = still(mirrored(DEPTH), points * (-1.0, 1.0, 1.0))
    seen = still(DEPTH, points)
    assert np.allclose(turned, np.stack([511 - seen[:, 0], seen[:, 1]], axis=1), atol=1e-9)
    assert mirrored(mirrored(DEPTH)) == DEPTH


def test_at_half_the_size_a_pixel_is_the_mean_of_four() -> None:
    points = depth_grid(DEPTH)
    assert np.allclose(still(halved(DEPTH), points), (still(DEPTH, points) + 0.5) / 2 - 0.5, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(
    turn=st.tuples(small, small, small),
    shift=st.tuples(st.floats(-0.1, 0.1), small, small),
    focal=st.floats(1000, 1120),
)
def test_the_colour_camera_is_found_where_it_stands(
    turn: tuple[float, ...], shift: tuple[float, ...], focal: float
) -> None:
    points = depth_grid(DEPTH)
    color = Intrinsics(*COLOR_SIZE, focal, focal, 955.0, 545.0, (0.03, -0.04, 0.0, 0.0, 0.0))
    pixels = project(color, points, np.array(turn), np.array(shift))
    place = place_color(points, pixels)
    assert place is not None
    assert place.rms_px < 0.5
    # A point of the depth sensor, seen by the fitted camera at its fitted place, lies where the true one sees it.
    own = place.extrinsics.from_rig(points)
    inside = (pixels >= 0).all(axis=1) & (pixels < COLOR_SIZE).all(axis=1)
    assert np.abs(still(place.intrinsics, own) - pixels)[inside].max() < 2.0


def test_what_is_no_camera_gives_no_calibration() -> None:
    points = depth_grid(DEPTH)
    noise = np.random.default_rng(1).uniform((0, 0), COLOR_SIZE, (len(points), 2))
    assert place_color(points, noise) is None
    assert place_color(points, np.full((len(points), 2), np.inf)) is None


@given(seed=st.integers(0, 1000), low=st.integers(0, 4000), span=st.integers(1, 9000))
@settings(max_examples=25, deadline=None)
def test_depth_is_rounded_turned_and_kept_within_its_range(seed: int, low: int, span: int) -> None:
    image = np.random.default_rng(seed).uniform(-10, 12_000, (6, 8)).astype(np.float32)
    wanted = parse(f"?min_m={low / 1000}&max_m={(low + span) / 1000}")
    got = millimetres(image, wanted)
    expected = np.clip(np.rint(image[:, ::-1].astype(np.float64)), 0, 65535)
    expected[(expected < low) | (expected > low + span)] = 0
    assert got.dtype == np.uint16
    assert np.array_equal(got, expected)
    assert np.array_equal(image, np.random.default_rng(seed).uniform(-10, 12_000, (6, 8)).astype(np.float32)), (
        "untouched"
    )


def test_counts_of_16_bits_stay_as_they_are() -> None:
    image = np.array([[0, 1, 65535]], np.uint16)
    assert whole(image).tolist() == [[65535, 1, 0]]
    assert image.tolist() == [[0, 1, 65535]]


def test_a_source_without_words_wants_everything() -> None:
    everything = Settings("", ("depth", "infrared", "color"), "auto", False, 0, 18_750, False, True)
    assert parse("") == everything


@pytest.mark.parametrize("order", ["color,depth", "depth,color"])
def test_streams_have_one_order_however_they_are_named(order: str) -> None:
    assert parse(f"?streams={order}").streams == ("depth", "color")
