"""Lenses: distortion and its inverse, beside OpenCV's."""

from __future__ import annotations

import json
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.distortion import (
    BROWN_CONRADY,
    FISHEYE,
    INVERSE_BROWN_CONRADY,
    MODIFIED_BROWN_CONRADY,
    distort,
    undistort,
    widest_angle_deg,
)
from drivers.errors import CalibrationError
from drivers.frame import Intrinsics

RATIONAL = (0.3, 0.02, 0.0005, -0.0003, 0.001, 0.45, 0.05, 0.002)
THIN_PRISM = (*RATIONAL, 0.001, -0.0005, 0.0008, 0.0002)
TILTED = (*THIN_PRISM, 0.02, -0.015)
LENSES = {
    "none": (),
    "4": (-0.25, 0.08, 0.001, -0.0005),
    "5": (-0.28, 0.09, 0.0005, 0.001, -0.012),
    "8": RATIONAL,
    "12": THIN_PRISM,
    "14": TILTED,
}
EYE = (0.08, -0.02, 0.004, -0.001)
LENS = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0)
CORNERS = np.array([[0.0, 0.0], [639.0, 0.0], [0.0, 479.0], [639.0, 479.0], [322.0, 238.0], [10.0, 400.0]])


def ahead(seed: int = 0, count: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    z = rng.uniform(0.5, 3.0, count)
    return np.stack([rng.uniform(-0.6, 0.6, count) * z, rng.uniform(-0.45, 0.45, count) * z, z], axis=1)


@pytest.mark.parametrize("coefficients", LENSES.values(), ids=LENSES)
def test_projection_is_opencvs(coefficients: tuple[float, ...]) -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, coefficients)
    bend = np.array(coefficients) if coefficients else None
    expected, _ = cv2.projectPoints(ahead(), np.zeros(3), np.zeros(3), lens.matrix(), bend)
    np.testing.assert_allclose(lens.project(ahead(), distort=True), expected.reshape(-1, 2), atol=1e-6)


def test_projection_through_a_fisheye_is_opencvs() -> None:
    lens = Intrinsics(640, 480, 300.0, 300.0, 320.0, 240.0, EYE, FISHEYE)
    points = ahead() * [4.0, 4.0, 1.0]  # up to 67 degrees from the axis
    expected, _ = cv2.fisheye.projectPoints(
        points.reshape(-1, 1, 3), np.zeros(3), np.zeros(3), lens.matrix(), np.array(EYE)
    )
    np.testing.assert_allclose(lens.project(points, distort=True), expected.reshape(-1, 2), atol=1e-6)


@pytest.mark.parametrize(
    ("model", "coefficients"),
    [
        *((BROWN_CONRADY, c) for c in LENSES.values()),
        (FISHEYE, EYE),
        (FISHEYE, (0.0, 0.0, 0.0, 0.0)),
        (INVERSE_BROWN_CONRADY, LENSES["5"]),
        (INVERSE_BROWN_CONRADY, (0.13, -0.2, 0.002, 0.001, 0.1)),
        (MODIFIED_BROWN_CONRADY, LENSES["5"]),
    ],
)
def test_every_pixel_comes_back_to_itself(model: str, coefficients: tuple[float, ...]) -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, coefficients, model)
    v, u = np.mgrid[0:480:7, 0:640:7]
    pixels = np.stack([u, v], axis=-1).reshape(-1, 2).astype(float)
    np.testing.assert_allclose(lens.distort(lens.undistort(pixels)), pixels, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    k1=st.floats(-0.3, 0.3),
    k2=st.floats(-0.1, 0.1),
    p1=st.floats(-0.005, 0.005),
    p2=st.floats(-0.005, 0.005),
    k3=st.floats(-0.02, 0.02),
    x=st.floats(0.0, 639.0),
    y=st.floats(0.0, 479.0),
)
def test_what_the_lens_shows_is_taken_back(
    k1: float, k2: float, p1: float, p2: float, k3: float, x: float, y: float
) -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, (k1, k2, p1, p2, k3))
    ideal = np.array([[x, y]])
    shown = lens.distort(ideal)
    if not np.isnan(shown).any():
        np.testing.assert_allclose(lens.undistort(shown), ideal, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(k=st.tuples(*[st.floats(-0.05, 0.05)] * 4), x=st.floats(-5.0, 5.0), y=st.floats(-5.0, 5.0))
def test_a_fisheye_comes_back_far_from_the_axis(k: tuple[float, ...], x: float, y: float) -> None:
    point = np.array([[x, y]])
    shown = distort(FISHEYE, k, point)
    if math.degrees(math.atan(math.hypot(x, y))) < widest_angle_deg(FISHEYE, k) - 0.5:
        np.testing.assert_allclose(undistort(FISHEYE, k, shown), point, rtol=1e-3, atol=1e-5)


def test_what_would_fold_back_into_the_picture_is_nowhere() -> None:
    barrel = (-0.3, 0.0, 0.0, 0.0, 0.0)  # r (1 - 0.3 r^2) rises up to r = 1.054: 46.5 degrees
    assert widest_angle_deg(BROWN_CONRADY, barrel) == pytest.approx(46.5, abs=0.1)
    lens = Intrinsics(640, 480, 500.0, 500.0, 320.0, 240.0, barrel)
    folded, _ = cv2.projectPoints(
        np.array([[1.7, 0.0, 1.0]]), np.zeros(3), np.zeros(3), lens.matrix(), np.array(barrel)
    )
    assert 0 <= folded[0, 0, 0] < 640, "OpenCV draws it into the picture"
    assert np.isnan(lens.project(np.array([[1.7, 0.0, 1.0]]), distort=True)).all()
    assert not np.isnan(lens.project(np.array([[1.0, 0.0, 1.0]]), distort=True)).any()


def test_a_picture_wider_than_the_lens_has_no_rays_in_its_corners() -> None:
    rays = Intrinsics(640, 480, 300.0, 300.0, 319.5, 239.5, (-0.3, 0.0, 0.0, 0.0, 0.0)).rays()
    assert np.isnan(rays[0, 0]).all()
    assert not np.isnan(rays[240, 300]).any()


def test_the_default_stays_the_pinhole() -> None:
    bent = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, LENSES["5"])
    np.testing.assert_array_equal(bent.project(ahead()), LENS.project(ahead()))
    np.testing.assert_array_equal(bent.back_project(CORNERS, 2.0), LENS.back_project(CORNERS, 2.0))


