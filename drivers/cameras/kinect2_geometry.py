"""What the factory measured of a Kinect v2, in this program's words: intrinsics, and where colour stands to depth.

Both libraries give mirrored images (a raised right hand is on the right); the driver turns them round, so that x goes
right as seen by the camera, and so do the calibrations here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Extrinsics, FloatArray, Intrinsics

DEPTH_SIZE: Final = (512, 424)
COLOR_SIZE: Final = (1920, 1080)
_DISTANCES_M: Final = (0.6, 0.9, 1.4, 2.2, 3.5)
_MOST_RMS_PX: Final = 2.0
_COLOR_FOCAL_GUESS_PX: Final = 1060.0

# libfreenect2 src/registration.cpp: "these seem to be hardcoded in the original SDK"
_DEPTH_Q: Final = 0.01
_COLOR_Q: Final = 0.002199


@dataclass(frozen=True, slots=True)
class ColorPlace:
    """The colour camera's intrinsics, its pose to the depth sensor, and how far the fit misses what it was fit to."""

    intrinsics: Intrinsics
    extrinsics: Extrinsics
    rms_px: float


def mirrored(intrinsics: Intrinsics) -> Intrinsics:
    """Of the image turned left for right: ``x -> -x`` moves cx and turns the sign of p2 (Brown-Conrady)."""
    distortion = intrinsics.distortion
    if distortion:
        k1, k2, p1, p2, k3 = distortion
        distortion = (k1, k2, p1, -p2, k3)
    width = intrinsics.width
    cx = width - 1 - intrinsics.cx
    return Intrinsics(width, intrinsics.height, intrinsics.fx, intrinsics.fy, cx, intrinsics.cy, distortion)


def halved(intrinsics: Intrinsics) -> Intrinsics:
    """Of the image at half the size, each pixel the mean of four; pixel centres lie at integers."""
    return Intrinsics(
        intrinsics.width // 2,
        intrinsics.height // 2,
        intrinsics.fx / 2,
        intrinsics.fy / 2,
        (intrinsics.cx + 0.5) / 2 - 0.5,
        (intrinsics.cy + 0.5) / 2 - 0.5,
        intrinsics.distortion,
    )


def depth_grid(depth: Intrinsics, columns: int = 9, rows: int = 7) -> FloatArray:
    """Points (N, 3) in metres that fill what the depth sensor sees, at several distances."""
    u, v = np.meshgrid(np.linspace(20, depth.width - 21, columns), np.linspace(20, depth.height - 21, rows))
    pixels = np.stack([u.ravel(), v.ravel()], axis=1)
    return np.concatenate([depth.back_project(pixels, z) for z in _DISTANCES_M])


def place_color(points_m: FloatArray, pixels: FloatArray) -> ColorPlace | None:
    """A colour camera that sees these points at these pixels: a rigid pose and a Brown-Conrady camera, least squares.

    The factory's own model is a polynomial and a baseline, which no other program understands.

    Args:
        points_m: (N, 3) in the depth sensor's axes.
        pixels: (N, 2) in the colour image; rows that are not finite are left out.

    Returns:
        None when too few points are seen, or the fit misses them by more than 2 px (root mean square).
    """
    seen = np.isfinite(pixels).all(axis=1)
    seen &= (pixels >= 0).all(axis=1) & (pixels[:, 0] < COLOR_SIZE[0]) & (pixels[:, 1] < COLOR_SIZE[1])
    if seen.sum() < 30:
        return None
    width, height = COLOR_SIZE
    guess = Intrinsics(width, height, _COLOR_FOCAL_GUESS_PX, _COLOR_FOCAL_GUESS_PX, (width - 1) / 2, (height - 1) / 2)
    try:
        rms, matrix, distortion, turns, shifts = cv2.calibrateCamera(
            [points_m[seen].astype(np.float32)],
            [pixels[seen].astype(np.float32)],
            COLOR_SIZE,
            guess.matrix(),
            np.zeros(5),
            flags=cv2.CALIB_USE_INTRINSIC_GUESS,
        )
    except cv2.error:
        return None
    if not (np.isfinite(rms) and rms <= _MOST_RMS_PX):
        return None
    to_color: FloatArray = np.asarray(cv2.Rodrigues(np.asarray(turns[0], np.float64))[0], np.float64)
    shift = np.asarray(shifts[0], np.float64).ravel()
    found = np.asarray(matrix, np.float64)
    intrinsics = Intrinsics(
        width, height, found[0, 0], found[1, 1], found[0, 2], found[1, 2], tuple(map(float, np.ravel(distortion)[:5]))
    )
    return ColorPlace(intrinsics, Extrinsics.from_arrays(to_color.T, -to_color.T @ shift), float(rms))


