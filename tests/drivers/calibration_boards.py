"""Pictures of a calibration board through a known camera, drawn ray by ray: for tests of calibration."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board, ink
from drivers.frame import Extrinsics, Intrinsics

FloatArray = NDArray[np.float64]
INCH_MM = 25.4


@dataclass(frozen=True)
class Hold:
    """How the board is held: its middle in the rig (m) and its turns (degrees) about x, y and z."""

    x: float
    y: float
    z: float
    about_x: float = 0.0
    about_y: float = 0.0
    about_z: float = 0.0

    def rotation(self) -> FloatArray:
        turns = [np.radians([self.about_x, 0, 0]), np.radians([0, self.about_y, 0]), np.radians([0, 0, self.about_z])]
        rx, ry, rz = (np.asarray(cv2.Rodrigues(turn)[0]) for turn in turns)
        return np.asarray(ry @ rx @ rz)


@functools.lru_cache(maxsize=8)
def _rays(lens: Intrinsics, samples: int) -> FloatArray:
    """(N, 3), row by row, ``samples`` x ``samples`` a pixel."""
    step = (np.arange(samples) + 0.5) / samples - 0.5
    v, u = np.meshgrid(
        (np.arange(lens.height)[:, None] + step).ravel(), (np.arange(lens.width)[:, None] + step).ravel(), indexing="ij"
    )
    return lens.back_project(np.stack([u.ravel(), v.ravel()], axis=1), 1.0, undistort=True)


def see(
    board: Board,
    hold: Hold,
    lens: Intrinsics,
    place: Extrinsics | None = None,
    *,
    samples: int = 3,
    blur_px: float = 0.6,
    noise: float = 2.0,
    levels: tuple[float, float, float] = (30.0, 220.0, 110.0),
    seed: int = 0,
) -> NDArray[Any]:
    """(H, W) float: ink, paper and background as ``levels``, ``samples`` x ``samples`` rays a pixel, blur and noise."""
    place = place or Extrinsics()
    rays = _rays(lens, samples) @ place.matrix().T
    turn, middle = hold.rotation(), np.array([hold.x, hold.y, hold.z])
    width, height = board.extent_mm()
    from_board = np.array(place.translation_m) - middle
    direction, start = rays @ turn, from_board @ turn
    with np.errstate(all="ignore"):
        t = -start[2] / direction[:, 2]
        x = (start[0] + t * direction[:, 0]) * 1000 + width / 2
        y = (start[1] + t * direction[:, 1]) * 1000 + height / 2
    x, y = (np.where(np.isfinite(p) & (t > 0), p, -1e6) for p in (x, y))
    margin = board.square_mm
    paper = (x > -margin) & (y > -margin) & (x < width + margin) & (y < height + margin)
    black, white, around = levels
    shade = np.where(paper, white, around)
    shade[ink(board, x, y)] = black
    picture = shade.reshape(lens.height, samples, lens.width, samples).mean(axis=(1, 3))
    picture = cv2.GaussianBlur(picture, (0, 0), blur_px)
    return picture + np.random.default_rng(seed).normal(0, noise, picture.shape)


def as_gray(picture: NDArray[Any]) -> NDArray[np.uint8]:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def holds(board: Board, lens: Intrinsics, count: int = 20, seed: int = 1, fill: float = 0.55) -> list[Hold]:
    """So that the board goes all over the picture, tilted every way, near and far."""
    rng = np.random.default_rng(seed)
    width, height = board.extent_mm()
    out = []
    for i in range(count):
        near = fill * rng.uniform(0.75, 1.15)
        z = lens.fx * (width / 1000) / (near * lens.width)
        z = max(z, lens.fy * (height / 1000) / (near * lens.height))
        room_x = max(0.0, lens.width * (1 - near) / 2) * 0.9
        room_y = max(0.0, lens.height * (1 - near * (height / width) * lens.width / lens.height) / 2) * 0.9
        u = (i % 3 - 1) * room_x * rng.uniform(0.7, 1.0)
        v = (i // 3 % 3 - 1) * room_y * rng.uniform(0.7, 1.0)
        tilt = rng.uniform(15, 40, 2) * rng.choice([-1, 1], 2) * (rng.random(2) < 0.8)
        out.append(
            Hold(u * z / lens.fx, v * z / lens.fy, z, float(tilt[0]), float(tilt[1]), float(rng.uniform(-25, 25)))
        )
    return out
