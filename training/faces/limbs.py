"""Arms, hips and legs: whole people, as cameras see them from across a room.

Everything is in the model's coordinates (cm, y up, z out of the face) of a person who stands upright.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.faces.materials import Material, Patch, tube, uniform_patch

SHOULDER = np.array([18.5, -18.5, -1.0])
HANGING = ([23.0, -26.0, -1.0], [26.0, -45.0, -1.0], [25.0, -68.0, 3.0])
FOLDED = ([23.0, -26.0, 0.0], [27.0, -44.0, 1.0], [-7.0, -41.0, 19.0])
TOGETHER = ([23.0, -26.0, 0.0], [27.0, -47.0, 2.0], [3.0, -67.0, 18.0])
ON_HIP = ([24.0, -27.0, -2.0], [37.0, -46.0, -8.0], [20.0, -60.0, 4.0])
RAISED = ([27.0, -22.0, 4.0], [36.0, -30.0, 14.0], [26.0, -6.0, 24.0])
"""Ways to hold an arm: the middle of the upper arm, the elbow and the hand; x is outward."""
WAYS = ((HANGING, 0.4), (FOLDED, 0.16), (TOGETHER, 0.22), (ON_HIP, 0.1), (RAISED, 0.12))
CLOTH_GRAIN = (0.5, 1.0, 0.5)


def limbs(skin: NDArray[np.float32], ambient_celsius: float, rng: np.random.Generator) -> list[Patch]:
    """Return both arms (sleeves of any length), hips and legs, standing or sitting.

    Args:
        skin: (3,) linear reflectance of bare arms.
    """
    color, nir = _cloth(rng)
    patches = []
    way = WAYS[rng.choice(len(WAYS), p=[share for _, share in WAYS])][0]
    sleeve = rng.choice([0.25, 0.45, 0.9])
    cloth_celsius, skin_celsius = ambient_celsius + rng.uniform(3, 9), rng.uniform(29.5, 33.5)
    for side in (-1, 1):
        if rng.random() < 0.25:
            way = WAYS[rng.choice(len(WAYS), p=[share for _, share in WAYS])][0]
        path = np.array([SHOULDER, *way]) + rng.normal(0, [0.4, 0.8, 0.8], (4, 3))
        path[:, 0] *= side
        dense, at = _dense(path, 30)
        radius = np.interp(at, [0, 0.15, 0.5, 1], [5.5, 6.0, 4.6, 3.3]) * rng.uniform(0.85, 1.2)
        covered = at <= sleeve
        covered[:3] = True
        last = int(covered.sum())
        points, triangles = tube(dense[:last], radius[:last] + 0.5, 12)
        patches.append(uniform_patch(points, triangles, Material.CLOTH, color, nir, cloth_celsius, 0.008, CLOTH_GRAIN))
        bare = slice(max(last - 1, 0), len(dense))
        points, triangles = tube(np.vstack([dense[bare], dense[-1] + 0.01]), np.append(radius[bare], 0.5), 12)
        patches.append(uniform_patch(points, triangles, Material.HAND, skin, 0.5, skin_celsius, 0.03))
    return patches + _legs(ambient_celsius, rng)


def _legs(ambient_celsius: float, rng: np.random.Generator) -> list[Patch]:
    color, nir = _cloth(rng)
    celsius = ambient_celsius + rng.uniform(2, 8)
    wide = rng.uniform(0.85, 1.2)
    hips = np.array([[0.0, -55.0, -0.5], [0.0, -66.0, -0.5], [0.0, -78.0, -0.5], [0.0, -83.0, -0.5]])
    points, triangles = tube(hips, np.array([13.0, 14.5, 14.5, 6.0]), 20)
    points = (points - hips[0]) * [1.35 * wide, 1.0, 0.9] + hips[0]
    patches = [uniform_patch(points, triangles, Material.CLOTH, color, nir, celsius, 0.008, CLOTH_GRAIN)]
    sits = rng.random() < 0.3
    for side in (-1, 1):
        apart = rng.uniform(0.8, 1.6)
        if sits:
            path = np.array([[9.0, -76, 0], [11.0 * apart, -75, 24], [12.0 * apart, -77, 42], [11.0, -118, 44]])
        else:
            path = np.array([[8.5, -76, 0], [9.0 * apart, -100, 1], [9.0 * apart, -122, 0], [9.5 * apart, -158, -2]])
        path = path + rng.normal(0, 0.8, (4, 3))
        path[:, 0] *= side
        dense, at = _dense(path, 24)
        radius = np.interp(at, [0, 0.4, 1], [9.0, 7.5, 5.2]) * wide
        points, triangles = tube(dense, radius, 12)
        patches.append(uniform_patch(points, triangles, Material.CLOTH, color, nir, celsius, 0.008, CLOTH_GRAIN))
    return patches


def _cloth(rng: np.random.Generator) -> tuple[tuple[float, float, float], float]:
    """Any colour and near-infrared reflectance."""
    red, green, blue = rng.uniform(0.02, 0.75) ** 1.4 * rng.uniform(0.4, 1.0, 3)
    return (float(red), float(green), float(blue)), float(rng.uniform(0.08, 0.7))


def _dense(path: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`count` points evenly along a path through (K, 3) points, slightly rounded, and where each lies in 0..1."""
    steps = np.linspace(0, len(path) - 1, count)
    dense = np.stack([np.interp(steps, np.arange(len(path)), path[:, k]) for k in range(3)], axis=1)
    smooth = dense.copy()
    smooth[1:-1] = (dense[:-2] + dense[1:-1] + dense[2:]) / 3
    return smooth, steps / (len(path) - 1)