def test_rays_are_kept_and_agree_with_back_projection() -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, LENSES["8"])
    rays = lens.rays()
    assert rays is Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, LENSES["8"]).rays()
    assert rays.shape == (480, 640, 2)
    assert rays.dtype == np.float32
    assert not rays.flags.writeable
    at = CORNERS.astype(int)
    expected = lens.back_project(CORNERS, 1.0, undistort=True)[:, :2]
    np.testing.assert_allclose(rays[at[:, 1], at[:, 0]], expected, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(factor=st.integers(1, 4), x=st.floats(-0.4, 0.4), y=st.floats(-0.3, 0.3))
def test_a_scaled_lens_sees_the_same_point_at_the_scaled_place(factor: int, x: float, y: float) -> None:
    """A big pixel (binning) covers factor x factor small ones; its centre is theirs."""
    big = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, LENSES["5"])
    small = big.scaled_to(640 // factor, 480 // factor)
    if 640 % factor or 480 % factor:
        return
    point = np.array([[x, y, 1.0]])
    on_big, on_small = big.project(point, distort=True), small.project(point, distort=True)
    np.testing.assert_allclose(on_big, factor * on_small + (factor - 1) / 2, atol=1e-9)


def test_another_ratio_of_the_sides_cannot_be_scaled() -> None:
    with pytest.raises(CalibrationError, match=r"640x480 px cannot be scaled to 1280x720.*calibrate at that size"):
        LENS.scaled_to(1280, 720)
    assert Intrinsics.from_fov(1366, 768, 70.0).scaled_to(683, 384).width == 683


def test_a_cropped_lens_sees_the_same_point_shifted() -> None:
    part = LENS.cropped(100, 50, 320, 240)
    np.testing.assert_allclose(part.project(ahead()) + np.array([100, 50]), LENS.project(ahead()))
    assert (part.width, part.height) == (320, 240)


@pytest.mark.parametrize("coefficients", LENSES.values(), ids=LENSES)
def test_json_keeps_the_lens_and_old_files_stay_as_they_were(coefficients: tuple[float, ...]) -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, coefficients)
    data = json.loads(json.dumps(lens.to_json()))
    assert set(data) == {"width", "height", "fx", "fy", "cx", "cy", "distortion"}
    assert Intrinsics.from_json(data) == lens


def test_json_names_the_model_where_it_is_another() -> None:
    lens = Intrinsics(640, 480, 500.0, 510.0, 322.0, 238.0, EYE, FISHEYE)
    assert lens.to_json()["model"] == "fisheye"
    assert Intrinsics.from_json(lens.to_json()) == lens
    pinhole = {**LENS.to_json(), "model": "ftheta"}
    assert Intrinsics.from_json(pinhole) == LENS, "a model without coefficients distorts nothing"


@pytest.mark.parametrize(
    ("model", "coefficients", "words"),
    [
        (BROWN_CONRADY, (0.1, 0.2, 0.3), "takes 0 or 4 or 5 or 8 or 12 or 14 coefficients, found 3"),
        (FISHEYE, (), "fisheye takes 4 coefficients, found 0"),
        (FISHEYE, (0.1,) * 5, "fisheye takes 4 coefficients, found 5"),
        ("ftheta", (0.1,), "no distortion model 'ftheta'; there are brown_conrady, fisheye"),
        (BROWN_CONRADY, (math.nan, 0.0, 0.0, 0.0, 0.0), "must be finite"),
    ],
)
def test_what_is_no_lens_is_refused(model: str, coefficients: tuple[float, ...], words: str) -> None:
    with pytest.raises(CalibrationError, match=words):
        Intrinsics(640, 480, 500.0, 500.0, 320.0, 240.0, coefficients, model)
