"""Simple scenes (heads as ellipsoids on shoulders before a wall, by ray casting) and stand-ins for the models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics
from engines.loading import Models
from engines.models.depth_to_color import ColorResult, DepthToColor
from engines.models.face_landmarks import FaceLandmarks, LandmarkResult
from engines.models.gray_to_depth import GrayToDepth, ReliefResult
from pipeline.steps.head_template import HEAD_LANDMARKS_M

KINECT_2 = Intrinsics(512, 424, 365.0, 365.0, 255.5, 211.5)
KINECT_1 = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)

Person = tuple[float, float, float]


def room(
    camera: Intrinsics, people: Sequence[Person], wall_mm: float = 3500.0, noise_mm: float = 0.0
) -> NDArray[np.uint16]:
    """uint16 (H, W) mm: people whose head centres are at ``(x, y, z)`` metres, before a wall (0: nothing behind)."""
    rays = _rays(camera)
    z = np.full(rays.shape[:2], wall_mm / 1000.0 if wall_mm else np.inf)
    for x, y, d in people:
        for center, radii in (
            ((x, y, d), (0.075, 0.115, 0.095)),  # head
            ((x, y + 0.15, d + 0.02), (0.055, 0.1, 0.055)),  # neck
            ((x, y + 0.5, d + 0.03), (0.22, 0.3, 0.12)),  # chest
        ):
            z = np.minimum(z, _ellipsoid(rays, np.array(center), np.array(radii)))
    mm = np.where(np.isfinite(z), z * 1000.0, 0.0)
    if noise_mm:
        mm = np.where(mm > 0, mm + np.random.default_rng(7).normal(0.0, noise_mm, mm.shape), 0.0)
    return np.rint(mm).astype(np.uint16)


def _rays(camera: Intrinsics) -> NDArray[np.float64]:
    """(H, W, 3) lines of sight with z = 1."""
    v, u = np.mgrid[0 : camera.height, 0 : camera.width]
    x, y = (u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy
    if camera.has_distortion:
        x, y = np.moveaxis(camera.rays().astype(np.float64), -1, 0)
    return np.stack([x, y, np.ones(u.shape)], axis=-1)


def _ellipsoid(
    rays: NDArray[np.float64], center: NDArray[np.float64], radii: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Depth at which each ray (z = 1) first meets an ellipsoid; infinity where it does not."""
    a = ((rays / radii) ** 2).sum(axis=-1)
    b = (rays * center / radii**2).sum(axis=-1)
    c = ((center / radii) ** 2).sum() - 1.0
    root = b**2 - a * c
    return np.where(root > 0, (b - np.sqrt(np.maximum(root, 0.0))) / a, np.inf)


def thermal(width: int, height: int, faces: Sequence[tuple[float, float, float]]) -> NDArray[np.uint16]:
    """Counts in hundredths of a kelvin: faces ``(x, y, width)`` at 34 degrees, clothes at 26, a room at 21."""
    v, u = np.mgrid[0:height, 0:width]
    counts = np.full((height, width), 29_415.0)
    for x, y, w in faces:
        counts[(np.abs(u - x) < 1.4 * w) & (v > y + 0.95 * w)] = 29_915.0
        counts[(np.abs(u - x) < 0.35 * w) & (v > y) & (v < y + w)] = 30_600.0  # neck
        counts[((u - x) / (0.5 * w)) ** 2 + ((v - y) / (0.7 * w)) ** 2 < 1] = 30_715.0
    noise = np.random.default_rng(4).normal(0.0, 5.0, counts.shape)
    return np.rint(counts + noise).astype(np.uint16)


# -- stand-ins for the models: same calls, answers that depend on the pixels --------------------------------------


class StubCard:
    """Name and version, as a card has them."""

    name, version = "stub", "1"


