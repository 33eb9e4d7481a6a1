"""A coat with sleeves, trousers and a seat belt: what people at night wear, in one colour that fits together.

All in the face model's coordinates (cm, y up, z out of the face) of a person who stands or sits upright.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from training.faces.materials import (
    BLUE,
    CELSIUS,
    NIR,
    RED,
    Material,
    Patch,
    grid_patch,
    tube,
    uniform_patch,
)
from training.faces.rasterizer import vertex_normals
from training.faces.scene import Figure, Rig, on_body, with_surroundings

BELOW_HEAD_MM = 60.0
"""Cloth lower than this below the head centre is clothing of the body."""
WEAVE = (5.0, 5.0, 5.0)
SQUARENESS = 2.3

HEIGHT = (-10.6, -12.0, -13.6, -15.2, -17.0, -19.5, -23.0, -28.0, -38.0, -52.0, -66.0)
HALF_WIDTH = (7.5, 7.6, 8.8, 11.8, 15.2, 17.2, 17.6, 17.4, 17.0, 17.8, 19.0)
HALF_DEPTH = (7.6, 7.8, 8.3, 9.2, 10.3, 11.2, 12.2, 12.8, 12.8, 13.2, 14.0)
MIDDLE_Z = (-0.6, -0.6, -0.6, -0.8, -1.0, -1.0, -0.7, -0.3, 0.0, 0.0, 0.0)
"""The coat's cross sections from the collar down."""


class Arms(Enum):
    """Where the sleeves go; points outward, from the shoulder on."""

    HANGING = ([10.0, -18.2, 0.0], [17.0, -21.8, 1.8], [20.2, -36.0, 2.4], [20.8, -50.0, 4.0], [18.0, -61.0, 9.5])
    WHEEL = ([10.0, -18.2, 0.0], [17.0, -21.8, 2.0], [20.2, -34.0, 4.5], [20.0, -45.0, 14.0], [14.0, -49.0, 33.0])


@dataclass(frozen=True)
class Cloth:
    """What a garment is made of: linear colour, near-infrared reflectance, how much warmer than the air it is."""

    color: tuple[float, float, float]
    nir: float
    warmer: float = 5.0


def coat(cloth: Cloth, ambient_celsius: float, arms: Arms, seed: int) -> list[Patch]:
    """Return the body of a closed coat with a collar and a zip, and its sleeves."""
    rng = np.random.default_rng([seed, 61])
    rows, columns = 46, 97
    around = np.linspace(0, 2 * np.pi, columns)
    steps = np.linspace(0, len(HEIGHT) - 1, rows)

    def ring(values: tuple[float, ...]) -> NDArray[np.float64]:
        return np.interp(steps, np.arange(len(values)), values)[:, None]

    height = ring(HEIGHT)
    power = 2.0 / SQUARENESS
    across = np.sign(np.sin(around)) * np.abs(np.sin(around)) ** power
    ahead = np.sign(np.cos(around)) * np.abs(np.cos(around)) ** power
    # Folds run down and aslant; they are deepest below the chest.
    depth = 0.012 * np.clip((-14.0 - height) / 12.0, 0, 1)
    phases = rng.uniform(0, 2 * np.pi, 4)
    turns = (5, 8, 13, 3)
    slopes = rng.normal(0, 0.16, 4)
    folds = sum(np.sin(n * around + s * height + p) for n, s, p in zip(turns, slopes, phases, strict=True))
    swell = 1 + depth * np.asarray(folds)
    points = np.stack(
        [
            ring(HALF_WIDTH) * across * swell,
            np.broadcast_to(height, (rows, columns)),
            ring(MIDDLE_Z) + ring(HALF_DEPTH) * ahead * swell,
        ],
        axis=-1,
    )
    grid, triangles = grid_patch(points)
    body = _cloth(grid, triangles, cloth, ambient_celsius)
    front = grid[:, 2] > 2.0
    zip_line = front & (np.abs(grid[:, 0]) < 0.75)
    body.attributes[zip_line, RED : NIR + 1] *= 0.55
    collar = grid[:, 1] > -12.4
    body.attributes[collar, RED : NIR + 1] *= 0.8
    body.attributes[collar, CELSIUS] += 2.0  # warmed by the neck
    chest = np.exp(-((grid[:, 1] + 24) ** 2) / 150.0) * front
    body.attributes[:, CELSIUS] += 0.8 * chest
    return [body, *_sleeves(cloth, ambient_celsius, arms, rng)]


def trousers(cloth: Cloth, ambient_celsius: float) -> list[Patch]:
    """Return the legs of somebody who stands."""
    patches = []
    for side in (-1, 1):
        path = _dense(np.array([[9.0, -58, 0], [9.5, -80, 0.5], [9.5, -105, 1], [9.5, -155, -1]]), 30)
        path[:, 0] *= side
        radius = np.interp(np.linspace(0, 1, 30), [0, 0.4, 1], [10.5, 8.5, 6.0])
        points, triangles = tube(path, radius, 20)
        patches.append(_cloth(points, triangles, cloth, ambient_celsius))
    return patches


