"""What a lens does to straight lines: distortion of normalised image points, and its inverse.

A normalised point is ``(X/Z, Y/Z)``, without unit. Models and their coefficients:

- ``brown_conrady``: OpenCV's, with 4 (k1 k2 p1 p2), 5 (k3), 8 (rational: k4 k5 k6), 12 (thin prism: s1 s2 s3 s4) or
  14 (tilted sensor: tau_x tau_y) of them, in OpenCV's order
  (https://docs.opencv.org/4.x/d9/d0c/group__calib3d.html); none at all is a pinhole.
- ``fisheye``: OpenCV's ``cv2.fisheye`` (Kannala and Brandt 2006): k1 k2 k3 k4, in the angle from the axis.
- ``inverse_brown_conrady``: RealSense's: the five-coefficient formula takes the distortion *out*.
- ``modified_brown_conrady``: RealSense's: as Brown-Conrady, but the tangential part sees radially distorted points.

A polynomial is good only as far as it rises: beyond the angle at which it folds back, a point would be drawn into the
picture a second time. There, both functions give NaN.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError

FloatArray = NDArray[np.float64]

BROWN_CONRADY: Final = "brown_conrady"
FISHEYE: Final = "fisheye"
INVERSE_BROWN_CONRADY: Final = "inverse_brown_conrady"
MODIFIED_BROWN_CONRADY: Final = "modified_brown_conrady"

COUNTS: Final[dict[str, tuple[int, ...]]] = {
    BROWN_CONRADY: (0, 4, 5, 8, 12, 14),
    FISHEYE: (4,),
    INVERSE_BROWN_CONRADY: (5,),
    MODIFIED_BROWN_CONRADY: (5,),
}
"""Model -> how many coefficients it takes."""

_WIDEST_RAD: Final = math.radians(89.0)
_SAMPLES: Final = 4096
_ITERATIONS: Final = 12
_GOOD_ENOUGH: Final = 1e-7
"""Of a normalised point: a ten-thousandth of a pixel at f = 1000 px."""


def check_distortion(model: str, coefficients: tuple[float, ...]) -> None:
    """Refuse what is no lens.

    Raises:
        CalibrationError: an unknown model, another number of coefficients than it takes, or one that is not finite.
    """
    if model not in COUNTS:
        raise CalibrationError(f"there is no distortion model {model!r}; there are {', '.join(COUNTS)}")
    if len(coefficients) not in COUNTS[model]:
        counts = " or ".join(str(n) for n in COUNTS[model])
        raise CalibrationError(
            f"distortion of the model {model} takes {counts} coefficients, found {len(coefficients)}"
        )
    if not all(math.isfinite(c) for c in coefficients):
        raise CalibrationError(f"distortion coefficients must be finite, found {coefficients}")


def distort(model: str, coefficients: tuple[float, ...], points: FloatArray) -> FloatArray:
    """Where the lens puts ideal points.

    Args:
        points: (N, 2) float64, normalised.

    Returns:
        (N, 2) float64, normalised; NaN where the model says nothing.
    """
    p = np.asarray(points, np.float64).reshape(-1, 2)
    if not any(coefficients) and model != FISHEYE:
        return p.copy()
    if model == INVERSE_BROWN_CONRADY:
        return _solve(BROWN_CONRADY, coefficients, p)
    return _apply(model, coefficients, p)


def undistort(model: str, coefficients: tuple[float, ...], points: FloatArray) -> FloatArray:
    """The ideal points that the lens puts at these; :func:`distort` backwards, to 1e-7 of a normalised unit.

    Args:
        points: (N, 2) float64, normalised.

    Returns:
        (N, 2) float64, normalised; NaN where no ideal point is put there.
    """
    p = np.asarray(points, np.float64).reshape(-1, 2)
    if not any(coefficients) and model != FISHEYE:
        return p.copy()
    if model == INVERSE_BROWN_CONRADY:
        return _apply(BROWN_CONRADY, coefficients, p)
    if model == FISHEYE:
        return _solve_fisheye(coefficients, p)
    return _solve(model, coefficients, p)


def widest_angle_deg(model: str, coefficients: tuple[float, ...]) -> float:
    """The angle from the axis up to which the model's radial part rises; 89 where it does not fold back."""
    return math.degrees(math.atan(_reach(model, coefficients).ideal[-1]))


@dataclass(frozen=True, slots=True)
class _Reach:
    """The radial part as a table, as far as it rises: ideal radius -> distorted radius."""

    ideal: FloatArray
    distorted: FloatArray

    @property
    def folds(self) -> bool:
        return bool(self.ideal[-1] < math.tan(_WIDEST_RAD) * (1 - 1e-9))


@functools.lru_cache(maxsize=64)
def _reach(model: str, coefficients: tuple[float, ...]) -> _Reach:
    ideal = np.tan(np.linspace(0.0, _WIDEST_RAD, _SAMPLES))
    if model == FISHEYE:
        theta = np.arctan(ideal)
        distorted = theta * _fisheye_factor(coefficients, theta)
    else:
        distorted = ideal * _radial(coefficients, ideal * ideal)
    rises = np.isfinite(distorted[1:]) & (distorted[1:] > distorted[:-1])
    last = _SAMPLES if bool(rises.all()) else int(np.argmin(rises)) + 1
    return _Reach(ideal[: max(last, 2)], distorted[: max(last, 2)])


def _radial(k: tuple[float, ...], r2: FloatArray) -> FloatArray:
    k1, k2, _, _, k3, k4, k5, k6 = (*k[:8], *(0.0,) * (8 - len(k[:8])))
    above = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        factor: FloatArray = above / (1 + r2 * (k4 + r2 * (k5 + r2 * k6))) if len(k) >= 8 else above
    return factor