class StubLandmarks:
    """Says "face" where the middle of a picture is bright, and puts an average frontal face into it.

    Of depth it says ``depth_shows``: nothing in these scenes tells a face from the back of a head there.
    """

    size = 128
    card = StubCard()

    def __init__(self, depth_shows: bool = False) -> None:
        self.depth_shows = depth_shows
        self.crops: list[NDArray[np.generic]] = []

    def many(
        self, crops: Sequence[NDArray[np.generic]], valids: Sequence[NDArray[np.bool_] | None]
    ) -> list[LandmarkResult]:
        return [self(crop, valid) for crop, valid in zip(crops, valids, strict=True)]

    def __call__(self, crop: NDArray[np.generic], valid: NDArray[np.bool_] | None = None) -> LandmarkResult:
        assert crop.shape == (128, 128)
        assert valid is None or valid.shape == (128, 128)
        self.crops.append(crop)
        is_depth = valid is not None and np.array_equal(valid, np.asarray(crop) > 0)
        shows = self.depth_shows if is_depth else float(np.asarray(crop[56:72, 56:72], np.float64).mean()) > 120
        middle, scale = (None if is_depth else _bright_head(np.asarray(crop))) or (np.full(2, 63.5), 128 / (0.32 * 1.1))
        points = HEAD_LANDMARKS_M[:, :2] * scale + middle
        return LandmarkResult(
            points=points.astype(np.float32),
            confidence=np.full(68, 0.9, np.float32),
            openness=np.array([0.25, 0.75], np.float32),
            presence=0.95 if shows else 0.02,
        )


def _bright_head(crop: NDArray[np.generic]) -> tuple[NDArray[np.float64], float] | None:
    """Where the middle of a bright (warm) head of 150 mm lies in a crop, and how many px a metre has there."""
    bright = crop > (150 if crop.dtype == np.uint8 else 30_650)
    _, labels = cv2.connectedComponents(bright.astype(np.uint8))
    if not labels[64, 64]:
        return None
    head = labels == labels[64, 64]
    widths = head.sum(axis=1)
    widest = np.flatnonzero(widths >= 0.97 * widths.max())
    rows, columns = np.nonzero(head[widest])
    return np.array([columns.mean(), widest[rows].mean()]), widths.max() / 0.15


class StubRelief:
    """A flat relief."""

    size = 96
    card = StubCard()

    def many(self, crops: Sequence[NDArray[np.uint8]]) -> list[ReliefResult]:
        return [self(crop) for crop in crops]

    def __call__(self, crop: NDArray[np.uint8]) -> ReliefResult:
        assert crop.shape == (96, 96)
        assert crop.dtype == np.uint8
        return ReliefResult(crop.copy(), np.zeros((96, 96), np.float32), np.ones((96, 96), np.float32))


class StubColor:
    """The depth code as gray."""

    size = 64
    card = StubCard()

    def many(self, codes: Sequence[NDArray[np.uint8]]) -> list[ColorResult]:
        return [self(code) for code in codes]

    def __call__(self, code: NDArray[np.uint8]) -> ColorResult:
        assert code.shape == (64, 64)
        return ColorResult(np.repeat(code[..., None], 3, axis=2))


def stub_models(depth_shows: bool = False) -> Models:
    """All three stand-ins; ``depth_shows``: whether depth looks like a face to the landmark model."""
    return Models(
        gray_to_depth=cast(GrayToDepth, StubRelief()),
        depth_to_color=cast(DepthToColor, StubColor()),
        face_landmarks=cast(FaceLandmarks, StubLandmarks(depth_shows)),
    )


def picture(camera: Intrinsics, people: Sequence[Person], backs: Sequence[int] = ()) -> NDArray[np.uint8]:
    """uint8 (H, W): bright heads before a checked gray wall; those whose index is in ``backs`` are dark."""
    out = (75 + np.indices((camera.height, camera.width)).sum(axis=0) // 6 % 2 * 30).astype(np.uint8)
    v, u = np.mgrid[0 : camera.height, 0 : camera.width]
    for index in sorted(range(len(people)), key=lambda i: -people[i][2]):
        x, y, z = people[index]
        if camera.has_distortion:
            head = _ellipsoid(_rays(camera), np.array((x, y, z)), np.array((0.075, 0.115, 0.095)))
            out[np.isfinite(head)] = 30 if index in backs else 200
            continue
        cx, cy = camera.project(np.array([[x, y, z]]))[0]
        inside = ((u - cx) / (0.075 * camera.fx / z)) ** 2 + ((v - cy) / (0.115 * camera.fy / z)) ** 2 < 1
        out[inside] = 30 if index in backs else 200
    return out
