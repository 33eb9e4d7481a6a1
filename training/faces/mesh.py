"""A small head-like mesh made in code, so that the rig can be tried where the face model is not found.

It has the interface of the real model (parts, 68 landmarks, a few identity and expression modes) and roughly its
proportions, but it is an egg with a nose: good for tests, of no use for training.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.faces.model import FaceModel

RINGS, COLUMNS = 97, 128

_HALF_FACE = {
    # landmark on the person's right or in the middle: (x, y) in cm, y up
    0: (-7.2, 3.6), 1: (-7.1, 1.5), 2: (-6.8, -0.5), 3: (-6.2, -2.4), 4: (-5.3, -4.4), 5: (-4.1, -5.9),
    6: (-2.9, -6.8), 7: (-1.5, -7.2), 8: (0.0, -7.4),
    17: (-5.7, 5.2), 18: (-4.8, 5.9), 19: (-3.7, 6.2), 20: (-2.4, 6.1), 21: (-1.2, 5.8),
    27: (0.0, 3.7), 28: (0.0, 2.6), 29: (0.0, 1.6), 30: (0.0, 0.4),
    31: (-1.3, -1.1), 32: (-0.65, -1.2), 33: (0.0, -1.3),
    36: (-4.5, 3.4), 37: (-3.8, 3.85), 38: (-2.7, 3.9), 39: (-1.8, 3.3), 40: (-2.7, 3.0), 41: (-3.8, 2.95),
    48: (-2.5, -3.5), 49: (-1.7, -2.8), 50: (-0.7, -2.4), 51: (0.0, -2.5), 57: (0.0, -4.4), 58: (-1.0, -4.3),
    59: (-1.8, -4.0), 60: (-2.1, -3.5), 61: (-1.0, -3.3), 62: (0.0, -3.3), 66: (0.0, -3.5), 67: (-1.0, -3.5),
}  # fmt: skip
_MIRROR = {
    **{i: 16 - i for i in range(8)}, **{i: 43 - i for i in range(17, 22)}, 31: 35, 32: 34,
    36: 45, 37: 44, 38: 43, 39: 42, 40: 47, 41: 46, 48: 54, 49: 53, 50: 52, 58: 56, 59: 55, 60: 64, 61: 63, 67: 65,
}  # fmt: skip


@lru_cache(maxsize=1)
def head_like_mesh() -> FaceModel:
    """Return the mesh: about 12,500 vertices, 4 identity modes, blinks, jaw and smile."""
    polar = np.linspace(0.0, np.pi, RINGS)[:, None]
    around = np.linspace(-np.pi, np.pi, COLUMNS, endpoint=False)[None]  # 0 is the face
    x = 7.6 * np.sin(polar) * np.sin(around)
    y = 3.2 + 11.2 * np.cos(polar) + 0 * around
    z = 1.5 + 9.3 * np.sin(polar) * np.cos(around)
    skin = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    front = skin[:, 2] > 3
    squared = lambda cx, cy, sx, sy: ((skin[:, 0] - cx) / sx) ** 2 + ((skin[:, 1] - cy) / sy) ** 2  # noqa: E731 - three uses
    skin[:, 2] += front * (2.2 * np.exp(-squared(0, 0.6, 0.9, 1.2)) - 0.7 * np.exp(-squared(-3.1, 3.4, 1.6, 1.0)))
    skin[:, 2] -= front * 0.7 * np.exp(-squared(3.1, 3.4, 1.6, 1.0))
    neck = skin[:, 1] < -7.6
    skin[neck, 2] -= 1.0

    number = np.arange(RINGS * COLUMNS).reshape(RINGS, COLUMNS)
    nxt = np.roll(number, -1, axis=1)
    a, b, c, d = number[:-1].ravel(), nxt[:-1].ravel(), number[1:].ravel(), nxt[1:].ravel()
    triangles = np.concatenate([np.stack([a, c, b], axis=1), np.stack([b, c, d], axis=1)])

    targets = np.zeros((68, 2))
    for mark, (u, v) in _HALF_FACE.items():
        targets[mark] = u, v
        if mark in _MIRROR:
            targets[_MIRROR[mark]] = -u, v
    candidates = np.flatnonzero(front)
    distance = ((skin[candidates][:, None, :2] - targets[None]) ** 2).sum(axis=2)
    landmarks = candidates[distance.argmin(axis=0)]
    skin[landmarks, :2] = targets  # the mesh is finer than the lids are apart, but not by much

    blink_right, blink_left = (_blink(skin, landmarks, lids) for lids in (((37, 41), (38, 40)), ((44, 46), (43, 47))))
    jaw = np.zeros_like(skin)
    jaw[:, 1] = -2.5 * front * np.clip((-3.35 - skin[:, 1]) / 1.5, 0, 1)
    smile = np.zeros_like(skin)
    smile[:, 1] = 0.8 * (np.exp(-squared(-2.5, -3.5, 1, 1)) + np.exp(-squared(2.5, -3.5, 1, 1))) * front
    modes = np.stack([skin * s for s in ([0.04, 0, 0], [0, 0.03, 0], [0, 0, 0.04], [0.02, 0.02, 0.02])])
    part = np.where(front, 0, 1).astype(np.int8)
    return FaceModel(
        name="head-like mesh",
        vertices=skin.astype(np.float32),
        triangles=np.ascontiguousarray(triangles, np.int32),
        part=part,
        part_names=("face", "headneck"),
        landmarks=landmarks.astype(np.int32),
        identity_modes=modes.reshape(4, -1).astype(np.float32),
        expression_modes=np.stack([blink_right, blink_left, jaw, smile]).reshape(4, -1).astype(np.float32),
        expression_names=("eyeBlink_R", "eyeBlink_L", "jawOpen", "mouthSmile_L"),
    )


def _blink(
    skin: NDArray[np.float64], landmarks: NDArray[np.int64], lids: tuple[tuple[int, int], ...]
) -> NDArray[np.float64]:
    """Displacement that brings the upper lid's landmarks down onto the lower lid's."""
    moved = np.zeros_like(skin)
    for upper, lower in lids:
        moved[landmarks[upper], 1] = skin[landmarks[lower], 1] - skin[landmarks[upper], 1]
    return moved
