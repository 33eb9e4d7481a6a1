"""Where on the head the 68 landmarks lie: the model's own vertices, moved to where iBUG's annotators put the points.

The model marks the upper edge of a brow, the outer thirds of the lids and the wide ends of the inner lips; iBUG's
points lie a few millimetres beside. The moves were measured on rendered frontal faces with a detector that was trained
on iBUG's points, rounded, and made the same on both sides. On top of that every person has brows of their own height.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.faces.model import SKIN_PARTS, FaceModel

ALONG = {
    # lids: toward the middle of the eye
    37: (38, 0.25), 44: (43, 0.25), 41: (40, 0.18), 46: (47, 0.18),
    # lips: the outer ones down, the inner and lower ones toward the middle
    49: (61, 0.20), 53: (63, 0.20), 50: (61, 0.15), 52: (63, 0.15), 51: (62, 0.28),
    58: (57, 0.30), 56: (57, 0.30), 61: (62, 0.33), 63: (62, 0.33), 67: (66, 0.35), 65: (66, 0.35),
}  # fmt: skip
"""Landmark: the landmark it moves toward, and by which share of the way."""

BESIDE_CM = {
    17: (-0.10, -0.28), 18: (0.0, -0.10), 20: (0.12, 0.0), 21: (0.24, -0.24),
    22: (-0.24, -0.24), 23: (-0.12, 0.0), 25: (0.0, -0.10), 26: (0.10, -0.28),
    31: (-0.10, 0.30), 35: (0.10, 0.30),
}  # fmt: skip
"""Landmark on the skin: its move in the frontal plane (x to the person's left, y up), cm."""

BROWS = range(17, 27)
REACH_CM = 2.5
"""Sites are sought so far from the model's own landmark."""
INNER_TO_OUTER = np.array([1.0, 0.5, 0.0, -0.5, -1.0, -1.0, -0.5, 0.0, 0.5, 1.0], np.float32)
"""Of the landmarks in BROWS: 1 at the temple, -1 over the nose."""


@dataclass(frozen=True, eq=False)
class LandmarkSites:
    """Landmarks as weighted means of vertices: `vertices` (68, 3), `weights` (68, 3) whose rows sum to 1."""

    vertices: NDArray[np.int32]
    weights: NDArray[np.float32]

    def of(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """(68, C) of values (N, C) at the vertices (places, normals)."""
        return np.einsum("kc,kcd->kd", self.weights, values[self.vertices]).astype(np.float32)


def brow_moves(drop_cm: float, tilt_cm: float) -> NDArray[np.float32]:
    """(10, 2) moves of the brow landmarks in the frontal plane, cm: lower by `drop_cm`, the temple's end by
    `tilt_cm` more and the nose's end by as much less."""
    moves = np.zeros((10, 2), np.float32)
    moves[:, 1] = -drop_cm - tilt_cm * INNER_TO_OUTER
    return moves


class LandmarkFinder:
    """Finds the sites on a model's template; what is the same for all people is computed once."""

    def __init__(self, model: FaceModel) -> None:
        self._own = model.landmarks
        self._marks = model.vertices[model.landmarks]
        self._vertices = model.vertices
        skin = model.in_part(*SKIN_PARTS)
        triangles = model.triangles[skin[model.triangles].all(axis=1)]
        first = model.vertices[triangles[:, 0]]
        self._around = {
            mark: triangles[
                (np.abs(first[:, :2] - self._marks[mark, :2]).max(axis=1) < REACH_CM)
                & (first[:, 2] > self._marks[mark, 2] - REACH_CM)
            ]
            for mark in {*BROWS, *BESIDE_CM}
        }

    def sites(self, brow_drop_cm: float = 0.0, brow_tilt_cm: float = 0.0) -> LandmarkSites:
        """The sites for a person whose brows lie `brow_drop_cm` lower than the template's (see brow_moves)."""
        vertices = np.repeat(self._own[:, None], 3, axis=1).astype(np.int32)
        weights = np.tile(np.array([1, 0, 0], np.float32), (68, 1))
        for mark, (toward, share) in ALONG.items():
            vertices[mark, 1] = self._own[toward]
            weights[mark, :2] = 1 - share, share
        moves = {mark: np.array(move, np.float32) for mark, move in BESIDE_CM.items()}
        for mark, move in zip(BROWS, brow_moves(brow_drop_cm, brow_tilt_cm), strict=True):
            moves[mark] = moves.get(mark, 0.0) + move
        for mark, move in moves.items():
            vertices[mark], weights[mark] = self._on_skin(self._marks[mark, :2] + move, mark)
        return LandmarkSites(vertices, weights)

    def _on_skin(self, place: NDArray[np.float32], mark: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The skin triangle in front of `place` (x, y) and the place's weights in it; else the nearest vertex."""
        candidates = self._around[mark]
        a, b, c = np.moveaxis(self._vertices[candidates][:, :, :2].astype(np.float64), 1, 0)
        area = _cross(b - a, c - a)
        with np.errstate(divide="ignore", invalid="ignore"):  # triangles seen edge-on have no inside
            second, third = _cross(place - a, c - a) / area, _cross(b - a, place - a) / area
        inside = (second >= 0) & (third >= 0) & (second + third <= 1)
        if not inside.any():
            vertex = candidates[np.argmin(((a - place) ** 2).sum(axis=1)), 0] if len(candidates) else self._own[mark]
            return np.full(3, vertex, np.int32), np.array([1, 0, 0], np.float32)
        front = np.flatnonzero(inside)[np.argmax(self._vertices[candidates[inside]][:, :, 2].mean(axis=1))]
        shares = np.array([1 - second[front] - third[front], second[front], third[front]], np.float32)
        return candidates[front], shares


def _cross(u: NDArray, v: NDArray) -> NDArray:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