def _fisheye_factor(k: tuple[float, ...], theta: FloatArray) -> FloatArray:
    t2 = theta * theta
    factor: FloatArray = 1 + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3])))
    return factor


def _apply(model: str, k: tuple[float, ...], p: FloatArray) -> FloatArray:
    """The formula, NaN beyond its reach."""
    out = _formula(model, k, p)
    reach = _reach(model, k)
    if reach.folds:
        out[np.hypot(p[:, 0], p[:, 1]) > reach.ideal[-1]] = np.nan
    return out


def _formula(model: str, k: tuple[float, ...], p: FloatArray) -> FloatArray:
    x, y = p[:, 0], p[:, 1]
    r2 = x * x + y * y
    if model == FISHEYE:
        r = np.sqrt(r2)
        theta = np.arctan(r)
        scale = np.where(r > 1e-12, theta * _fisheye_factor(k, theta) / np.maximum(r, 1e-12), 1.0)
        return np.stack([x * scale, y * scale], axis=1)
    p1, p2 = k[2], k[3]
    factor = _radial(k, r2)
    u, v = x * factor, y * factor
    if model == MODIFIED_BROWN_CONRADY:
        x, y = u, v  # but r2 stays that of the ideal point, as in librealsense's rsutil.h
    du = 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
    dv = p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
    if len(k) >= 12:
        du += r2 * (k[8] + r2 * k[9])
        dv += r2 * (k[10] + r2 * k[11])
    out = np.stack([u + du, v + dv], axis=1)
    return _homography(_tilt(k[12], k[13]), out) if len(k) == 14 else out


def _tilt(tau_x: float, tau_y: float) -> FloatArray:
    """A sensor tilted by two angles in radians, as a homography of the image (OpenCV's matTilt)."""
    cx, sx, cy, sy = math.cos(tau_x), math.sin(tau_x), math.cos(tau_y), math.sin(tau_y)
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cx, sx], [0.0, -sx, cx]])
    about_y = np.array([[cy, 0.0, -sy], [0.0, 1.0, 0.0], [sy, 0.0, cy]])
    r = about_y @ about_x
    onto: FloatArray = np.array([[r[2, 2], 0.0, -r[0, 2]], [0.0, r[2, 2], -r[1, 2]], [0.0, 0.0, 1.0]]) @ r
    return onto


def _homography(h: FloatArray, p: FloatArray) -> FloatArray:
    q = p @ h[:, :2].T + h[:, 2]
    out: FloatArray = q[:, :2] / q[:, 2:]
    return out


def _solve(model: str, k: tuple[float, ...], p: FloatArray) -> FloatArray:
    """The ideal points by Newton's method, from the radial table as a first guess."""
    target = p
    if len(k) == 14:
        target = _homography(np.asarray(np.linalg.inv(_tilt(k[12], k[13])), np.float64), p)
    plain = k[:12]
    reach = _reach(model, k)
    radius = np.hypot(target[:, 0], target[:, 1])
    guess = np.interp(radius, reach.distorted, reach.ideal)
    out = target * np.where(radius > 1e-12, guess / np.maximum(radius, 1e-12), 1.0)[:, None]
    with np.errstate(all="ignore"):  # points beyond the lens' reach run away; they end as NaN
        for _ in range(_ITERATIONS):
            wrong = _formula(model, plain, out) - target
            if not bool((np.abs(wrong) > _GOOD_ENOUGH / 100).any()):
                break
            out = out - _newton_step(model, plain, out, wrong)
        missed = ~(np.abs(_formula(model, plain, out) - target).max(axis=1) < _GOOD_ENOUGH)
        if reach.folds:
            missed |= np.hypot(out[:, 0], out[:, 1]) > reach.ideal[-1]
    out[missed] = np.nan
    return out


def _newton_step(model: str, k: tuple[float, ...], at: FloatArray, wrong: FloatArray) -> FloatArray:
    """``J^-1 wrong`` with central differences for the 2 x 2 Jacobian."""
    h = 1e-5
    right, down = np.array([h, 0.0]), np.array([0.0, h])
    along_x = (_formula(model, k, at + right) - _formula(model, k, at - right)) / (2 * h)
    along_y = (_formula(model, k, at + down) - _formula(model, k, at - down)) / (2 * h)
    det = along_x[:, 0] * along_y[:, 1] - along_y[:, 0] * along_x[:, 1]
    dx = (along_y[:, 1] * wrong[:, 0] - along_y[:, 0] * wrong[:, 1]) / det
    dy = (along_x[:, 0] * wrong[:, 1] - along_x[:, 1] * wrong[:, 0]) / det
    return np.stack([dx, dy], axis=1)


def _solve_fisheye(k: tuple[float, ...], p: FloatArray) -> FloatArray:
    reach = _reach(FISHEYE, k)
    distorted = np.hypot(p[:, 0], p[:, 1])
    theta = np.interp(distorted, reach.distorted, np.arctan(reach.ideal))
    for _ in range(4):
        t2 = theta * theta
        slope = 1 + t2 * (3 * k[0] + t2 * (5 * k[1] + t2 * (7 * k[2] + t2 * 9 * k[3])))
        wrong = theta * _fisheye_factor(k, theta) - distorted
        theta = np.where(np.abs(slope) > 1e-6, theta - wrong / np.where(slope == 0, 1.0, slope), theta)
    missed = ~(np.abs(theta * _fisheye_factor(k, theta) - distorted) < _GOOD_ENOUGH)
    missed |= (theta > math.atan(reach.ideal[-1]) + 1e-9) | (theta >= math.pi / 2)
    scale = np.where(distorted > 1e-12, np.tan(theta) / np.maximum(distorted, 1e-12), 1.0)
    out = p * scale[:, None]
    out[missed] = np.nan
    return out
