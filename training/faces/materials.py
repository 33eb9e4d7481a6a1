"""What surfaces are made of: the columns of the vertex attributes, the materials, and the Patch of surface."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from training.faces.sample import OCCLUDER, PERSON

RED, GREEN, BLUE, NIR, CELSIUS, SPECULAR, TEXTURE_X, TEXTURE_Y, TEXTURE_Z = range(9)
"""Columns of a vertex attribute array: linear reflectance in red, green, blue and near infrared, temperature in degrees
Celsius, strength of the mirror reflection, and the place in the noise that gives the surface its fine texture (one unit
is one cell of the noise)."""
ATTRIBUTES = 9


class Material(IntEnum):
    """Kinds of surface, told apart by how they scatter and whose they are."""

    SKIN = 0
    EYE = 1
    MOUTH = 2
    HAIR = 3
    CLOTH = 4
    FRAME = 5  # spectacles
    MASK = 6
    HAND = 7


TABLE = np.array(
    [
        # texture color, texture NIR, gloss exponent, light wrapped round the edge, the same of the camera's own NIR
        [0.10, 0.025, 14.0, 0.16, 1.0],  # SKIN
        [0.03, 0.02, 220.0, 0.05, 0.05],  # EYE
        [0.08, 0.04, 40.0, 0.10, 0.20],  # MOUTH
        [0.45, 0.36, 22.0, 0.25, 0.25],  # HAIR
        [0.22, 0.16, 6.0, 0.10, 0.10],  # CLOTH
        [0.04, 0.04, 50.0, 0.00, 0.00],  # FRAME
        [0.10, 0.08, 6.0, 0.20, 0.20],  # MASK
        [0.12, 0.03, 14.0, 0.16, 1.0],  # HAND
    ],
    np.float32,
)
LABEL = np.array([OCCLUDER if material == Material.HAND else PERSON for material in Material], np.uint8)
"""`FaceSample.foreground` of every material."""
COVERING = np.array(
    [material in (Material.HAIR, Material.CLOTH, Material.MASK, Material.HAND) for material in Material]
)
"""Materials that hide a landmark even when they lie close on the skin."""


@dataclass(frozen=True, eq=False)
class Patch:
    """A piece of surface of one material, in the coordinates of the face model (cm, y up, z out of the face)."""

    vertices: NDArray[np.float32]
    """(N, 3)."""
    triangles: NDArray[np.int32]
    """(M, 3)."""
    attributes: NDArray[np.float32]
    """(N, ATTRIBUTES)."""
    material: Material | NDArray[np.uint8]
    """One Material, or one a triangle (M,)."""


def uniform_patch(
    vertices: NDArray,
    triangles: NDArray,
    material: Material,
    color: NDArray | tuple[float, float, float],
    nir: float,
    celsius: float,
    specular: float,
    texture_scale: tuple[float, float, float] = (4.0, 4.0, 4.0),
) -> Patch:
    """Return a patch with the same attributes everywhere and noise of `texture_scale` cells per cm."""
    attributes = np.empty((len(vertices), ATTRIBUTES), np.float32)
    attributes[:, RED : BLUE + 1] = color
    attributes[:, NIR] = nir
    attributes[:, CELSIUS] = celsius
    attributes[:, SPECULAR] = specular
    attributes[:, TEXTURE_X:] = vertices * np.asarray(texture_scale)
    return Patch(np.asarray(vertices, np.float32), np.asarray(triangles, np.int32), attributes, material)


def grid_patch(points: NDArray) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Turn a grid of points (rows, columns, 3) into vertices (rows * columns, 3) and triangles."""
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b = number[:-1, :-1].ravel(), number[:-1, 1:].ravel()
    c, d = number[1:, :-1].ravel(), number[1:, 1:].ravel()
    triangles = np.concatenate([np.stack([a, c, b], axis=1), np.stack([b, c, d], axis=1)])
    return points.reshape(-1, 3).astype(np.float32), triangles


def tube(path: NDArray, radius: NDArray | float, around: int = 8) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return a tube of `radius` (scalar or one a point) along `path` (K, 3), as vertices and triangles."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    side = np.cross(tangent, [0.31, 0.53, 0.79])
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    other = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, around + 1)[None, :, None]
    ring = np.cos(angle) * side[:, None] + np.sin(angle) * other[:, None]
    return grid_patch(path[:, None] + np.broadcast_to(np.asarray(radius), (len(path),))[:, None, None] * ring)
