"""The geometry of a camera: Intrinsics (pixels and rays) and Extrinsics (where it stands in its rig).

Axes are x right, y down, z forward, in metres. Pixel centres lie at integers. Everything here is frozen.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers import distortion as lenses
from drivers.distortion import BROWN_CONRADY, FISHEYE, check_distortion
from drivers.errors import CalibrationError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """A camera in pixels: a pinhole, and behind it what its lens distorts where that is known.

    ``u = fx x + cx``, ``v = fy y + cy``, for an image of ``width`` x ``height`` px; (x, y) is (X/Z, Y/Z) as the lens
    distorts it.

    Attributes:
        distortion: the coefficients of ``model``, in OpenCV's order; none at all for a pinhole.
        model: a model of :mod:`drivers.distortion`.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = ()
    model: str = BROWN_CONRADY

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise CalibrationError(f"an image of {self.width}x{self.height} px is no image")
        if not (math.isfinite(self.fx) and math.isfinite(self.fy) and self.fx > 0 and self.fy > 0):
            raise CalibrationError(
                f"focal lengths must be positive, found fx={self.fx}, fy={self.fy}; check the calibration file"
            )
        if not (math.isfinite(self.cx) and math.isfinite(self.cy)):
            raise CalibrationError(f"the principal point must be finite, found ({self.cx}, {self.cy})")
        check_distortion(self.model, self.distortion)

    @classmethod
    def from_fov(cls, width: int, height: int, horizontal_fov_deg: float) -> Intrinsics:
        """Square pixels, centred principal point; the usual guess where no calibration is known."""
        f = width / 2 / math.tan(math.radians(horizontal_fov_deg) / 2)
        return cls(width, height, f, f, (width - 1) / 2, (height - 1) / 2)

    @property
    def has_distortion(self) -> bool:
        """Whether the lens differs from a pinhole."""
        return self.model == FISHEYE or any(self.distortion)

    def matrix(self) -> FloatArray:
        """The 3 x 3 camera matrix K."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    def project(self, points_m: FloatArray, *, distort: bool = False) -> FloatArray:
        """Points (N, 3) in metres to pixels (N, 2). Points behind the camera give NaN.

        Args:
            distort: to pixels of the picture as the camera gives it, NaN for what the lens cannot show; otherwise to
                those of an ideal pinhole with the same matrix.
        """
        p = np.asarray(points_m, dtype=np.float64).reshape(-1, 3)
        z = np.where(p[:, 2] > 0, p[:, 2], np.nan)
        if distort and self.has_distortion:
            flat = lenses.distort(self.model, self.distortion, p[:, :2] / z[:, None])
            return flat * [self.fx, self.fy] + [self.cx, self.cy]
        return np.stack([self.fx * p[:, 0] / z + self.cx, self.fy * p[:, 1] / z + self.cy], axis=1)

    def back_project(self, pixels: FloatArray, z_m: FloatArray | float, *, undistort: bool = False) -> FloatArray:
        """Pixels (N, 2) at depth z (N,) or scalar in metres to points (N, 3): X = (u - cx) Z / fx.

        Args:
            undistort: the pixels are of the picture as the camera gives it; otherwise of an ideal pinhole.
        """
        uv = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
        z = np.broadcast_to(np.asarray(z_m, dtype=np.float64), (len(uv),))
        if undistort and self.has_distortion:
            flat = (uv - [self.cx, self.cy]) / [self.fx, self.fy]
            flat = lenses.undistort(self.model, self.distortion, flat)
            return np.stack([flat[:, 0] * z, flat[:, 1] * z, z], axis=1)
        return np.stack([(uv[:, 0] - self.cx) * z / self.fx, (uv[:, 1] - self.cy) * z / self.fy, z], axis=1)

    def distort(self, pixels: FloatArray) -> FloatArray:
        """Pixels (N, 2) of the ideal pinhole to those of the picture as the camera gives it; NaN where it has none."""
        return self.project(self.back_project(pixels, 1.0), distort=True)

    def undistort(self, pixels: FloatArray) -> FloatArray:
        """Pixels (N, 2) of the picture as the camera gives it to those of the ideal pinhole with the same matrix."""
        return self.project(self.back_project(pixels, 1.0, undistort=True))

    def rays(self) -> NDArray[np.float32]:
        """X/Z and Y/Z of every pixel's line of sight, the distortion taken out: (H, W, 2) float32, read-only.

        NaN where nothing can be seen. Computed once for each lens and kept.
        """
        return _rays(self)

    def without_distortion(self) -> Intrinsics:
        """The ideal pinhole with the same matrix."""
        return replace(self, distortion=(), model=BROWN_CONRADY)

    def scaled_to(self, width: int, height: int) -> Intrinsics:
        """For the same picture at another size: binned, shrunk or enlarged, but not cropped.

        Raises:
            CalibrationError: the sides have another ratio (beyond the rounding of a pixel): that picture was cropped.
        """
        if width <= 0 or height <= 0 or abs(width - self.width * height / self.height) >= 1.0:
            raise CalibrationError(
                f"intrinsics for {self.width}x{self.height} px cannot be scaled to {width}x{height}: the sides have "
                "another ratio, so the camera crops its picture in one of them; calibrate at that size"
            )
        sx, sy = width / self.width, height / self.height
        cx, cy = (self.cx + 0.5) * sx - 0.5, (self.cy + 0.5) * sy - 0.5  # a pixel's centre is at an integer
        return replace(self, width=width, height=height, fx=self.fx * sx, fy=self.fy * sy, cx=cx, cy=cy)

    def cropped(self, left: int, top: int, width: int, height: int) -> Intrinsics:
        """For the part of the picture whose first pixel is (left, top); it may reach beyond the picture."""
        return replace(self, width=width, height=height, cx=self.cx - left, cy=self.cy - top)

    def to_json(self) -> dict[str, Any]:
        return {
            "width": self.width,
            "height": self.height,
            "fx": self.fx,
            "fy": self.fy,
            "cx": self.cx,
            "cy": self.cy,
            "distortion": list(self.distortion),
            **({"model": self.model} if self.model != BROWN_CONRADY else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Intrinsics:
        try:
            coefficients = tuple(float(d) for d in data.get("distortion", ()))
            return cls(
                int(data["width"]),
                int(data["height"]),
                float(data["fx"]),
                float(data["fy"]),
                float(data["cx"]),
                float(data["cy"]),
                coefficients,
                str(data.get("model", BROWN_CONRADY)) if coefficients else BROWN_CONRADY,
            )
        except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise CalibrationError(f"intrinsics are incomplete or not numbers ({error}): {dict(data)}") from error


@functools.lru_cache(maxsize=16)
def _rays(lens: Intrinsics) -> NDArray[np.float32]:
    v, u = np.mgrid[0 : lens.height, 0 : lens.width]
    pixels = np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float64)
    flat = lens.back_project(pixels, 1.0, undistort=True)[:, :2].astype(np.float32)
    rays = flat.reshape(lens.height, lens.width, 2)
    rays.flags.writeable = False
    return rays


@dataclass(frozen=True, slots=True)
class Extrinsics:
    """Where a camera stands in its rig: ``p_rig = rotation @ p_camera + translation_m``."""

    rotation: tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]] = (
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
    )
    translation_m: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        r = self.matrix()
        if r.shape != (3, 3) or not np.isfinite(r).all():
            raise CalibrationError(
                f"a rotation is 3 x 3 finite numbers, found {self.rotation}; check the calibration file"
            )
        if not np.allclose(r @ r.T, np.eye(3), atol=1e-4) or np.linalg.det(r) < 0:
            raise CalibrationError(
                f"the rotation is not a rotation (det {np.linalg.det(r):.3f}); check the calibration file"
            )
        if len(self.translation_m) != 3 or not all(math.isfinite(t) for t in self.translation_m):
            raise CalibrationError(f"the translation must be three finite metres, found {self.translation_m}")

    @classmethod
    def from_arrays(cls, rotation: FloatArray, translation_m: Sequence[float] | FloatArray) -> Extrinsics:
        r = np.asarray(rotation, dtype=np.float64).reshape(3, 3)
        t = [float(x) for x in translation_m]
        rows = tuple((float(a), float(b), float(c)) for a, b, c in r)
        return cls((rows[0], rows[1], rows[2]), (t[0], t[1], t[2]))

    def matrix(self) -> FloatArray:
        """The 3 x 3 rotation."""
        return np.array(self.rotation, dtype=np.float64)

    def is_identity(self) -> bool:
        return bool(np.allclose(self.matrix(), np.eye(3), atol=1e-9) and not any(self.translation_m))

    def to_rig(self, points_m: FloatArray) -> FloatArray:
        """Camera points (N, 3) to rig points (N, 3), metres."""
        points: FloatArray = np.asarray(points_m, np.float64).reshape(-1, 3) @ self.matrix().T
        points += np.array(self.translation_m)
        return points

    def from_rig(self, points_m: FloatArray) -> FloatArray:
        """Rig points (N, 3) to camera points (N, 3), metres."""
        points: FloatArray = np.asarray(points_m, np.float64).reshape(-1, 3) - np.array(self.translation_m)
        out: FloatArray = points @ self.matrix()
        return out

    def to_json(self) -> dict[str, Any]:
        return {"rotation": [list(row) for row in self.rotation], "translation_m": list(self.translation_m)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Extrinsics:
        try:
            return cls.from_arrays(np.array(data["rotation"], dtype=np.float64), data["translation_m"])
        except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise CalibrationError(f"extrinsics are incomplete or not numbers ({error}): {dict(data)}") from error