def freenect2_depth(params: Any) -> Intrinsics:
    """From ``IrCameraParams``, of the image turned round."""
    width, height = DEPTH_SIZE
    distortion = (params.k1, params.k2, params.p1, params.p2, params.k3)
    return mirrored(Intrinsics(width, height, params.fx, params.fy, params.cx, params.cy, distortion))


def freenect2_color(depth: Any, color: Any) -> ColorPlace | None:
    """From ``IrCameraParams`` and ``ColorCameraParams``, by libfreenect2's own way from a depth pixel to a colour one.

    ``Registration::depth_to_color`` and ``Registration::apply`` of src/registration.cpp: two polynomials of third
    degree, and a shift by baseline over distance (in millimetres).
    """
    plain = Intrinsics(*DEPTH_SIZE, depth.fx, depth.fy, depth.cx, depth.cy)
    points = depth_grid(plain)
    normal = points[:, :2] / points[:, 2:]
    mx, my = normal[:, 0] * depth.fx * _DEPTH_Q, normal[:, 1] * depth.fy * _DEPTH_Q
    x = _cubic(mx, my, lambda term: float(getattr(color, f"mx_{term}")))
    y = _cubic(mx, my, lambda term: float(getattr(color, f"my_{term}")))
    along = x / (color.fx * _COLOR_Q) - color.shift_m / color.shift_d + color.shift_m / (1000.0 * points[:, 2])
    pixels = np.stack([along * color.fx + color.cx, y / _COLOR_Q + color.cy], axis=1)
    return place_color(points * (-1.0, 1.0, 1.0), _turned(pixels))


def sdk_depth(found: Any) -> Intrinsics | None:
    """From the SDK's ``_CameraIntrinsics``, of the image turned round; None when the sensor gave none yet (zeros)."""
    if found.FocalLengthX <= 0 or found.FocalLengthY <= 0:
        return None
    k1, k2, k3 = (
        found.RadialDistortionSecondOrder,
        found.RadialDistortionFourthOrder,
        found.RadialDistortionSixthOrder,
    )
    width, height = DEPTH_SIZE
    fx, fy, cx, cy = found.FocalLengthX, found.FocalLengthY, found.PrincipalPointX, found.PrincipalPointY
    return mirrored(Intrinsics(width, height, fx, fy, cx, cy, (k1, k2, 0.0, 0.0, k3)))


def sdk_color(depth: Intrinsics, to_color: Callable[[float, float, float], tuple[float, float]]) -> ColorPlace | None:
    """By asking the SDK where it sees points.

    Args:
        depth: of the image turned round.
        to_color: ``MapCameraPointToColorSpace``: metres in the SDK's axes (x to the sensor's left, y up) to a pixel.
    """
    points = depth_grid(depth)
    pixels = np.array([to_color(-float(x), -float(y), float(z)) for x, y, z in points])
    return place_color(points, _turned(pixels))


def _turned(pixels: FloatArray) -> FloatArray:
    turned: FloatArray = np.stack([COLOR_SIZE[0] - 1 - pixels[:, 0], pixels[:, 1]], axis=1)
    return turned


def _cubic(mx: FloatArray, my: FloatArray, term: Callable[[str], float]) -> FloatArray:
    total: NDArray[np.float64] = np.zeros_like(mx)
    for i in range(4):
        for j in range(4 - i):
            total += term(f"x{i}y{j}") * mx**i * my**j
    return total
