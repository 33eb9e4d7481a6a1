"""A scene of a wall, a board and a ball, as any camera of a rig would see it: the truth that registration meets."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Extrinsics, Intrinsics, StreamInfo, StreamKind

Array = NDArray[np.float64]

WALL_Z, WALL_SLOPE = 2.4, 0.15
BOARD = (-0.35, 0.05, -0.2, 0.25, 1.1)
"""x from, x to, y from, y to, z, metres."""
BALL = (0.14, -0.03, 0.75, 0.13)
"""Centre and radius."""


def camera(
    name: str,
    width: int,
    height: int,
    f: float,
    *,
    at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0),
    distortion: tuple[float, ...] = (),
    model: str = "brown_conrady",
) -> StreamInfo:
    """A stream of such a camera: depth where it is called so, else colour."""
    turned = np.asarray(cv2.Rodrigues(np.radians(turn_deg))[0], np.float64)
    lens = Intrinsics(width, height, f, f * 1.01, (width - 1) / 2 + 3, (height - 1) / 2 - 2, distortion, model)
    is_depth = name == "depth"
    return StreamInfo(
        name,
        StreamKind.DEPTH if is_depth else StreamKind.COLOR,
        width,
        height,
        "uint16" if is_depth else "uint8",
        30.0,
        unit_m=0.001 if is_depth else None,
        intrinsics=lens,
        extrinsics=Extrinsics.from_arrays(turned, at),
    )


def rays(info: StreamInfo) -> Array:
    """Where every pixel looks, (H, W, 3), z = 1, on the camera's own axes."""
    assert info.intrinsics is not None
    v, u = np.mgrid[0 : info.height, 0 : info.width]
    flat = np.stack([u.ravel(), v.ravel()], axis=1).astype(np.float64)
    return info.intrinsics.back_project(flat, 1.0, undistort=True).reshape(info.height, info.width, 3)


BARS_MM = tuple(round(600 * 1.08**k) for k in range(22))
"""Of upright bars: so far apart that each is known by its depth, whichever camera tells it."""


@dataclass(frozen=True)
class Seen:
    """What a camera sees: ``z_m`` along its axis and the ``points`` in the rig, per pixel; NaN where its lens ends."""

    z_m: Array
    points: Array

    def depth(self) -> NDArray[np.uint16]:
        """As a depth camera gives it: whole millimetres, 0 = no reading."""
        out: NDArray[np.uint16] = np.nan_to_num(np.rint(self.z_m * 1000.0), nan=0.0).clip(0, 65535).astype(np.uint16)
        return out


def look(info: StreamInfo) -> Seen:
    """The scene through one camera."""
    along = rays(info)
    eye = np.array(info.extrinsics.translation_m)
    d = along @ info.extrinsics.matrix().T
    with np.errstate(divide="ignore", invalid="ignore"):
        best = (WALL_Z - eye[2] + WALL_SLOPE * eye[0]) / (d[..., 2] - WALL_SLOPE * d[..., 0])
        best[best <= 0] = np.nan
        x0, x1, y0, y1, z = BOARD
        s = (z - eye[2]) / d[..., 2]
        x, y = eye[0] + s * d[..., 0], eye[1] + s * d[..., 1]
        on_board = (s > 0) & (x > x0) & (x < x1) & (y > y0) & (y < y1)
        best = np.where(on_board & (s < best), s, best)
        center, radius = np.array(BALL[:3]) - eye, BALL[3]
        a, b = (d * d).sum(-1), d @ center
        root = b * b - a * (center @ center - radius**2)
        s = (b - np.sqrt(root)) / a
        best = np.where((root > 0) & (s > 0) & (s < best), s, best)
    return Seen(best, eye + d * best[..., None])


def visible(points: Array, info: StreamInfo, seen: Seen, slack: float = 0.02) -> NDArray[np.bool_]:
    """Which rig points (H, W, 3) another camera sees: nothing stands before them there, and they are in its picture."""
    assert info.intrinsics is not None
    own = info.extrinsics.from_rig(points.reshape(-1, 3))
    u, v = np.rint(info.intrinsics.project(own, distort=True)).T
    inside = (u >= 0) & (u < info.width) & (v >= 0) & (v < info.height)
    at = np.where(inside, v * info.width + u, 0).astype(np.int64)
    there = seen.z_m.ravel()[at]
    return np.asarray(inside & (own[:, 2] <= there * (1 + slack))).reshape(points.shape[:2])


def bars(depth: StreamInfo) -> NDArray[np.uint16]:
    """Upright bars at distances of their own, nothing between them."""
    out = np.zeros((depth.height, depth.width), np.uint16)
    step = depth.width // len(BARS_MM)
    for i, k in enumerate(np.random.default_rng(1).permutation(len(BARS_MM))):
        out[20:-20, i * step + step // 4 : i * step + 3 * step // 4] = BARS_MM[k]
    return out


def bar_distances(a: NDArray[np.uint16], b: NDArray[np.uint16]) -> NDArray[np.float64]:
    """How far apart the same bar's middles lie in two images, every row of every bar that both show whole, px."""
    columns = np.arange(a.shape[1])
    found = []
    for mm in BARS_MM:
        middles = []
        for image in (a, b):
            mine = np.abs(image / mm - 1.0) < 0.035
            count = mine.sum(axis=1)
            middles.append(np.where(count > 1, (mine * columns).sum(axis=1) / np.maximum(count, 1), np.nan))
            middles[-1][mine[:, 0] | mine[:, -1]] = np.nan
        apart = np.abs(middles[0] - middles[1])
        found.append(apart[np.isfinite(apart)])
    return np.concatenate(found)