def belt(ambient_celsius: float) -> Patch:
    """Return a seat belt 5 cm wide over a coat, from behind the own left shoulder to the right hip."""
    t = np.linspace(0, 1, 50)
    over = np.stack([14.0 - 26.0 * t, -16.4 - 36.0 * t], axis=1)
    along = np.array([-26.0, -36.0]) / np.hypot(26, 36)
    sideways = np.array([-along[1], along[0]])
    rows = []
    for offset in (-2.5, 0.0, 2.5):
        edge = over + offset * sideways
        rows.append(np.column_stack([edge, coat_front(edge[:, 0], edge[:, 1]) + 0.7]))
    behind = np.array([[0.0, 0.0, -2.2], [0.6, 1.0, -5.5], [1.8, 2.6, -12.0]])[::-1]  # up and back to the pillar
    rows = [np.vstack([row[0] + behind, row]) for row in rows]
    points, triangles = grid_patch(np.stack(rows))
    return uniform_patch(points, triangles, Material.CLOTH, (0.03, 0.03, 0.035), 0.16, ambient_celsius + 3, 0.03, WEAVE)


def coat_front(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the front of the coat's body lies (z, cm) at `x`, `y`; at its side where it is narrower."""
    order = slice(None, None, -1)
    width, depth, middle = (np.interp(y, HEIGHT[order], v[order]) for v in (HALF_WIDTH, HALF_DEPTH, MIDDLE_Z))
    inside = np.clip(1 - np.abs(np.asarray(x) / width) ** SQUARENESS, 0.0, 1.0)
    front: NDArray[np.float64] = middle + depth * inside ** (1 / SQUARENESS)
    return front


def dressed(
    rig: Rig, figure: Figure, pose_deg: tuple[float, float, float], body_turn: float, clothes: list[Patch]
) -> Figure:
    """Return the figure in other clothes: what it wears below the head goes, `clothes` stand round the same neck.

    Args:
        pose_deg: the head's yaw, pitch and roll that the figure was posed with.
        body_turn: share of the yaw that the shoulders follow.
    """
    placed = on_body(rig, figure, clothes, pose_deg, body_turn)
    return with_surroundings(_undressed(figure), placed)


def _undressed(figure: Figure) -> Figure:
    lowest = figure.points[figure.triangles, 1].min(axis=1)
    body = (figure.material == Material.CLOTH) & (lowest > figure.head_center_mm[1] + BELOW_HEAD_MM)
    triangles = figure.triangles[~body]
    normals = vertex_normals(figure.points, triangles)
    used = np.zeros(len(figure.points), bool)
    used[triangles.ravel()] = True
    return replace(
        figure,
        triangles=triangles,
        material=figure.material[~body],
        normals=np.where(used[:, None], figure.normals, normals),
    )


def _sleeves(cloth: Cloth, ambient_celsius: float, arms: Arms, rng: np.random.Generator) -> list[Patch]:
    patches = []
    for side in (-1, 1):
        path = _dense(np.array(arms.value), 44)
        path[:, 0] *= side
        share = np.linspace(0, 1, 44)
        radius = np.interp(share, [0, 0.22, 0.45, 0.75, 1], [5.0, 6.9, 6.3, 5.5, 4.8])
        wrinkles = np.interp(share, np.linspace(0, 1, 15), rng.normal(0, 0.03, 15)) * np.clip(share * 5 - 1, 0, 1)
        points, triangles = tube(path, radius * (1 + wrinkles), 28)
        patches.append(_cloth(points, triangles, cloth, ambient_celsius))
    return patches


def _cloth(points: NDArray[np.floating], triangles: NDArray[np.int32], cloth: Cloth, ambient_celsius: float) -> Patch:
    patch = uniform_patch(
        points, triangles, Material.CLOTH, cloth.color, cloth.nir, ambient_celsius + cloth.warmer, 0.008, WEAVE
    )
    # Seams and folds collect shadow; worn cloth is not of one shade.
    shade = 1 + 0.05 * np.sin(0.9 * points[:, 0]) * np.sin(0.45 * points[:, 1] + 0.3 * points[:, 2])
    patch.attributes[:, RED : BLUE + 1] *= shade[:, None]
    patch.attributes[:, NIR] *= shade
    return patch


def _dense(path: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` points along a path through (K, 3) points, its corners rounded."""
    steps = np.linspace(0, len(path) - 1, count)
    dense = np.stack([np.interp(steps, np.arange(len(path)), path[:, k]) for k in range(3)], axis=1)
    for _ in range(6):
        dense[1:-1] = (dense[:-2] + dense[1:-1] + dense[2:]) / 3
    return dense
