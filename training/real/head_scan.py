"""head_scan: one real head as a mesh with its colours, drawn in several poses: depth and picture that go together.

It is one person without hair on a bust; what it adds to the recordings is depth without noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real.crops import Head, find_head
from training.real.data import RealDataError

FX = 525.0
WIDTH, HEIGHT = 640, 480
DISTANCE_MM = 800.0
UNIT_MM = 48.0
"""One unit of the file, so that the outer eye corners are 92 mm apart (measured on its frontal picture)."""
FACE_CENTER = np.array([0.0, 1.4, 0.3])
"""Between the ears, in the file's units: the head turns about it."""
FACE_FRONT_MM = 90.0
"""The face lies about so far before that point."""
VIEWS = ((0, 0), (-20, 0), (20, 0), (-40, 0), (40, 0), (0, -20), (0, 20), (-20, 15), (20, -15))
"""Yaw and pitch in degrees."""


@dataclass(frozen=True)
class Scan:
    """points (N, 3) mm, x right, y down, z away; triangles (M, 3); uv (N, 2) px of the colour picture (BGR)."""

    points: NDArray[np.float32]
    triangles: NDArray[np.int32]
    uv: NDArray[np.float32]
    bgr: NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """One drawn picture: BGR before a blurred background, depth in mm (the wall behind included), and the head."""

    bgr: NDArray[np.uint8]
    depth_mm: NDArray[np.uint16]
    head: Head


def load_scan(data: Path) -> Scan | None:
    """None where the scan is not there. Raises RealDataError for a file that cannot be read."""
    path = data / "head_scan" / "LeePerrySmith_decoded.obj"
    if not path.is_file():
        return None
    colors = cv2.imread(str(path.with_name("color.jpg")), cv2.IMREAD_COLOR)
    if colors is None:
        raise RealDataError(f"{path.with_name('color.jpg')} is missing or no picture; fetch the scan again")
    points, uv, corners = [], [], []
    try:
        for line in path.read_text("utf-8").splitlines():
            words = line.split()
            if line.startswith("v "):
                points.append([float(word) for word in words[1:4]])
            elif line.startswith("vt "):
                uv.append([float(word) for word in words[1:3]])
            elif line.startswith("f "):
                corners.append([int(word.split("/")[0]) - 1 for word in words[1:4]])
    except ValueError as error:
        raise RealDataError(f"{path} is no OBJ file of triangles ({error}); fetch the scan again") from error
    if not points or len(points) != len(uv) or not corners:
        raise RealDataError(f"{path} holds {len(points)} points and {len(uv)} texture points; fetch the scan again")
    moved = (
        (np.array(points, np.float32) - FACE_CENTER.astype(np.float32)) * UNIT_MM * np.array([1, -1, -1], np.float32)
    )
    place = np.array(uv, np.float32) * (1, -1) + (0, 1)
    size = np.array([colors.shape[1], colors.shape[0]], np.float32)
    return Scan(moved.astype(np.float32), np.array(corners, np.int32), (place * size).astype(np.float32), colors)


def draw(scan: Scan, yaw_deg: float, pitch_deg: float) -> View:
    """The head turned by yaw and pitch, lit from the camera, 800 mm away.

    Raises:
        ImportError: numba is not installed (extra "train").
    """
    from training.faces.rasterizer import project, rasterize

    yaw, pitch = np.radians([yaw_deg, pitch_deg])
    turn_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    turn_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    posed = scan.points @ (turn_y @ turn_x).T.astype(np.float32) + np.array(
        [0, 0, DISTANCE_MM + FACE_FRONT_MM], np.float32
    )
    posed = posed.astype(np.float32)
    flat = project(posed, np.array([FX, FX, WIDTH / 2, HEIGHT / 2], np.float32))
    depth, nearest = rasterize(flat, scan.triangles, HEIGHT, WIDTH)
    rows, columns = np.nonzero(nearest >= 0)
    corners = scan.triangles[nearest[rows, columns]]
    weights = _weights(flat[corners][..., :2], columns, rows) / flat[corners][..., 2]
    weights /= weights.sum(axis=1, keepdims=True)
    uv = (scan.uv[corners] * weights[..., None]).sum(axis=1).astype(np.float32)
    color = cv2.remap(scan.bgr, uv[None, :, 0], uv[None, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
    edge = np.cross(posed[corners[:, 1]] - posed[corners[:, 0]], posed[corners[:, 2]] - posed[corners[:, 0]])
    facing = np.abs(edge[:, 2]) / np.maximum(np.linalg.norm(edge, axis=1), 1e-6)
    picture = _background()
    picture[rows, columns] = np.clip(color * (0.35 + 0.75 * facing[:, None]), 0, 255)
    z = np.where(nearest >= 0, np.where(np.isfinite(depth), depth, 0), 2500.0)
    whole = np.round(z).astype(np.uint16)
    head = find_head(np.where(nearest >= 0, whole, 0), FX)
    return View(cv2.GaussianBlur(picture, (3, 3), 0.6), whole, head)


def _weights(corners: NDArray, x: NDArray, y: NDArray) -> NDArray[np.float64]:
    """Barycentric weights (P, 3) of pixels in their triangles (P, 3, 2)."""
    a, b, c = (corners[:, i].astype(float) for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    second = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (y - a[:, 1])) / area
    third = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (x - a[:, 0]) * (b[:, 1] - a[:, 1])) / area
    return np.stack([1 - second - third, second, third], axis=1)


def _background() -> NDArray[np.uint8]:
    """A blurred room of random patches, always the same."""
    random = np.random.default_rng(0)
    patches = (random.integers(40, 180, (12, 16, 1)) + random.integers(0, 30, (12, 16, 3))).astype(np.uint8)
    return cv2.GaussianBlur(cv2.resize(patches, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), (0, 0), 8)
