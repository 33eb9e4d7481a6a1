"""From the light about two eyes (EyeSample) to what a camera's picture holds of it: spectacles' glare, lens, sensor."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment import MIRROR
from training.faces.eye_sample import HEIGHT, PIXELS_PER_MM, WIDTH

Plane = NDArray[np.float32]
SMALLEST, LARGEST = 0.15, 1.15
"""Pixels a mm at the eyes: 13 and 103 px between the outer corners of the eyes."""
SMALL, SMALL_SHARE = 0.35, 0.35
"""So many more pictures than by chance have at most so many pixels a mm: these are the hard ones."""
POINT_ERROR = 0.022
"""Deviation of an eye's points, as a share of the distance between the outer corners; both eyes' together as much."""


@dataclass(frozen=True)
class Take:
    """A picture of both eyes, and where its landmarks are.

    Attributes:
        picture: (H, W) uint8.
        points: (68, 2) in its pixels, pixel centers at integers.
        mirrored: whether right and left are swapped.
    """

    picture: NDArray[np.uint8]
    points: NDArray[np.float32]
    mirrored: bool


def photograph(
    light: Plane, glass: Plane, cover: Plane, points: NDArray[np.float32], rng: np.random.Generator, infrared: bool
) -> Take:
    """One picture of a sample by a camera, a lens and a light drawn at random.

    Args:
        light: (HEIGHT, WIDTH) linear, times `cover`.
        glass, cover: (HEIGHT, WIDTH) shares 0..1.
        points: (68, 2) landmarks, pixel centers at integers.
    """
    skin = float(np.percentile(light[cover > 0.5], 60)) if (cover > 0.5).any() else 1.0
    light = light / np.float32(max(skin, 1e-5))
    light = light + (1 - cover) * np.float32(rng.choice([0.02, rng.uniform(0, 1.2)]))
    if glass.any():
        light = _glare(light, glass, rng)
    if rng.random() < 0.3:  # a shade or a lamp's edge across the face
        light = light * _slope(rng, light.shape)
    if rng.random() < 0.08:
        light = _something_before(light, rng)
    largest = SMALL if rng.random() < SMALL_SHARE else LARGEST
    scale = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(largest)))) / PIXELS_PER_MM
    mirrored = bool(rng.random() < 0.5)
    picture, matrix = _resized(light, scale, rng, mirrored)
    seen = points @ matrix[:, :2].T + matrix[:, 2]
    if mirrored:
        seen = seen[MIRROR]
    exposed = _exposed(picture, rng, infrared)
    return Take(exposed, _as_read(seen, rng), mirrored)


def plain(light: Plane, cover: Plane, points: NDArray[np.float32], pixels_per_mm: float, seed: int) -> Take:
    """The same without any chance but a good camera's noise (validation)."""
    rng = np.random.default_rng(seed)
    skin = float(np.percentile(light[cover > 0.5], 60)) if (cover > 0.5).any() else 1.0
    light = light / np.float32(max(skin, 1e-5)) + (1 - cover) * np.float32(0.1)
    matrix = np.array([[1, 0, 0], [0, 1, 0]], np.float64) * (pixels_per_mm / PIXELS_PER_MM)
    picture = _warped(light, matrix, pixels_per_mm / PIXELS_PER_MM)
    counts = 120 * cv2.GaussianBlur(picture, (0, 0), 0.45)
    counts += rng.standard_normal(counts.shape, dtype=np.float32) * (0.5 + 0.06 * np.sqrt(np.clip(counts, 0, 255)))
    seen = points @ matrix[:, :2].T + matrix[:, 2]
    return Take(np.clip(counts, 0, 255).astype(np.uint8), seen.astype(np.float32), False)


def _as_read(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float32]:
    """Landmarks as wrong as a network's: each eye moved, all of them moved, turned and scaled together."""
    span = float(np.linalg.norm(points[36] - points[45]))
    center = points[36:48].mean(axis=0)
    turn, size = rng.normal(0, 0.035), np.exp(rng.normal(0, 0.05))
    rotation = size * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    read = (points - center) @ rotation.T + center + rng.normal(0, POINT_ERROR * span, 2)
    read[36:42] += rng.normal(0, POINT_ERROR * span, 2)
    read[42:48] += rng.normal(0, POINT_ERROR * span, 2)
    return read.astype(np.float32)


def _resized(light: Plane, scale: float, rng: np.random.Generator, mirrored: bool) -> tuple[Plane, NDArray[np.float64]]:
    """The light on a camera's grid, and the matrix (2, 3) from the sample's pixels to that grid's."""
    turn = np.deg2rad(np.clip(rng.normal(0, 6), -15, 15))
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ np.diag([float(np.exp(rng.normal(0.01, 0.04))), 1.0])
    if mirrored:
        linear = np.diag([-1.0, 1.0]) @ linear
    width, height = round(WIDTH * scale), round(HEIGHT * scale)
    middle = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
    target = np.array([(width - 1) / 2, (height - 1) / 2]) + rng.uniform(-0.5, 0.5, 2)
    matrix = np.column_stack([linear, target - linear @ middle])
    return _warped(light, matrix, scale), matrix


