"""Intrinsics from the files that people lay beside their images: OpenCV storage (XML, YAML) or our JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.distortion import BROWN_CONRADY, COUNTS
from drivers.errors import CalibrationError
from drivers.frame import Intrinsics
from recordings.errors import SessionImportError

SUFFIXES: Final = (".xml", ".yml", ".yaml", ".json")

_WIDEST: Final = 1000.0
_NARROWEST: Final = 10_000.0
_OUTSIDE: Final = 10.0
"""What a lens may be: by hand a point or a unit is soon mistaken. A focal length of this share or multiple of the
image's size; a centre that so many sizes outside of it."""

_MATRIX_NAMES: Final = ("intrinsic", "intrinsics", "camera_matrix", "cameraMatrix", "K", "M", "M1")
_DISTORTION_NAMES: Final = (
    "distortion",
    "distortion_coefficients",
    "dist_coeffs",
    "distCoeffs",
    "D",
    "D1",
)


def read_intrinsics(path: Path, width: int, height: int) -> Intrinsics:
    """Intrinsics of a ``width`` x ``height`` px image from a calibration file.

    OpenCV storage holds a 3 x 3 matrix ``fx 0 cx / 0 fy cy / 0 0 1`` by one of its usual names, and perhaps
    distortion coefficients; JSON holds what ``Intrinsics.to_json`` gives.

    Raises:
        SessionImportError: the file cannot be read, holds no such matrix, or an impossible one.
    """
    try:
        found = _from_json(path) if path.suffix == ".json" else _from_storage(path, width, height)
    except CalibrationError as error:
        raise SessionImportError(f"{path} holds an impossible calibration: {error}") from error
    if (found.width, found.height) != (width, height):
        raise SessionImportError(
            f"{path} is a calibration for {found.width}x{found.height} px, the images are {width}x{height} px"
        )
    return found


def _from_json(path: Path) -> Intrinsics:
    try:
        data = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SessionImportError(f"{path} is no readable JSON: {error}") from error
    if not isinstance(data, dict):
        raise SessionImportError(f"{path} holds JSON, but no object with width, height, fx, fy, cx, cy")
    try:
        return Intrinsics.from_json(data)
    except OverflowError as error:  # JSON knows infinity
        raise SessionImportError(f"{path} holds impossible numbers: {error}") from error


def _from_storage(path: Path, width: int, height: int) -> Intrinsics:
    names = "intrinsic, camera_matrix or K"
    try:
        # As text: OpenCV prints about files it cannot open, and some of its builds cannot open every path.
        storage = cv2.FileStorage(path.read_text(), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        matrix = _first_matrix(storage, _MATRIX_NAMES)
        distortion = _first_matrix(storage, _DISTORTION_NAMES)
        storage.release()
    except (OSError, UnicodeDecodeError, cv2.error, SystemError) as error:
        raise SessionImportError(f"{path} is no readable OpenCV storage file: {error}") from error
    if matrix is None:
        raise SessionImportError(f"{path} holds no camera matrix (looked for {names})")
    if matrix.shape != (3, 3) or not np.allclose(matrix[[0, 1, 2, 2, 2], [1, 0, 0, 1, 2]], [0, 0, 0, 0, 1]):
        raise SessionImportError(
            f"{path}: the camera matrix must be fx 0 cx / 0 fy cy / 0 0 1, found {matrix.tolist()}"
        )
    coefficients: tuple[float, ...] = ()
    if distortion is not None and np.any(distortion):
        coefficients = _opencv_coefficients(distortion.ravel(), path)
    fx, fy, cx, cy = (float(matrix[i]) for i in ((0, 0), (1, 1), (0, 2), (1, 2)))
    return Intrinsics(width, height, fx, fy, cx, cy, coefficients)


def _opencv_coefficients(found: NDArray[Any], path: Path) -> tuple[float, ...]:
    """As OpenCV counts them, zeros at the end left off; at least the five of k1 k2 p1 p2 k3."""
    counts = [n for n in COUNTS[BROWN_CONRADY] if n >= 5]
    for count in counts:
        if not np.any(found[count:]):
            padded = np.append(found, np.zeros(count))[:count]
            return tuple(float(c) for c in padded)
    raise SessionImportError(
        f"{path} has {len(found)} distortion coefficients; OpenCV's {', '.join(map(str, (4, *counts)))} can be used "
        "(k1 k2 p1 p2 k3, k4 k5 k6, s1 s2 s3 s4, tau_x tau_y)"
    )


def _first_matrix(storage: cv2.FileStorage, names: tuple[str, ...]) -> NDArray[Any] | None:
    for name in names:
        node = storage.getNode(name)
        if not node.empty() and node.isMap():
            matrix: NDArray[Any] = np.asarray(node.mat(), np.float64)
            return matrix
    return None


def from_numbers(
    width: int,
    height: int,
    pinhole: tuple[float | None, float | None, float | None, float | None],
    hfov_deg: float | None,
) -> Intrinsics | None:
    """Intrinsics from what was given by hand, None when nothing was.

    ``pinhole`` is fx, fy, cx, cy in px: fx alone is enough (fy = fx, the center in the middle of the image).

    Raises:
        SessionImportError: the numbers do not make a camera.
    """
    fx, fy, cx, cy = pinhole
    if fx is None and fy is None and cx is None and cy is None:
        if hfov_deg is None:
            return None
        if not (math.isfinite(hfov_deg) and 1 <= hfov_deg <= 179):
            raise SessionImportError(f"a horizontal field of view lies between 1 and 179 degrees, found {hfov_deg}")
        return Intrinsics.from_fov(width, height, hfov_deg)
    if hfov_deg is not None:
        raise SessionImportError("give either a field of view or focal lengths, not both")
    if fx is None:
        raise SessionImportError("a calibration by hand needs at least --fx (fy, cx, cy follow from it)")
    for name, value, low, high in (
        ("--fx", fx, width / _WIDEST, width * _NARROWEST),
        ("--fy", fy, height / _WIDEST, height * _NARROWEST),
        ("--cx", cx, -_OUTSIDE * width, (1 + _OUTSIDE) * width),
        ("--cy", cy, -_OUTSIDE * height, (1 + _OUTSIDE) * height),
    ):
        if value is not None and not low <= value <= high:
            raise SessionImportError(
                f"{name} takes px, of an image of {width}x{height} px from {low:g} to {high:g}; found {value:g}"
            )
    try:
        return Intrinsics(
            width,
            height,
            fx,
            fx if fy is None else fy,
            (width - 1) / 2 if cx is None else cx,
            (height - 1) / 2 if cy is None else cy,
        )
    except CalibrationError as error:
        raise SessionImportError(f"the calibration given by hand is impossible: {error}") from error
