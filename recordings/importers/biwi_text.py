"""The text files of the Biwi Kinect Head Pose database: calibrations (``*.cal``) and poses (``*_pose.txt``)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.errors import DriverError
from drivers.frame import Extrinsics, Intrinsics
from recordings.errors import SessionImportError
from recordings.importers import image_files


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a ``*.cal`` file says of a camera; ``extrinsics`` go to the depth camera's axes."""

    intrinsics: Intrinsics
    extrinsics: Extrinsics
    is_distorted: bool


def calibration(path: Path) -> Calibration:
    """A calibration file: camera matrix, distortion, rotation and translation (mm) from the depth camera, size.

    Raises:
        SessionImportError: it is missing or holds something else.
    """
    if not path.is_file():
        raise SessionImportError(f"{path} is missing; it holds this camera's calibration, copy it from the database")
    values = _numbers(path, 27, "a matrix (9), distortion (4), rotation (9), translation (3) and size (2)")
    k, distortion = np.array(values[:9]).reshape(3, 3), values[9:13]
    width, height = values[25:]
    if not np.allclose(k[[0, 1, 2, 2, 2], [1, 0, 0, 1, 2]], [0, 0, 0, 0, 1]):
        raise SessionImportError(f"{path}: the camera matrix must be fx 0 cx / 0 fy cy / 0 0 1, found {k.tolist()}")
    # from the depth camera's axes to this camera's; a stream's extrinsics are the other way round
    rotation = _rotation(values[13:22], path)
    fx, fy, cx, cy = (float(k[at]) for at in ((0, 0), (1, 1), (0, 2), (1, 2)))
    try:
        intrinsics = Intrinsics(
            round(width), round(height), fx, fy, cx, cy, (*distortion, 0.0) if any(distortion) else ()
        )
        extrinsics = Extrinsics.from_arrays(rotation.T, 0.0 - rotation.T @ np.array(values[22:25]) / 1000)
    except DriverError as error:
        raise SessionImportError(f"{path} holds an impossible calibration: {error}") from error
    return Calibration(intrinsics, extrinsics, any(distortion))


def pose(path: Path) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """A pose file: the rotation (3, 3) from head axes to the depth camera's, and the head's centre in metres.

    Raises:
        SessionImportError: it holds something else.
    """
    values = _numbers(path, 12, "a rotation (9) and a centre (3)")
    x, y, z = (v / 1000 for v in values[9:])
    return _rotation(values[:9], path), (x, y, z)


def _numbers(path: Path, count: int, what: str) -> list[float]:
    try:
        values = [float(word) for word in image_files.read_bytes(path).decode("ascii").split()]
    except (UnicodeDecodeError, ValueError) as error:
        raise SessionImportError(f"{path} holds something else than numbers: {error}") from error
    if len(values) != count or not all(map(math.isfinite, values)):
        raise SessionImportError(f"{path} must hold {count} finite numbers, {what}; found {len(values)}")
    return values


def _rotation(values: list[float], path: Path) -> NDArray[np.float64]:
    """The rotation nearest to nine numbers of six digits."""
    found = np.array(values, np.float64).reshape(3, 3)
    u, _, vt = np.linalg.svd(found)
    nearest: NDArray[np.float64] = u @ vt
    if not np.allclose(nearest, found, atol=1e-3) or np.linalg.det(nearest) < 0:
        raise SessionImportError(f"{path}: {found.tolist()} is no rotation")
    return found if np.array_equal(found, np.eye(3)) else nearest