def _warped(light: Plane, matrix: NDArray[np.float64], scale: float) -> Plane:
    width, height = max(round(WIDTH * scale), 8), max(round(HEIGHT * scale), 6)
    if scale < 0.9:  # what falls into one pixel of the camera is averaged
        light = cv2.GaussianBlur(light, (0, 0), 0.42 / scale)
    cut = cv2.warpAffine(light, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.float32)


def _exposed(light: Plane, rng: np.random.Generator, infrared: bool) -> NDArray[np.uint8]:
    """What lens and sensor make of it, 0..255."""
    blur = rng.uniform(0.3, 0.75) if rng.random() < 0.85 else rng.uniform(0.75, 1.5)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), blur), np.float32)
    if rng.random() < 0.1:
        length = int(rng.integers(2, 5))
        kernel = np.zeros((length, length), np.float32)
        if rng.random() < 0.5:
            kernel[length // 2] = 1 / length
        else:
            kernel[:, length // 2] = 1 / length
        light = np.asarray(cv2.filter2D(light, -1, kernel), np.float32)
    if rng.random() < 0.3:
        light = light + np.float32(rng.uniform(0, 0.3))  # veiling glare
    level = rng.uniform(25, 210) if rng.random() < 0.88 else rng.uniform(210, 420)
    counts = light * np.float32(level)
    if rng.random() < 0.3:
        counts = counts / (1 + np.float32(rng.uniform(0.1, 0.6)) * counts / 255)
    grain = rng.standard_normal(counts.shape, dtype=np.float32)
    if rng.random() < 0.4:
        grain = np.asarray(1.6 * cv2.GaussianBlur(grain, (0, 0), 0.6), np.float32)
    read, shot = rng.uniform(0.2, 2.5), rng.uniform(0.03, 0.22 if infrared else 0.3)
    counts = np.clip(counts + grain * (read + shot * np.sqrt(np.clip(counts, 0, 255))), 0, 255)
    gamma = rng.choice([1.0, 1 / 2.2, 0.6]) if not infrared else rng.choice([1.0, 1.0, 0.6])
    if gamma != 1.0:
        counts = 255 * (counts / 255) ** np.float32(gamma)
    picture = counts.astype(np.uint8)
    if rng.random() < 0.12:
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))])[1]
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _slope(rng: np.random.Generator, shape: tuple[int, int]) -> Plane:
    coarse = rng.uniform(-1, 1, (3, 4)).astype(np.float32)
    field = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.exp(np.float32(rng.uniform(0.2, 0.9)) * field), np.float32)


def _glare(light: Plane, glass: Plane, rng: np.random.Generator) -> Plane:
    """Lamps, windows and the camera's own light mirrored in spectacles, and a haze over each of the glasses."""
    out = light
    if rng.random() < 0.3:
        out = out + glass * np.float32(rng.exponential(0.25))
    if rng.random() < 0.55:
        spots = np.zeros_like(light)
        rows, columns = np.nonzero(glass > 0.5)
        for _ in range(int(rng.integers(1, 5)) if len(rows) else 0):
            at = int(rng.integers(len(rows)))
            axes = np.exp(rng.uniform(np.log(1.0), np.log(16.0), 2))
            center = (int(columns[at]), int(rows[at]))
            strength = float(np.exp(rng.uniform(np.log(0.15), np.log(4.0))))
            spot = np.zeros_like(light)
            if rng.random() < 0.5:
                cv2.ellipse(spot, center, (round(axes[0]), round(axes[1])), rng.uniform(0, 180), 0, 360, strength, -1)
            else:
                box = cv2.boxPoints((center, (float(2 * axes[0]), float(2 * axes[1])), float(rng.uniform(0, 180))))
                cv2.fillPoly(spot, [box.astype(np.int32)], strength)
            spots = np.maximum(spots, cv2.GaussianBlur(spot, (0, 0), rng.uniform(0.5, 3.0)))
        out = out + spots * glass
    return np.asarray(out, np.float32)


def _something_before(light: Plane, rng: np.random.Generator) -> Plane:
    """A finger, a strand of hair, a sleeve: something plain before a part of it."""
    mask = np.zeros(light.shape, np.float32)
    center = (float(rng.uniform(0, WIDTH)), float(rng.uniform(0, HEIGHT)))
    sides = (float(rng.uniform(4, 60)), float(rng.uniform(20, 120)))
    box = cv2.boxPoints((center, sides, float(rng.uniform(0, 180))))
    cv2.fillPoly(mask, [box.astype(np.int32)], 1.0)
    return np.asarray(light * (1 - mask) + mask * np.float32(rng.uniform(0.05, 1.5)), np.float32)
